"""Sound graphs of all ops by chance, and films with many kinds of templates, for tests of graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.compiler.film_texts import film_of

from anim_compiler.compile import staged
from anim_compiler.graph import Arg, Choice, Column, Graph, Interner, Node, Product, Rate, Template
from anim_compiler.ops import ALIKE, LEVELS, ArgType, Level, Op, gives
from anim_compiler.passes import PASSES
from anim_compiler.world import World

ROWS = 12

COLUMNS: dict[str, Any] = {
    "numbers": np.linspace(0.1, 0.9, ROWS),
    "camera:side.from_previous@1": np.linspace(0.0, 1.0, ROWS),
    "whole": np.arange(ROWS),
    "which": np.arange(ROWS) % 2,
    "moves": np.tile(np.eye(3).reshape(-1), (ROWS, 1)),
    "poses": np.zeros((ROWS, 14)),
}

_TEXTS = st.sampled_from(
    ["lab", "", 'a "quoted" word', "two\nlines", "back\\slash", "ünï[code], %1 = x", "@scene"]
)
_NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9), st.just(Column("numbers"))
)
_MOVES: st.SearchStrategy[Arg] = st.sampled_from([Column("moves"), Product(("moves", "moves"))])
_VALUES: dict[ArgType, st.SearchStrategy[Arg]] = {
    "number": st.one_of(_NUMBERS, st.just(Column("camera:side.from_previous@1"))),
    "integer": st.one_of(st.integers(0, 50), st.just(Column("whole"))),
    "text": st.one_of(_TEXTS, st.builds(Choice, st.just("which"), st.tuples(_TEXTS, _TEXTS))),
    "switch": st.booleans(),
    "move9": _MOVES,
    "move14": st.just(Column("poses")),
}
#: what does not stand in just any template
_ELSEWHERE = frozenset({"previous", "next", "first", "pointwise"})


@st.composite
def sound_graphs(draw: st.DrawFn, level: Level = "kernel") -> Graph:
    """A film of one scene whose rows are shared out to two templates."""
    nodes = Interner()
    cut = draw(st.integers(1, ROWS - 1))
    templates = {}
    for kind, frames in (("first", range(cut)), ("diffused", range(cut, ROWS))):
        made = _made(draw, nodes, level)
        results = {name: draw(st.sampled_from(_pictures(made, level))) for name in ("carry", "frame")}
        templates[0, kind] = Template(results, tuple(frames), draw(st.sampled_from([0, 1, 8])))
    return Graph(templates, COLUMNS)


def _made(draw: st.DrawFn, nodes: Interner, level: Level) -> list[Node]:
    ops = [op for name, op in sorted(LEVELS[level].items()) if name not in _ELSEWHERE]
    made = [nodes.node("init", (), {"name": "photo"}, Rate.FILM), nodes.node("still", (), {"name": "sky"})]
    for op in draw(st.lists(st.sampled_from(ops), max_size=8)):
        inputs = [_input(draw, made, kind, level) for kind in op.inputs]
        if None not in inputs:
            made.append(_node(draw, nodes, op, [i for i in inputs if i is not None]))
    return made


def _node(draw: st.DrawFn, nodes: Interner, op: Op, inputs: list[Node]) -> Node:
    inputs = inputs[: draw(st.integers(op.needs, len(op.inputs)))]
    args = {
        name: draw(_VALUES[kind])
        for name, kind in sorted(op.args.items())
        if name not in op.optional or draw(st.booleans())
    }
    moving = any(isinstance(value, Column | Choice | Product) for value in args.values())
    rates = list(Rate)
    slowest = max([op.rate, *(i.rate for i in inputs), Rate.IMAGE if moving else Rate.FILM], key=rates.index)
    rate = draw(st.sampled_from([r for r in rates[rates.index(slowest) :] if r is not Rate.FRAME]))
    return nodes.node(op.name, inputs, args, rate)


def _input(draw: st.DrawFn, made: list[Node], kind: str, level: Level) -> Node | None:
    ops, alike = LEVELS[level], ALIKE[level]
    fitting = [n for n in made if gives(n, ops) == kind or {gives(n, ops), kind} <= alike]
    return draw(st.sampled_from(fitting)) if fitting else None


def _pictures(made: list[Node], level: Level) -> list[Node]:
    return [node for node in made if gives(node, LEVELS[level]) in ALIKE[level]]


FILMS = {
    "morph": 'size = 64x64; fps = 8; length = 1s; prompt { 0s: "a" }',
    "3d": """
        size = 64x64; fps = 8; length = 2s
        prompt { 0s: "a"; 1s: "b" }
        camera 3d { translation_z = 0s: 0, 2s: 10; zoom = 1 }
        diffuse { steps = 8; strength = 0.4 + 0.1 * u; sampler = 0s: "Euler", 1s: "DDIM" }
        coherence { color = lab; blend = 0.2; cadence = 2; noise = 0.01 }
    """,
    "scenes": """
        size = 64x64; fps = 8
        prompt { 0s: "a" }
        coherence { cadence = 3 }
        grade { exposure = 0.1 * sine(1s); vignette = 20% }
        scene one 1s { camera 2d { zoom = 0s: 1, 1s: 1.2; angle = 10deg * u } }
        scene two 1s { transition = crossfade(0.5s); camera 3d { pan = 5deg per s; depth = estimated } }
        scene three 1s { transition = dip(0.5s, "black"); diffuse { strength = 1 } }
        scene four 1s { transition = continue }
    """,
    "free": """
        size = 64x64; fps = 8; length = 1s
        prompt { 0s: "a" }
        diffuse { strength = 0s: 0.5, 0.5s: 1 hold, 0.75s: 0.5 }
    """,
}
"""Films by what they have."""


def stages(name: str) -> tuple[tuple[str, Graph], ...]:
    """The graph of a film as it is lowered and after every pass."""
    from pathlib import Path

    nowhere = Path("nowhere")
    made = staged(film_of(FILMS[name]), World(nowhere, nowhere), passes=PASSES)
    assert made.graphs, [found.message for found in made.diagnostics]
    return made.graphs

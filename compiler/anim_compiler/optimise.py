"""The passes over a film's graph, those that an edit says nothing new to not run again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from anim_compiler.film import Curve
from anim_compiler.graph import Graph, Template, topological
from anim_compiler.lower import Scene
from anim_compiler.memo import Memo
from anim_compiler.numbered import patterns
from anim_compiler.passes import PLAIN, Facts, Pass, cadence
from anim_compiler.passes.cadence import along
from anim_compiler.row_facts import RowFacts, columns_of, written
from anim_compiler.timed import timed


def optimise(graph: Graph, facts: Facts, passes: Sequence[Pass], memo: Memo) -> tuple[Graph, Graph]:
    """The plain graph, and that after all passes.

    `PLAIN` may make columns, so it runs each time. The passes after it see of a column only where it holds
    one number, and where with its values an op gives back what it was given (`passes/identity.py`): while
    that stays, so do the templates that they come to.
    """
    begin = len(PLAIN) if tuple(passes[: len(PLAIN)]) == PLAIN else len(passes)
    plain = _plain(graph, facts, passes[:begin], memo)
    rest = tuple(passes[begin:])
    if not rest:
        return plain, plain
    asked = RowFacts(plain.columns, memo)
    names = tuple(step.__name__ for step in rest)
    size = (facts.width, facts.height, facts.fps, facts.how)
    batches = tuple(curve and memo.says(curve.expr) for curve in map(_batch, facts.scenes))
    told = tuple(part for key, one in plain.templates.items() for part in (key, *_told(one, asked)))
    done = memo.recall(lambda: _after(plain, facts, rest), "optimised", names, size, batches, told)
    # a pass after the plain ones makes no columns; which of them a plan needs is told when it is put together
    return plain, replace(done, columns=plain.columns)


def _plain(graph: Graph, facts: Facts, passes: Sequence[Pass], memo: Memo) -> Graph:
    """The graph after the plain passes, of which `cadence` asks nothing but how frames are made."""
    for step in passes:
        if step is cadence:
            moved = repr([sorted(along(scene).items()) for scene in facts.scenes])
            make = partial(cadence, graph, facts)
            with timed("cadence"):
                done = memo.recall(make, "cadence", facts.how, moved, _written(graph))
            graph = replace(done, columns=graph.columns)
        else:
            with timed(step.__name__):
                graph = step(graph, facts)
    return graph


def _written(graph: Graph) -> tuple[object, ...]:
    """The templates of a graph, as plain values."""
    return tuple(
        (key, template.frames, tuple((name, written(topological({name: node}))) for name, node in results))
        for key, template in graph.templates.items()
        for results in (sorted(template.results.items()),)
    )


def _batch(scene: Scene) -> Curve | None:
    return scene.shot.numbers.get("diffuse.batch")


def _after(graph: Graph, facts: Facts, passes: Sequence[Pass]) -> Graph:
    for step in passes:
        with timed(step.__name__):
            graph = step(graph, facts)
    return graph


def _told(template: Template, asked: RowFacts) -> Iterator[object]:
    """All that passes can learn of a template, as plain values.

    They may split its rows by what ops give back there, so what is constant is told for each such part.
    """
    nodes = topological(template.results)
    rows = asked.rows(template.frames)
    yield written(nodes)
    yield repr([[name, nodes.index(node)] for name, node in template.results.items()])
    yield rows
    ways = [asked.through(node, rows) for node in nodes]
    ways += [asked.all_steps(node, rows).astype(np.int64) for node in nodes if node.op == "diffuse"]
    moving = tuple(way for way in ways if len(way) and (way != way[0]).any())
    yield tuple(int(way[0]) if len(way) else 0 for way in ways)
    yield tuple(way.tobytes() for way in moving)
    for places in patterns(moving, len(rows)):
        part = rows if len(places) == len(rows) else asked.rows(tuple(rows[places].tolist()))
        for name in dict.fromkeys(name for node in nodes for name in columns_of(node)):
            yield asked.constant(name, part)

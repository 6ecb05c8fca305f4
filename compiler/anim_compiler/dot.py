"""A graph for Graphviz: one cluster a template, with what each frame hands to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from anim_compiler.graph import Arg, Choice, Column, Graph, Key, Node, Product, Rate, topological
from anim_compiler.ops import OPS, Cost
from anim_compiler.passes.expanding.grade import NEUTRAL
from anim_compiler.text import arg_text, heading, in_turn
from anim_dsl.visible import escaped

FILLS: Mapping[Cost, str] = MappingProxyType(
    {
        "model": "#f6b6a0",
        "depth": "#d8c4ea",
        "flow": "#d8c4ea",
        "resample": "#b9d7f2",
        "filter": "#c4e6cf",
        "pointwise": "#e4efd0",
        "free": "#efefea",
    }
)
"""The colour of an op by what it costs, `#rrggbb`."""

#: arguments under an op's name, and letters of a text among them
MOST_ARGS, MOST_LETTERS = 5, 28

#: kinds of frames that are diffused, whose carries others start from
_HANDED_ON = ("first", "diffused", "fresh")


def dot_text(graph: Graph, names: Sequence[str] = ()) -> str:
    """The graph in the DOT language (https://graphviz.org/doc/info/lang.html); `names` are its scenes'.

    Whole lines lead to what is made from a value, dashed ones to a later frame. The colour says what an op
    costs, from the model (red) to next to nothing (grey).
    """
    lines = [
        "digraph film {",
        '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=10, color="#8a8a86"]',
        '  edge [color="#6a6c74", arrowsize=0.7]',
        '  graph [fontname="Helvetica", fontsize=11, style=rounded, color="#c8c8c4", rankdir=TB]',
    ]
    for key in in_turn(graph):
        lines += _cluster(graph, key, names)
    lines += [
        f'  {start} -> {end} [style=dashed, color="#b0653a", constraint=false]' for start, end in _hand(graph)
    ]
    return "\n".join((*lines, "}\n"))


def label(node: Node) -> tuple[str, ...]:
    """What stands in a node's box: its op, then its arguments, what moves first, shortened."""
    title = node.op if node.rate is Rate.IMAGE else f"{node.op} · once a {node.rate}"
    told = [(name, value) for name, value in node.args if name != value]
    told.sort(
        key=lambda arg: (
            not isinstance(arg[1], Column | Choice | Product),
            _says_nothing(*arg),
            arg[0] != "steps",
        )
    )
    rows = [f"{name} {_short(value)}" for name, value in told]
    if len(rows) > MOST_ARGS:
        rows = [*rows[: MOST_ARGS - 1], f"… {len(rows) - MOST_ARGS + 1} more"]
    return (title, *rows)


def _says_nothing(name: str, value: Arg) -> bool:
    """Whether a number of `grade`, or of one in a chain (`0.gain`), is where it changes nothing."""
    neutral = NEUTRAL.get(name.rpartition(".")[2])
    return neutral is not None and value == neutral


def fill(node: Node) -> str:
    """The colour of a node's box, `#rrggbb`."""
    op = OPS.get(node.op)
    return FILLS["free" if op is None else op.cost]


def _cluster(graph: Graph, key: Key, names: Sequence[str]) -> Iterator[str]:
    template = graph.templates[key]
    known = {id(node): f"{_id(key)}_{place}" for place, node in enumerate(topological(template.results))}
    yield f"  subgraph cluster_{_id(key)} {{"
    yield f"    label={_quoted(heading(key, template, names).removesuffix(':'))}"
    for node in topological(template.results):
        words = _quoted("\n".join(label(node)))
        yield f"    {known[id(node)]} [label={words}, fillcolor={_quoted(fill(node))}]"
    for name in sorted(template.results):
        yield f'    {_id(key)}_{name} [label="{name}", shape=plaintext, style=""]'
    for node in topological(template.results):
        for source in node.inputs:
            yield f"    {known[id(source)]} -> {known[id(node)]}"
    for name, node in sorted(template.results.items()):
        yield f"    {known[id(node)]} -> {_id(key)}_{name}"
    yield "  }"


def _hand(graph: Graph) -> Iterator[tuple[str, str]]:
    """From the carries of a scene to the leaves that read them in later frames, or in tweens between."""
    for key in in_turn(graph):
        for place, node in enumerate(topological(graph.templates[key].results)):
            for source in _sources(graph, key, node.op):
                yield f"{_id(source)}_carry", f"{_id(key)}_{place}"


def _sources(graph: Graph, key: Key, op: str) -> Iterator[Key]:
    scene, kind = key
    if op == "first":
        kinds: tuple[str, ...] = ("first",)
    elif op not in ("previous", "next"):
        return
    elif kind == "first":
        # a scene that goes on starts from the last picture of the one before
        scene, kinds = scene - 1, _HANDED_ON
    else:
        kinds = _HANDED_ON
    for other in kinds:
        if (scene, other) in graph.templates and "carry" in graph.templates[scene, other].results:
            yield scene, other


def _id(key: Key) -> str:
    return f"s{key[0]}_{key[1]}"


def _short(value: Arg) -> str:
    match value:
        case Column() | Choice():
            return f"[{value.name}]"
        case Product():
            return f"[{' * '.join(value.names)}]"
        case float():
            return f"{value:.4g}"
        case str():
            return value if len(value) <= MOST_LETTERS else f"{value[: MOST_LETTERS - 1]}…"
        case _:
            return arg_text(value)


def _quoted(text: str) -> str:
    lines = (escaped(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    inside = "\\n".join(lines)
    return f'"{inside}"'

"""`place`: in which order a template's nodes are worked out, and when a value's memory is free again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.graph import Graph, Node, Template, topological
from anim_compiler.ops import Kind, gives
from anim_compiler.passes.hoist import STILL
from anim_compiler.passes.rewrite import Facts, needed

PLANES: Mapping[Kind, int] = MappingProxyType(
    {"image": 3, "mask": 1, "depth": 1, "flow": 2, "stats": 0, "cutout": 4}
)
"""Planes of H·W float32 that a value of each kind fills; statistics are a few numbers."""

_BYTES = 4
#: sets of done nodes that are looked at before the greedy order is taken
_MOST_STATES = 4000

Nodes: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that lives at one time while a frame is made: values, and bytes at a size."""

    values: int
    bytes: int


def place(graph: Graph, facts: Facts) -> Graph:
    """Orders each template's work so that as few pictures as possible live at once, and says after each
    node which values nothing reads any more.

    What the carry needs stands first: the frame that is shown is made from the carry as stored. Small
    templates get the best order there is, found over all sets of done nodes; large ones one that takes, step
    by step, what leaves least alive (after Sethi and Ullman 1970, whose trees have no shared nodes).

    Before, three pictures alive at `mix`:
    ```
    %0 = previous
    %1 = init name="photo"
    %2 = blur %1 radius=4.0
    %3 = sharpen %0 …
    %4 = mix %3 %2 weight=0.5
    ```
    After, `(releases)` at the end of a line; never more than two:
    ```
    %0 = previous
    %1 = sharpen %0 … (0)
    %2 = init name="photo"
    %3 = blur %2 radius=4.0 (2)
    %4 = mix %1 %3 weight=0.5 (1, 3)
    ```
    """
    return replace(graph, templates={key: _placed(template) for key, template in graph.templates.items()})


def peak(template: Template, width: int, height: int) -> Peak:
    """What lives at most while a frame of a template is made: first its carry, then, from the carry as
    stored, what is shown. Without `releases` nothing is let go of before the end.

    What is worked out once a film or scene stays for the next frame, if a faster node reads it.
    """
    nodes, results = template.nodes, template.results
    carry, frame = results.get("carry"), results.get("frame")
    runs = (_places(nodes, carry, None), _places(nodes, frame, carry))
    counts = [_most(template, run, carry, _ones(nodes)) for run in runs]
    planes = [_most(template, run, carry, _planes(nodes)) for run in runs]
    return Peak(max(counts), max(planes) * width * height * _BYTES)


def _places(nodes: Nodes, result: Node | None, given: Node | None) -> frozenset[int]:
    """The places in `nodes` of what a result needs, without what stands behind the node that is given."""
    wanted = {id(node) for node in needed(nodes, result, given)}
    return frozenset(place for place, node in enumerate(nodes) if id(node) in wanted)


def _most(template: Template, run: frozenset[int], carry: Node | None, weights: Mapping[int, int]) -> int:
    """The greatest weight that lives while the nodes of a run are worked out, the carry being there if the
    run is not what makes it.
    """
    nodes, releases = template.nodes, template.releases
    stays = {id(i) for node in nodes for i in node.inputs if i.rate in STILL and node.rate not in STILL}
    held = {id(node) for place, node in enumerate(nodes) if id(node) in stays and place in run}
    if carry is not None and run and not any(nodes[place] is carry for place in run):
        held.add(id(carry))
    most = sum(weights[node] for node in held)
    for place, node in enumerate(nodes):
        if place in run:
            held.add(id(node))
            most = max(most, sum(weights[node] for node in held))
        for gone in releases[place] if releases else ():
            held -= {id(nodes[gone])} - stays
    return most


def _placed(template: Template) -> Template:
    nodes = topological(template.results)
    if not nodes:
        return template
    carry = {id(n) for n in topological({k: n for k, n in template.results.items() if k == "carry"})}
    work = _Work.of(nodes, template.results.values())
    head = sum(1 << i for i, node in enumerate(nodes) if id(node) in carry)
    order = tuple(nodes[i] for i in _best_order(work, head))
    return replace(template, order=order, releases=releases_of(order, template.results.values()))


@dataclass(frozen=True, slots=True)
class _Work:
    """Nodes by number: the planes of each, and as bits of a number what it reads and what reads it.

    A result is read by bit n, which is never done; what is worked out once a scene takes no part.
    """

    planes: tuple[int, ...]
    inputs: tuple[int, ...]
    readers: tuple[int, ...]

    @classmethod
    def of(cls, nodes: Nodes, results: Iterable[Node]) -> _Work:
        """The work of a template."""
        number = {id(node): i for i, node in enumerate(nodes)}
        inputs = [sum(1 << i for i in {number[id(j)] for j in node.inputs}) for node in nodes]
        kept = {number[id(node)] for node in results}
        readers = [
            sum(1 << j for j, read in enumerate(inputs) if read >> i & 1) | (i in kept) << len(nodes)
            for i in range(len(nodes))
        ]
        planes = [0 if node.rate in STILL else PLANES[gives(node)] for node in nodes]
        return cls(tuple(planes), tuple(inputs), tuple(readers))

    def living(self, done: int) -> int:
        """The planes that are needed after these nodes."""
        return sum(
            planes for i, planes in enumerate(self.planes) if done >> i & 1 and self.readers[i] & ~done
        )

    def ready(self, done: int, wanted: int) -> Iterator[int]:
        """The wanted nodes that can be worked out next."""
        open = wanted & ~done
        return (i for i, read in enumerate(self.inputs) if open >> i & 1 and not read & ~done)


@lru_cache(maxsize=512)
def _best_order(work: _Work, head: int) -> tuple[int, ...]:
    """The order of all nodes, those of `head` first; scenes that are alike have the same."""
    return _ordered(work, _ordered(work, (), head), (1 << len(work.planes)) - 1)


_Ordered: TypeAlias = tuple[int, int, tuple[int, ...]]
"""An order as far as it goes: its peak, the sum of what lived after each step, the nodes."""


def _ordered(work: _Work, start: tuple[int, ...], wanted: int) -> tuple[int, ...]:
    """The order that begins with `start` and goes on with the other wanted nodes: of those with the lowest
    peak that with the least memory over time, of these the first.
    """
    best: dict[int, _Ordered] = {sum(1 << i for i in start): (0, 0, start)}
    seen = 0
    while wanted not in best:
        following: dict[int, _Ordered] = {}
        for done, (peak, total, order) in best.items():
            living = work.living(done)
            for i in work.ready(done, wanted):
                after = done | 1 << i
                held = total + work.living(after)
                made = (max(peak, living + work.planes[i]), held, (*order, i))
                following[after] = min(following.get(after, made), made)
        seen += len(following)
        # too many ways are narrowed to the one that holds the least
        best = following if seen <= _MOST_STATES else dict([min(following.items(), key=_least)])
    return best[wanted][2]


def _least(way: tuple[int, _Ordered]) -> _Ordered:
    return way[1]


def releases_of(order: Nodes, results: Iterable[Node]) -> tuple[tuple[int, ...], ...]:
    """After each node of an order, the places of the values that nothing reads any more."""
    spot = {id(node): place for place, node in enumerate(order)}
    kept = {spot[id(node)] for node in results}
    last = {spot[id(i)]: place for place, node in enumerate(order) for i in node.inputs}
    return tuple(
        tuple(sorted(value for value, at in last.items() if at == place and value not in kept))
        for place in range(len(order))
    )


def _ones(nodes: Nodes) -> dict[int, int]:
    return {id(node): int(PLANES[gives(node)] > 0) for node in nodes}


def _planes(nodes: Nodes) -> dict[int, int]:
    return {id(node): PLANES[gives(node)] for node in nodes}

"""Whether a graph is whole: run after every pass in tests, and once on what a film compiles to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from anim_compiler.graph import Arg, Choice, Column, Graph, Key, Node, Product, Rate, Template, topological
from anim_compiler.ops import ALIKE, LEVELS, WIDTHS, ArgType, Level, Op, gives, signature, takes
from anim_compiler.ranges import frame_ranges

KINDS = ("first", "diffused", "fresh", "tween")
RESULTS = frozenset({"carry", "frame"})

_SLOWNESS: Mapping[Rate, int] = {rate: place for place, rate in enumerate(Rate)}


def verify(graph: Graph, level: Level = "kernel", *, whole: bool = True) -> tuple[str, ...]:
    """What is wrong with a graph, one sentence a fault; nothing if it is sound.

    With `whole` false it may be a part of a film: rows may be missing, and columns that it reads.
    """
    faults = [*_columns(graph), *_rows(graph, whole)]
    known: dict[tuple[object, ...], Node] = {}
    for key, template in sorted(graph.templates.items(), key=lambda row: row[0]):
        checks = _Checks(graph, key, template, level, whole)
        faults += [f"scene {key[0]}, {key[1]}: {fault}" for fault in (*checks.faults(), *checks.twins(known))]
    return tuple(faults)


def _columns(graph: Graph) -> Iterator[str]:
    lengths = Counter(len(column) for column in graph.columns.values())
    for name, column in sorted(graph.columns.items()):
        if column.ndim not in (1, 2) or column.dtype not in (np.float64, np.int64):
            yield f"the column {name} is {column.dtype}{list(column.shape)}"
        elif len(column) != lengths.most_common(1)[0][0]:
            yield f"the column {name} has {len(column)} rows, and others have {lengths.most_common(1)[0][0]}"


def _rows(graph: Graph, whole: bool) -> Iterator[str]:
    found = [np.asarray(template.frames, dtype=np.int64) for template in graph.templates.values()]
    rows = np.concatenate([np.empty(0, dtype=np.int64), *found])
    count = max((len(column) for column in graph.columns.values()), default=int(rows.max(initial=-1)) + 1)
    inside = (rows >= 0) & (rows < count)
    if not inside.all():
        yield f"rows {', '.join(map(str, sorted(rows[~inside].tolist())))} are no rows of the columns"
    made = np.bincount(rows[inside], minlength=count)
    if (made > 1).any():
        yield f"rows {frame_ranges(np.flatnonzero(made > 1).tolist())} are made by several templates"
    if whole and (made == 0).any():
        yield f"no template makes rows {frame_ranges(np.flatnonzero(made == 0).tolist())}"


class _Checks:
    """The faults of one template."""

    def __init__(self, graph: Graph, key: Key, template: Template, level: Level, whole: bool) -> None:
        self._graph = graph
        self._key = key
        self._template = template
        self._frames = np.asarray(template.frames, dtype=np.int64)
        self._nodes = topological(template.results)
        self._ops = LEVELS[level]
        self._level: Level = level
        self._whole = whole

    def faults(self) -> Iterator[str]:
        """Everything but equal nodes, which are a matter of the whole graph."""
        template = self._template
        if self._key[1] not in KINDS:
            yield f"there is no kind of frame `{self._key[1]}`"
        if set(template.results) != RESULTS:
            yield f"its results are {sorted(template.results)}"
        if list(template.frames) != sorted(set(template.frames)):
            yield "its frames do not ascend"
        for node in self._nodes:
            op = self._ops.get(node.op)
            if op is None:
                yield f"there is no {self._level} op `{node.op}`"
                continue
            yield from (f"{node.op} {fault}" for fault in self._of_node(node, op))
        yield from self._of_results()
        yield from self._of_batch()
        yield from _of_order(template, self._nodes)

    def twins(self, known: dict[tuple[object, ...], Node]) -> Iterator[str]:
        """Equal nodes that are two objects; `known` are those of the graph so far."""
        for node in self._nodes:
            args = tuple((name, type(value).__name__, value) for name, value in node.args)
            key = (node.op, tuple(id(i) for i in node.inputs), args, node.rate)
            if known.setdefault(key, node) is not node:
                yield f"{node.op} is there twice, and equal"

    # --- nodes ---

    def _of_node(self, node: Node, op: Op) -> Iterator[str]:
        yield from self._of_inputs(node, op)
        given = dict(node.args)
        if [name for name, _ in node.args] != sorted(given):
            yield "has arguments that are not sorted, each once"
        args, optional = signature(node, op)
        for name in sorted(given.keys() - args.keys()):
            yield f"has no argument `{name}`"
        for name in sorted(args.keys() - given.keys() - optional):
            yield f"lacks its argument `{name}`"
        for name in sorted(given.keys() & args.keys()):
            fault = self._of_arg(given[name], args[name], name in optional)
            if fault:
                yield f"has `{name}` {fault}"
        yield from self._of_rate(node, op)
        yield from self._of_place(node)

    def _of_inputs(self, node: Node, op: Op) -> Iterator[str]:
        kinds, needs = takes(node, op)
        if not needs <= len(node.inputs) <= len(kinds):
            most = "" if needs == len(kinds) else f" to {len(kinds)}"
            yield f"has {len(node.inputs)} inputs and takes {needs}{most}"
            return
        for place, (given, wanted) in enumerate(zip(node.inputs, kinds, strict=False)):
            kind = gives(given, self._ops)
            if kind != wanted and not {kind, wanted} <= ALIKE[self._level]:
                yield f"takes {wanted} as input {place} and is given {kind}"

    def _of_rate(self, node: Node, op: Op) -> Iterator[str]:
        moving = any(isinstance(value, Column | Choice | Product) for _, value in node.args)
        needed = [op.rate, *(i.rate for i in node.inputs), *((Rate.IMAGE,) if moving else ())]
        fastest = max(needed, key=_SLOWNESS.__getitem__)
        if _SLOWNESS[node.rate] < _SLOWNESS[fastest]:
            yield f"runs once a {node.rate}, and what it is made from once a {fastest}"

    def _of_place(self, node: Node) -> Iterator[str]:
        scene, kind = self._key
        if node.op == "next" and kind != "tween":
            yield "stands outside a tween"
        if self._level == "kernel" and kind == "first":
            if node.op == "first":
                yield "reads the frame that is in work"
            if node.op == "previous" and scene == 0:
                yield "stands where nothing was before"

    # --- arguments ---

    def _of_arg(self, value: Arg, wanted: ArgType, optional: bool) -> str:
        """What is wrong with an argument; empty if it fits."""
        match value:
            case Product():
                if wanted != "move9" or len(value.names) < 2:
                    return f"a product, and is {wanted}"
                return next((fault for name in value.names if (fault := self._of_column(name, "move9"))), "")
            case Choice():
                return f"a choice of texts, and is {wanted}" if wanted != "text" else self._of_choice(value)
            case Column():
                if wanted in ("text", "switch"):
                    return f"a column, and is {wanted}"
                return self._of_column(value.name, wanted)
            case None:
                return "" if optional else "empty"
            case _:
                return "" if _is(value, wanted) else f"{value!r}, and is {wanted}"

    def _of_column(self, name: str, wanted: ArgType) -> str:
        column = self._graph.columns.get(name)
        if column is None:
            return f"the column {name}, which is not there" if self._whole else ""
        width = WIDTHS.get(wanted)
        if column.shape[1:] != ((width,) if width else ()):
            return f"the column {name} of shape {list(column.shape)}, and is {wanted}"
        rows = self._rows(column)
        if wanted == "integer" and (rows != np.floor(rows)).any():
            return f"the column {name}, which is not whole everywhere"
        return "" if np.isfinite(rows).all() else f"the column {name}, which is not finite everywhere"

    def _of_choice(self, value: Choice) -> str:
        fault = self._of_column(value.name, "integer")
        column = self._graph.columns.get(value.name)
        if fault or column is None:
            return fault
        rows = self._rows(column)
        beyond = rows.size > 0 and (rows.min() < 0 or rows.max() >= len(value.texts))
        return f"the choice {value.name}, which points beyond its texts" if beyond else ""

    def _rows(
        self, column: NDArray[np.float64] | NDArray[np.int64]
    ) -> NDArray[np.float64] | NDArray[np.int64]:
        """The column at the template's frames, those that it has."""
        return column[self._frames[self._frames < len(column)]]

    # --- the template as a whole ---

    def _of_results(self) -> Iterator[str]:
        for name, node in sorted(self._template.results.items()):
            if node.op in self._ops and gives(node, self._ops) not in ALIKE[self._level]:
                yield f"its `{name}` is no picture"

    def _of_batch(self) -> Iterator[str]:
        carry, batch = self._template.results.get("carry"), self._template.batch
        if batch < 0:
            yield f"it works at {batch} frames at once"
        if carry is None or batch == 1 or self._key[1] == "tween":
            return
        before = {node.op for node in topological({"carry": carry})} & {"previous", "next"}
        if before and self._level == "kernel":
            yield f"it is free, and its carry reads `{sorted(before)[0]}`"


def _is(value: bool | int | float | str, wanted: ArgType) -> bool:
    match wanted:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "switch":
            return isinstance(value, bool)
        case _:
            return False


def _of_order(template: Template, nodes: tuple[Node, ...]) -> Iterator[str]:
    """The order of work, and what is let go of in it."""
    order, releases = template.order, template.releases
    if not order:
        if releases:
            yield "it releases values and has no order"
        return
    place = {id(node): i for i, node in enumerate(order)}
    if len(place) != len(order) or place.keys() != {id(node) for node in nodes}:
        yield "its order does not hold each of its nodes once"
        return
    for i, node in enumerate(order):
        if any(place[id(j)] >= i for j in node.inputs):
            yield f"{node.op} stands before what it is made from"
    if releases:
        yield from _of_releases(template, place)


def _of_releases(template: Template, place: Mapping[int, int]) -> Iterator[str]:
    order, releases = template.order, template.releases
    if len(releases) != len(order):
        yield f"it has {len(order)} nodes and {len(releases)} releases"
        return
    results = {place[id(node)] for node in template.results.values() if id(node) in place}
    gone: set[int] = set()
    for i, node in enumerate(order):
        if any(place[id(j)] in gone for j in node.inputs):
            yield f"{node.op} reads what was released"
        for released in releases[i]:
            if not 0 <= released <= i or released in gone:
                yield f"{node.op} releases value {released}, which is not held"
            elif released in results:
                yield f"{node.op} releases a result"
            gone.add(released)

"""`batch`: frames that do not wait for each other pass the model together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anim_compiler.constants import constant
from anim_compiler.drawing.extras import parted
from anim_compiler.graph import Graph, Key, Node, Template, topological
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.fold import fold
from anim_compiler.passes.fuse import fuse
from anim_compiler.passes.hoist import hoist
from anim_compiler.passes.identity import all_steps, arguments, passed_through_rows
from anim_compiler.passes.prune import prune
from anim_compiler.passes.rewrite import Facts, rows_of
from anim_compiler.passes.share import share

CHAINED = 1
"""The `batch` of a template whose frames wait for the one before."""

_CHAIN = frozenset({"previous", "next"})


def batch(graph: Graph, facts: Facts) -> Graph:
    """Templates whose carry reads no neighbour are free; of the others those rows are split off that, with
    their own values, read none either: from noise alone, and nothing blended in.

    A free template's `batch` is the shot's `diffuse { batch = … }`, or 0: as many as memory allows. Both
    parts of a template that was split are folded again, each over its rows.

    Before, with `strength = 1` on every beat (rows 4 and 8) and `blend = 0`:
    ```
    scene 0, diffused: rows 1-9
      %0 = previous
      %1 = diffuse %0 strength=[diffuse.strength] …
    ```
    After:
    ```
    scene 0, diffused: rows 1-3,5-7,9
      %0 = previous
      %1 = diffuse %0 strength=0.4 …
    scene 0, fresh: rows 4,8, batch 0
      %0 = generate …
    ```
    """
    templates: dict[Key, Template] = {}
    for key, template in graph.templates.items():
        templates |= _split(graph, key, template, facts)
    found = replace(graph, templates=templates)
    apart = {key: t for key, t in templates.items() if t is not graph.templates.get(key)}
    if apart:
        parts = replace(graph, templates=apart)
        for again in (fold, share, hoist, fuse):
            parts = again(parts, facts)
        found = prune(share(replace(found, templates={**templates, **parts.templates}), facts), facts)
    sized = {
        key: replace(template, batch=_size(facts, key[0]) if is_free(template) else CHAINED)
        for key, template in found.templates.items()
    }
    return replace(found, templates=sized)


def is_free(template: Template) -> bool:
    """Whether no carry of a template waits for another of its frames."""
    carry = {name: node for name, node in template.results.items() if name == "carry"}
    return all(node.op not in _CHAIN for node in topological(carry))


def _size(facts: Facts, scene: int) -> int:
    """How many free frames may pass the model at once: what the shot says, or 0."""
    curve = facts.scenes[scene].shot.numbers.get("diffuse.batch") if scene < len(facts.scenes) else None
    said = None if curve is None else constant(curve.expr)
    return 0 if said is None or not math.isfinite(said) else max(1, round(said))


def _split(graph: Graph, key: Key, template: Template, facts: Facts) -> dict[Key, Template]:
    """The template, and the rows of it that wait for none as one of their own."""
    scene, kind = key
    if kind != "diffused" or is_free(template) or (scene, "fresh") in graph.templates:
        return {key: template}
    free = _free_rows(graph, key, template, facts)
    if not free:
        return {key: template}
    chained = tuple(row for row in template.frames if row not in free)
    parts = {key: replace(template, frames=chained, order=(), releases=())} if chained else {}
    return parts | {(scene, "fresh"): replace(template, frames=tuple(sorted(free)), order=(), releases=())}


def _free_rows(graph: Graph, key: Key, template: Template, facts: Facts) -> frozenset[int]:
    """The rows whose carry reads no neighbour, as many as one template can make.

    One template makes them all if, folded over them, it reads none; else the largest group of rows whose ops
    pass on the same inputs.
    """
    rows = np.asarray(template.frames, dtype=np.int64)
    ways = _ways(graph, template)
    reached = _reached(template.results["carry"], ways, len(rows))
    loose = np.flatnonzero(~reached)
    if loose.size == 0:
        return frozenset()
    for chosen in _choices(ways.values(), loose):
        frames = tuple(rows[chosen].tolist())
        part = replace(template, frames=frames, order=(), releases=())
        folded = fold(replace(graph, templates={key: part}), facts)
        if is_free(folded.templates[key]):
            return frozenset(frames)
    return frozenset()


def _choices(ways: Iterable[NDArray[np.int64]], loose: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Places of rows that may go together: all that are `loose`, then as many of them as there are whose
    nodes all pass on the same inputs.
    """
    yield loose
    patterns = np.stack([way[loose] for way in ways], axis=1)
    _, group = np.unique(patterns, axis=0, return_inverse=True)
    yield loose[group.reshape(-1) == np.bincount(group.reshape(-1)).argmax()]


#: what a node reads at a row: every input, what its controls are shown, or the input that it passes on
_ALL, _HINTS = -1, -2


def _ways(graph: Graph, template: Template) -> Mapping[int, NDArray[np.int64]]:
    """What each node that the carry needs reads at each row of a template, by the node's identity."""
    count, rows = len(template.frames), rows_of(template)
    ways: dict[int, NDArray[np.int64]] = {}
    for node in topological({"carry": template.results["carry"]}):
        op = KERNEL_OPS.get(node.op)
        if op is None or not op.identity:
            ways[id(node)] = np.full(count, _ALL)
            continue
        values = arguments(node, graph.columns, rows)
        way = passed_through_rows(node.op, values, count)
        if node.op == "diffuse" and {"steps", "strength"} <= values.keys():
            way[np.broadcast_to(all_steps(values), (count,)) & (way == _ALL)] = _HINTS
        ways[id(node)] = way
    return ways


def _reached(carry: Node, ways: Mapping[int, NDArray[np.int64]], count: int) -> NDArray[np.bool_]:
    """At which rows the carry is made from a neighbour: bool `[rows]`."""
    found: dict[int, NDArray[np.bool_]] = {}
    for node in topological({"carry": carry}):
        reads, way = np.full(count, node.op in _CHAIN), ways[id(node)]
        drawn, _ = parted(node.inputs, dict(node.args))
        for place, i in enumerate(node.inputs):
            reads |= found[id(i)] & (
                (way == _ALL) | (way == place) | ((way == _HINTS) & (place >= len(drawn)))
            )
        found[id(node)] = reads
    return found[id(carry)]

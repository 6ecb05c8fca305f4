"""Boxes and arrows laid out in layers, from the top down.

The way of Sugiyama, Tagawa and Toda (1981): every box in the layer after the last of those it comes from,
long arrows cut at each layer, the order in a layer by medians, then places as near to the neighbours' as
widths allow. Pure arithmetic: the same picture on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from anim_studio.draw.canvas import Point

#: room beside a box, between layers, and what a passing arrow takes, in px
ASIDE, BETWEEN, PASSING = 18.0, 30.0, 10.0
#: how often orders and places are looked through, down and up
SWEEPS = 8

Layer: TypeAlias = list[int]


@dataclass(frozen=True, slots=True)
class Box:
    """Something with a size in px; boxes are known by their place in a list."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """From box `start` to box `end`, through `points`: out of the first's bottom, into the second's top."""

    start: int
    end: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`corners` are the boxes' top left ones; `width` and `height` hold everything. In px."""

    corners: tuple[Point, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


def laid_out(boxes: Sequence[Box], edges: Sequence[tuple[int, int]]) -> Layout:
    """Places for boxes whose edges go from a lower number to a higher one."""
    depth = _depths(len(boxes), edges)
    widths = [box.width for box in boxes]
    ways = [_cut(edge, depth, widths) for edge in dict.fromkeys(edges)]
    layers: list[Layer] = [[] for _ in range(max(depth, default=-1) + 1)]
    for number, layer in enumerate(depth):
        layers[layer].append(number)
    steps = [step for way in ways for step in pairwise(way)]
    above, below = _neighbours(steps, len(widths))
    _ordered(layers, above, below)
    centres = _centres(layers, widths, above, below)
    return _drawn(boxes, layers, ways, centres, widths)


def _depths(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of every box; what comes from nothing stands right above the first that needs it."""
    depth = [0] * count
    for start, end in sorted(edges):
        depth[end] = max(depth[end], depth[start] + 1)
    fed = {end for _, end in edges}
    users: dict[int, list[int]] = {}
    for start, end in edges:
        users.setdefault(start, []).append(depth[end])
    for number, found in users.items():
        if number not in fed:
            depth[number] = min(found) - 1
    return depth


def _cut(edge: tuple[int, int], depth: list[int], widths: list[float]) -> list[int]:
    """The edge as a way through every layer: new numbers, narrow ones, where it passes boxes by."""
    start, end = edge
    way = [start]
    for layer in range(depth[start] + 1, depth[end]):
        way.append(len(widths))
        widths.append(PASSING)
        depth.append(layer)
    return [*way, end]


def _neighbours(steps: Sequence[tuple[int, int]], count: int) -> tuple[list[Layer], list[Layer]]:
    above: list[Layer] = [[] for _ in range(count)]
    below: list[Layer] = [[] for _ in range(count)]
    for start, end in steps:
        below[start].append(end)
        above[end].append(start)
    return above, below


def _ordered(layers: list[Layer], above: list[Layer], below: list[Layer]) -> None:
    """Sorts each layer by the medians of its neighbours', down and up again, and keeps what crosses least."""
    best, kept = _crossings(layers, below), [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            place = {n: i for row in layers for i, n in enumerate(row)}
            near = above if down else below
            middles = {n: median([place[m] for m in near[n]] or [place[n]]) for n in layer}
            layer.sort(key=middles.__getitem__)
        found = _crossings(layers, below)
        if found < best:
            best, kept = found, [list(layer) for layer in layers]
    layers[:] = kept


def _crossings(layers: Sequence[Layer], below: Sequence[Layer]) -> int:
    place = {n: i for row in layers for i, n in enumerate(row)}
    count = 0
    for layer in layers:
        ends = [(place[n], place[m]) for n in layer for m in below[n]]
        count += sum(a < c and b > d for a, b in ends for c, d in ends)
    return count


def _centres(
    layers: Sequence[Layer], widths: Sequence[float], above: Sequence[Layer], below: Sequence[Layer]
) -> list[float]:
    """Middles of all boxes and passing arrows: each wants to stand under and over its neighbours."""
    centres = [0.0] * len(widths)
    for layer in layers:
        _apart(layer, widths, centres)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            near = above if down else below
            for number in layer:
                if near[number]:
                    centres[number] = median(centres[m] for m in near[number])
            _apart(layer, widths, centres)
    return centres


def _apart(layer: Layer, widths: Sequence[float], centres: list[float]) -> None:
    """Moves the boxes of a layer until none overlap, keeping their order and the middle of them all."""
    if not layer:
        return
    wanted = [centres[n] for n in layer]
    for left, right in pairwise(layer):
        room = (widths[left] + widths[right]) / 2 + ASIDE
        centres[right] = max(centres[right], centres[left] + room)
    shift = sum(wanted) / len(wanted) - sum(centres[n] for n in layer) / len(layer)
    for number in layer:
        centres[number] += shift


def _drawn(
    boxes: Sequence[Box],
    layers: Sequence[Layer],
    ways: Sequence[Sequence[int]],
    centres: Sequence[float],
    widths: Sequence[float],
) -> Layout:
    left = min((centre - width / 2 for centre, width in zip(centres, widths, strict=True)), default=0.0)
    tops, total = _tops(boxes, layers)
    layer_of = {n: i for i, row in enumerate(layers) for n in row}

    def x(number: int) -> float:
        return centres[number] - left

    corners = tuple((x(n) - box.width / 2, tops[layer_of[n]][0]) for n, box in enumerate(boxes))
    right = max((x(n) + widths[n] / 2 for n in range(len(widths))), default=0.0)
    arrows = []
    for way in ways:
        start, end = way[0], way[-1]
        points: list[Point] = [(x(start), corners[start][1] + boxes[start].height)]
        if points[0][1] < tops[layer_of[start]][1]:
            # straight down past the taller boxes beside it
            points.append((x(start), tops[layer_of[start]][1]))
        for layer, passing in enumerate(way[1:-1], layer_of[start] + 1):
            points += [(x(passing), tops[layer][0]), (x(passing), tops[layer][1])]
        points.append((x(end), corners[end][1]))
        arrows.append(Arrow(start, end, tuple(points)))
    return Layout(corners, tuple(arrows), right, total)


def _tops(boxes: Sequence[Box], layers: Sequence[Layer]) -> tuple[list[tuple[float, float]], float]:
    """Where each layer begins and ends, and the height of all of them."""
    spans: list[tuple[float, float]] = []
    y = 0.0
    for layer in layers:
        height = max((boxes[n].height for n in layer if n < len(boxes)), default=0.0)
        spans.append((y, y + height))
        y += height + BETWEEN
    return spans, max(0.0, y - BETWEEN)

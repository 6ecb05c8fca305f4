"""Holes filled from their far side, compiled for the CPU: in loops what `splat_fill` does in tensors."""

from __future__ import annotations

import numpy as np

from anim_runtime.ops.native_compiled import compiled, part
from anim_runtime.ops.splat_rules import FAR

_F = np.float32


@part
def _neighbour(state, beside, at, step, is_edge):  # type: ignore[no-untyped-def]
    """The seen pixel that ends a run of holes on one side; -1 where that is the edge or what is beyond it."""
    if is_edge:
        return -1
    there = state[at + step]
    if there == 1:
        return beside[at + step]
    return at + step if there == 0 else -1


@compiled
def sides(state, height, width, holes, beside):  # type: ignore[no-untyped-def]
    """For every hole (int64 `[n]`, in order) the seen pixels left, above, right and below that end it.

    Writes int32 `[4,H*W]` at the holes; -1 where there is none.
    """
    for number in range(holes.size):
        at = holes[number]
        beside[0, at] = _neighbour(state, beside[0], at, -1, at % width == 0)
        beside[1, at] = _neighbour(state, beside[1], at, -width, at < width)
    for number in range(holes.size - 1, -1, -1):
        at = holes[number]
        beside[2, at] = _neighbour(state, beside[2], at, 1, at % width == width - 1)
        beside[3, at] = _neighbour(state, beside[3], at, width, at >= (height - 1) * width)


@part
def _reach(beside, at, distance):  # type: ignore[no-untyped-def]
    """How far away the nearest and the farthest side of a hole are."""
    nearest, farthest = _F(np.inf), _F(0.0)
    for side in range(4):
        edge = beside[side, at]
        if edge >= 0:
            nearest, farthest = min(nearest, distance[edge]), max(farthest, distance[edge])
    return nearest, farthest


@compiled
def widen(state, distance, holes, beside):  # type: ignore[no-untyped-def]
    """Makes holes of the far pixels that border on holes between near and far, in `state` uint8 `[H*W]`."""
    for at in holes:
        nearest, farthest = _reach(beside, at, distance)
        limit = farthest * _F(1.0 - FAR)
        if nearest < limit:
            for side in range(4):
                edge = beside[side, at]
                if edge >= 0 and distance[edge] >= limit:
                    state[edge] = 1


@compiled
def seeded(distance, holes, beside, weight):  # type: ignore[no-untyped-def]
    """Writes how much each seen pixel counts for what fills the holes: float32 `[H*W]`, 0 for nearly all."""
    for at in holes:
        farthest = _reach(beside, at, distance)[1]
        for side in range(4):
            edge = beside[side, at]
            if edge >= 0:
                t = (_F(1.0) - distance[edge] / farthest) * _F(1.0 / FAR)
                t = t * t
                weight[edge] = max(weight[edge], _F(1.0) / (_F(1.0) + t * t))


@compiled
def halved(color, weight, seeds, channels, height, width, small, sums):  # type: ignore[no-untyped-def]
    """A picture of half the size: of every two by two the sum by weight, and the sum of the weights.

    `seeds` int64 `[n]` are the pixels with weight, in order; `small` and `sums` are full of zeros.
    """
    rows, columns = (height + 1) // 2, (width + 1) // 2
    for at in seeds:
        share, to = weight[at], at // width // 2 * columns + at % width // 2
        sums[to] += share
        for c in range(channels):
            small[c * rows * columns + to] += share * color[c * height * width + at]


@part
def _enlarged(small, rows, columns, channel, y, x):  # type: ignore[no-untyped-def]
    """The value of a picture of half the size at a pixel of the whole one, bilinear."""
    v, u = max(_F(y) * _F(0.5) - _F(0.25), _F(0.0)), max(_F(x) * _F(0.5) - _F(0.25), _F(0.0))
    top, left = int(v), int(u)
    below, right = min(top + 1, rows - 1), min(left + 1, columns - 1)
    sy, sx = v - _F(top), u - _F(left)
    base = channel * rows * columns
    above = small[base + top * columns + left] * (_F(1.0) - sx) + small[base + top * columns + right] * sx
    under = small[base + below * columns + left] * (_F(1.0) - sx) + small[base + below * columns + right] * sx
    return above * (_F(1.0) - sy) + under * sy


@part
def _ask(needed, y, x, rows, columns):  # type: ignore[no-untyped-def]
    """Marks the four pixels of half the size that `_enlarged` reads at y, x."""
    top, left = max((y - 1) // 2, 0), max((x - 1) // 2, 0)
    below, right = min(top + 1, rows - 1), min(left + 1, columns - 1)
    for row in (top, below):
        needed[row * columns + left] = 1
        needed[row * columns + right] = 1


@compiled
def needed(asked, weight, rows, columns, half):  # type: ignore[no-untyped-def]
    """Marks in `half` what is asked for at half the size by those that are asked (int64) and not whole."""
    for at in asked:
        if weight[at] < 1:
            _ask(half, at // columns, at % columns, (rows + 1) // 2, (columns + 1) // 2)


@compiled
def pulled(color, weight, asked, channels, rows, columns, small):  # type: ignore[no-untyped-def]
    """Fills what is asked for of a picture from that of half the size, as far as it has no weight of its own.

    What is written lies between 0 and 1.
    """
    half_rows, half_columns = (rows + 1) // 2, (columns + 1) // 2
    for at in asked:
        own = weight[at]
        if own < 1:
            for c in range(channels):
                wide = _enlarged(small, half_rows, half_columns, c, at // columns, at % columns)
                made = own * color[c * rows * columns + at] + (_F(1.0) - own) * wide
                color[c * rows * columns + at] = min(max(made, _F(0.0)), _F(1.0))

"""Holes widened and filled on the CPU: the levels of the pyramid, with compiled loops for each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_runtime.ops.splat_tensors import HOLE

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def widen(state: Bytes, distance: Floats, height: int, width: int) -> None:
    """`splat_fill.widened`, in place; `state` and `distance` are `[H*W]`."""
    from anim_runtime.ops import native_fill

    holes = np.flatnonzero(state == HOLE)
    if holes.size:
        native_fill.widen(state, distance, holes, _beside(state, height, width, holes))


def fill(state: Bytes, distance: Floats, channels: int, height: int, width: int, out: Floats) -> None:
    """`splat_fill.filled`, in place; `out` is `[C*H*W]`."""
    from anim_runtime.ops import native_fill

    holes = np.flatnonzero(state == HOLE)
    if not holes.size:
        return
    weight = np.zeros(height * width, np.float32)
    native_fill.seeded(distance, holes, _beside(state, height, width, holes), weight)
    seeds = np.flatnonzero(weight > 0)
    if not seeds.size:
        return
    levels = [(out, weight, holes, height, width)]
    while levels[-1][3] > 1 or levels[-1][4] > 1:
        color, weight, asked, rows, columns = levels[-1]
        half = (rows + 1) // 2, (columns + 1) // 2
        pixels = half[0] * half[1]
        small, sums = np.zeros(channels * pixels, np.float32), np.zeros(pixels, np.float32)
        native_fill.halved(color, weight, seeds, channels, rows, columns, small, sums)
        seeds = np.flatnonzero(sums > 0)
        small.reshape(channels, pixels)[:, seeds] /= sums[seeds]
        sums[seeds] = np.minimum(sums[seeds], np.float32(1.0))
        also = np.zeros(pixels, np.bool_)
        native_fill.needed(asked, weight, rows, columns, also)
        levels.append((small, sums, np.flatnonzero(also), *half))
    for (color, weight, asked, rows, columns), below in zip(levels[-2::-1], levels[:0:-1], strict=True):
        native_fill.pulled(color, weight, asked, channels, rows, columns, below[0])


def _beside(state: Bytes, height: int, width: int, holes: NDArray[np.int64]) -> NDArray[np.int32]:
    from anim_runtime.ops import native_fill

    beside = np.empty((4, height * width), np.int32)
    native_fill.sides(state, height, width, holes, beside)
    return beside

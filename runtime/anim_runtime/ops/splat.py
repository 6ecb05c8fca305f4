"""A picture with depth seen after a camera move: pixels are pushed, the nearest wins, holes are filled.

Depth is pushed, colour is pulled. Every source pixel goes where its depth brings it and covers there what
lies between it and its neighbours, so that a surface that is stretched stays whole; neighbours of two
surfaces (by `splat_rules`) come apart. At each destination pixel the nearest one wins. Its line of sight is
crossed with the surface around the pixel that won, a plane in (x, y, 1/z), and the picture is read there
once, between its pixels: what moves keeps its detail. Where nothing came to is a hole, or what lies beyond
the picture.

On the CPU `native_splat` does in loops what `splat_tensors` does in tensors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.native import ROWS, flat, in_bands, is_native, planes
from anim_runtime.ops.resample import BORDERS, SHARP, Cover, averaged
from anim_runtime.ops.splat_fill import filled, widened
from anim_runtime.ops.splat_tensors import Seen, seen_by_tensors
from anim_runtime.ops.splat_view import View, longest, view

Matrix = NDArray[np.float64]


def splatted(image: Tensor, depth: Tensor, move: Matrix, border: str) -> Tensor:
    """The image `[1,C,H,W]` with depth `[1,1,H,W]` after a move float64 `[14]`, 0..1; holes are filled."""
    height, width = image.shape[2:]
    sight = view(move, height, width)
    if is_native(image, depth):
        return _natively(image, depth, sight, border)
    seen = seen_by_tensors(depth, sight)
    across, down = seen.sides(sight)
    most = longest(sight.back, height, width)
    reach = sight.longest_reach(depth)
    cover = Cover(across, down, (most[0] * reach, most[1] * reach))
    made = averaged(image, seen.x, seen.y, cover, border).clamp_(0.0, 1.0)
    return filled(made, widened(seen.state, seen.distance), seen.distance)


def what_is_seen(depth: Tensor, move: Matrix) -> tuple[Seen, View]:
    """Where each destination pixel is read, and which are holes: of depth `[1,1,H,W]` after a move `[14]`."""
    height, width = depth.shape[2:]
    sight = view(move, height, width)
    if not is_native(depth):
        seen = seen_by_tensors(depth, sight)
        return seen._replace(state=widened(seen.state, seen.distance)), sight
    from anim_runtime.ops import splat_holes

    found = _Found(depth, sight)
    x, y, reach, state = found.rows(0, height)
    splat_holes.widen(state, found.nearest, height, width)
    shaped = (torch.from_numpy(part).view(height, width) for part in (x, y, reach, state, found.nearest))
    return Seen(*shaped), sight


class _Found:
    """What compiled loops find of a depth map: who is seen where; then, row by row, where it is read."""

    def __init__(self, depth: Tensor, sight: View) -> None:
        from anim_runtime.ops import native_splat

        self._size = height, width = depth.shape[2:]
        self._sight, pixels = sight, height * width
        self._q, x, y, away = (np.empty(pixels, np.float32) for _ in range(4))
        matrix = sight.ahead.ravel()
        native_splat.ahead(flat(depth), height, width, matrix, sight.push, self._q, x, y, away)
        self._slopes = np.empty(pixels, np.float32), np.empty(pixels, np.float32)
        self._who, self.nearest = np.full(pixels, -1, np.int32), np.full(pixels, np.inf, np.float32)
        given = height, width, matrix, self._q, x, y, away, *self._slopes
        native_splat.pushed(*given, self.nearest, self._who)

    def rows(self, first: int, last: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Of these rows: x, y float64, reach float32, state uint8; each `[(last - first) * W]`."""
        from anim_runtime.ops import native_splat

        height, width = self._size
        pixels = (last - first) * width
        x, y, reach = np.empty(pixels), np.empty(pixels), np.empty(pixels, np.float32)
        state = np.empty(pixels, np.uint8)
        back, pull = self._sight.back.ravel(), self._sight.pull
        given = height, width, back, pull, self._q, *self._slopes, self._who
        native_splat.found(*given, x, y, reach, state, first, last)
        return x, y, reach, state


def _natively(image: Tensor, depth: Tensor, sight: View, border: str) -> Tensor:
    from anim_runtime.ops import native_read, splat_holes

    channels, height, width = image.shape[1:]
    found = _Found(depth, sight)
    made = torch.empty(image.shape, dtype=torch.float32)
    number, back, all_planes = BORDERS.index(border), sight.back.ravel(), planes(image, made)
    is_small = max(longest(sight.back, height, width)) * sight.longest_reach(depth) > SHARP
    states = np.empty(height * width, np.uint8)

    def work(first: int, last: int) -> None:
        for start in range(first, last, ROWS):
            end = min(start + ROWS, last)
            x, y, reach, state = found.rows(start, end)
            states[start * width : end * width] = state
            for values, plane, out, step in all_planes:
                given = values, plane, height, width, x, y
                if is_small:
                    native_read.at_places_small(*given, reach, back, start, number, out, step)
                else:
                    native_read.at_places(*given, number, out, start * width, step, True)

    in_bands(work, height, width)
    splat_holes.widen(states, found.nearest, height, width)
    splat_holes.fill(states, found.nearest, channels, height, width, flat(made))
    return made

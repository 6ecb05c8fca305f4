"""Moves of pictures that are flat again at every frame, put together so that one warp makes many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anim_compiler.camera import Path3d, Rows
from anim_compiler.functions.registry import Array


@dataclass(frozen=True, slots=True)
class FlatPath:
    """What a camera in 3d makes of a scene without depth, from frame to frame.

    Each frame is a flat picture, square before the camera and at distance 1; the next one is what the camera
    sees of it after its move, and is flat and square again. So a steady flight enlarges by the same factor at
    every frame, and never passes the picture. `steps[f]` float64[frames, 3, 3] is the homography of frame
    f - 1 to frame f, in centred coordinates; that of the first frame is of no use.
    """

    steps: Array

    def move(self, source: Sequence[int] | Rows, dest: Sequence[int] | Rows) -> Array:
        """Homographies from frames `source` to frames `dest`, none of them earlier, row-major:
        float64[n, 9]. Quick where rows of one source stand together, by `dest`.
        """
        made = np.empty((len(source), 3, 3))
        begun, at, whole = -1, -1, np.eye(3)
        for row, (a, b) in enumerate(zip(map(int, source), map(int, dest), strict=True)):
            if a != begun or b < at:
                begun, at, whole = a, a, np.eye(3)
            for frame in range(at + 1, b + 1):
                whole = self.steps[frame] @ whole
            at = b
            made[row] = whole
        # a homography is one times any factor; its sign says what is behind the camera
        with np.errstate(divide="ignore", invalid="ignore"):
            return (made / np.abs(made[:, 2:3, 2:3])).reshape(-1, 9)


def flattened(way: Path3d, depth_warp: str, aspect: float) -> FlatPath:
    """The path of a camera whose pictures have no depth. `aspect` is the picture's width over its height."""
    here = np.arange(len(way.focal))
    before = np.maximum(here - 1, 0)
    moves = way.move(before, here)
    plane = moves[:, :9].reshape(-1, 3, 3).copy()
    plane[:, :, 2] += moves[:, 9:12]
    steps = _looked_up(plane, moves, aspect) if depth_warp == "backward" else _pushed(plane, moves)
    return FlatPath(steps @ way.flip(before, here).reshape(-1, 3, 3))


def _pushed(plane: Array, moves: Array) -> Array:
    """`K' (R + t nᵀ) K⁻¹`, n being the normal of the plane at distance 1 (Hartley & Zisserman, Multiple View
    Geometry, 13.2).
    """
    return _lens(moves[:, 13]) @ plane @ _lens(1.0 / moves[:, 12])


def _looked_up(plane: Array, moves: Array, aspect: float) -> Array:
    """What Deforum's warp comes to where moves are small: on the square from -1 to 1 it shifts every point by
    as much as `R + t nᵀ` would, times the focal length (`anim_runtime.ops.warp_backward`).
    """
    square = np.diag([aspect, 1.0, 1.0])
    shifted = np.eye(3) + moves[:, 12, None, None] * (plane - np.eye(3))
    return np.asarray(_lens(moves[:, 13] / moves[:, 12]) @ square @ shifted @ np.linalg.inv(square))


def _lens(focal: Array) -> Array:
    """Matrices that magnify: float64[frames, 3, 3]."""
    made = np.tile(np.eye(3), (len(focal), 1, 1))
    made[:, 0, 0] = made[:, 1, 1] = focal
    return made

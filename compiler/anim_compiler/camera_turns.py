"""Matrices of columns: what cameras of 2d and of 3d are put together from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array

Rows: TypeAlias = NDArray[np.int64]

Reader: TypeAlias = Callable[[str], Array]
"""A channel's column by its name, float64[frames], at rest where it is not written."""


def stack(rows: Sequence[Sequence[Array | float]], frames: int) -> Array:
    """Matrices from rows of columns: float64[frames, rows, columns]."""
    stacked = np.stack([np.stack([np.broadcast_to(v, frames) for v in row], -1) for row in rows], -2)
    return np.asarray(stacked, dtype=np.float64)


def about_x(a: Array) -> Array:
    """Turns by `a` (radians) about x, from y to z: float64[frames, 3, 3]."""
    c, s, o = np.cos(a), np.sin(a), np.zeros_like(a)
    return stack([[o + 1, o, o], [o, c, -s], [o, s, c]], len(a))


def about_y(a: Array) -> Array:
    """Turns by `a` (radians) about y, from z to x: float64[frames, 3, 3]."""
    c, s, o = np.cos(a), np.sin(a), np.zeros_like(a)
    return stack([[c, o, s], [o, o + 1, o], [-s, o, c]], len(a))


def about_z(a: Array) -> Array:
    """Turns by `a` (radians) about z, from x to y: float64[frames, 3, 3]."""
    c, s, o = np.cos(a), np.sin(a), np.zeros_like(a)
    return stack([[c, -s, o], [s, c, o], [o, o, o + 1]], len(a))


def accumulated(moves: Array) -> Array:
    """The product of all moves up to each frame, the first frame's left out: it has no frame before."""
    poses = np.empty_like(moves)
    poses[0] = np.eye(moves.shape[-1])
    # what goes beyond all numbers is not led back from: `plane_moves` takes the moves then
    with np.errstate(over="ignore", invalid="ignore"):
        for f in range(1, len(moves)):
            poses[f] = moves[f] @ poses[f - 1]
    return poses


def exact_identity(moves: Array, same: Array) -> Array:
    """The moves, those from a frame to itself without the inverse's rounding."""
    return np.where(np.asarray(same)[:, None, None], np.eye(3), moves)


def plane_moves(
    poses: Array, source: Sequence[int] | Rows, dest: Sequence[int] | Rows, steps: Array | None = None
) -> Array:
    """Homographies from frames `source` to frames `dest`, row-major: float64[n, 9].

    `poses` float64[frames, 3, 3] map the plane as the first camera sees it to each frame. Where they are
    products of `steps`, from each frame to the next, that went too far for an inverse to lead back, the steps
    between the two frames are multiplied instead.
    """
    a, b = np.asarray(source, dtype=np.int64), np.asarray(dest, dtype=np.int64)
    if steps is not None and _went_far(poses):
        moves = _stepped(steps, a, b)
    else:
        moves = poses[b] @ np.linalg.inv(poses[a])
    moves = moves / moves[:, 2:3, 2:3]
    return exact_identity(moves, a == b).reshape(-1, 9)


_FAR = 1e5
"""What a pose's largest number may be, and one over its smallest scale: an inverse loses twice its digits."""


def _went_far(poses: Array) -> bool:
    """Whether a pose is so large, so small or so slanted that its inverse is no good."""
    with np.errstate(over="ignore", invalid="ignore"):
        area = np.abs(np.linalg.det(poses))
    is_near = np.isfinite(poses).all() and np.abs(poses).max() < _FAR
    return not (is_near and np.isfinite(area).all() and area.min() > 1.0 / _FAR)


def _stepped(steps: Array, source: Rows, dest: Rows) -> Array:
    """The product of the steps from each source to its destination, of any scale: float64[n, 3, 3]."""
    found = np.empty((len(source), 3, 3))
    for begin in np.unique(source):
        rows = np.flatnonzero(source == begin)
        ends = dest[rows]
        reached = {int(begin): np.eye(3)}
        for frame in range(begin + 1, ends.max(initial=begin) + 1):
            reached[frame] = _scaled(steps[frame] @ reached[frame - 1])
        for frame in range(begin, ends.min(initial=begin), -1):
            reached[frame - 1] = _scaled(np.linalg.inv(steps[frame]) @ reached[frame])
        found[rows] = [reached[int(end)] for end in ends]
    return found


def _scaled(move: Array) -> Array:
    """The same homography with numbers of about 1."""
    return np.asarray(move / np.abs(move).max())

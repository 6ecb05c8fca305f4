"""Since which frame a preview moves the scene's first picture, so that something of it is always seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_compiler.camera import Path2d, Path3d, Rows
from anim_compiler.functions.registry import Array
from anim_compiler.tiers.flattened import FlatPath

NEAREST, FARTHEST = 3.5, 0.25
"""The picture is enlarged so many times at most before moves are counted anew, and made so small at least."""

_ASIDE = 1.5
"""So far may the middle of the picture go from that of the view, in halves of the view."""

_BEFORE = 0.2
"""So near to the eye may a corner come, in parts of its distance from it."""

_TILED = frozenset({"reflect", "wrap"})
"""Borders with which a picture goes on at its sides for ever."""

_WINDOW = 32
"""Frames that are looked at together at first; twice as many where nothing was lost in them."""


def renewed(way: Path2d | Path3d | FlatPath, part: slice, aspect: float, border: str) -> Rows:
    """For each frame of a part of a camera's path the one since which moves are counted, from the part's
    begin: int64[frames].

    As long as the moves leave the picture in view that is the same one; the first frame of which they do not
    starts anew. `aspect` is the picture's width over its height.
    """
    count = part.stop - part.start
    since = np.zeros(count, dtype=np.int64)
    base = at = 0
    window = _WINDOW
    while at < count:
        here = np.arange(at, min(at + window, count))
        moves = way.move(np.full(len(here), part.start + base), part.start + here)
        corners = _corners_3d(moves, aspect) if isinstance(way, Path3d) else _corners_2d(moves, aspect)
        lost = np.flatnonzero(
            _lost(corners, aspect, border in _TILED and isinstance(way, Path2d)) & (here > base)
        )
        end = int(here[lost[0]]) if lost.size else int(here[-1]) + 1
        since[at:end] = base
        base, at, window = (end, end, _WINDOW) if lost.size else (base, end, 2 * window)
    return since


def _square(aspect: float) -> Array:
    """The middle and the corners of a picture: float64[5, 2], half its height is 1."""
    return np.array([[0.0, 0.0], [-aspect, -1.0], [aspect, -1.0], [aspect, 1.0], [-aspect, 1.0]])


def _corners_2d(moves: Array, aspect: float) -> Array:
    """Where they go by homographies: float64[n, 5, 3], x and y on the screen, and the distance."""
    points = np.concatenate([_square(aspect), np.ones((5, 1))], axis=1)
    return _seen(np.einsum("nij,pj->npi", moves.reshape(-1, 3, 3), points))


def _corners_3d(moves: Array, aspect: float) -> Array:
    """The same of a plane at distance 1, by turns, shifts and lenses."""
    before, after = moves[:, 12], moves[:, 13]
    flat = _square(aspect)[None] / before[:, None, None]
    points = np.concatenate([flat, np.ones((len(moves), 5, 1))], axis=2)
    placed = np.einsum("nij,npj->npi", moves[:, :9].reshape(-1, 3, 3), points) + moves[:, None, 9:12]
    seen = _seen(placed)
    seen[..., :2] *= after[:, None, None]
    return seen


def _seen(points: Array) -> Array:
    depth = points[..., 2:]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.concatenate([points[..., :2] / depth, depth], axis=2)


def _lost(corners: Array, aspect: float, tiled: bool) -> NDArray[np.bool_]:
    """Where nothing of use is seen of the picture: bool[n]."""
    x, y, depth = (corners[..., i] for i in range(3))
    after_x, after_y = np.roll(x[:, 1:], -1, axis=1), np.roll(y[:, 1:], -1, axis=1)
    area = 0.5 * np.abs((x[:, 1:] * after_y - after_x * y[:, 1:]).sum(axis=1)) / (4.0 * aspect)
    # written so that what is no number counts as lost
    fits = (area < NEAREST**2) & (area > FARTHEST**2) & (depth.min(axis=1) > _BEFORE)
    if not tiled:
        fits &= (np.abs(x[:, 0]) < _ASIDE * aspect) & (np.abs(y[:, 0]) < _ASIDE)
    return np.asarray(~fits)

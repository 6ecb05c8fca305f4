"""A camera move in px: where pixels go by their depth, and where lines of sight come from.

With q = 1/z, a source pixel (x, y) goes to `ahead·(x, y, 1) + push·q`, homogeneous, in destination px. What
a destination pixel (X, Y) sees lies in the source at `X₀·(1 + q·pull_z) - q·pull_x` and so for y, (X₀, Y₀)
being where it would lie infinitely far away, `back·(X, Y, 1)`: linear in q, as planes are in (x, y, q).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

#: Nothing nearer to the camera than this share of its distance before is seen; nor is what is behind.
NEAREST = 1e-3
#: Depths are taken to be between these, so that no division fails.
LEAST_DEPTH, MOST_DEPTH = 1e-2, 1e4
#: On a device, which is not asked, things are taken to be no nearer than this when samples are counted.
_USUAL_DEPTH = 0.25

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """A move for one size of picture: `ahead` and `back` float64 `[3,3]`, `push` and `pull` float64 `[3]`."""

    ahead: Matrix
    push: Matrix
    back: Matrix
    pull: Matrix

    def plane(self, q: float) -> Matrix:
        """The homography back, in px, of what stands at 1/q before the move."""
        reach = max(1.0 + q * self.pull[2], NEAREST)
        made = self.back.copy()
        made[:2] = reach * self.back[:2] - q * np.outer(self.pull[:2], self.back[2])
        return made

    def longest_reach(self, depth: Tensor) -> float:
        """The largest `1 + q·pull_z` of a depth map, which on a device is not asked."""
        least = float(depth.amin()) if depth.device.type == "cpu" else _USUAL_DEPTH
        least = max(least, LEAST_DEPTH) if least == least else LEAST_DEPTH
        return max(1.0, float(1.0 + self.pull[2] / least))


def view(move: Matrix, height: int, width: int) -> View:
    """What a move float64 `[14]` (R, T, focal of source and destination) comes to in px."""
    rotation, shift = move[:9].reshape(3, 3), move[9:12]
    half = height / 2
    middle = (width - 1) / 2, (height - 1) / 2
    source, destination = (
        np.array(((focal * half, 0, middle[0]), (0, focal * half, middle[1]), (0, 0, 1)))
        for focal in move[12:14]
    )
    back = source @ rotation.T @ np.linalg.inv(destination)
    push = destination @ shift
    return View(destination @ rotation @ np.linalg.inv(source), push, back, back @ push)


def longest(px: Matrix, height: int, width: int, least: float = NEAREST) -> tuple[float, float]:
    """How long the two sides of a pixel are at most after a homography of px: an upper bound for each.

    The derivative of a homography along x is linear in y over the square of the denominator, and the other
    way round, so that what its parts are at the corners bounds it.
    """
    corners = np.array([(x, y, 1.0) for x in (0, width - 1) for y in (0, height - 1)])
    u, v, w = (corners @ row for row in px)
    nearest = max(float(w.min()), least)
    sides = []
    for axis in (0, 1):
        rises = [np.abs(px[row, axis] * w - px[2, axis] * value).max() for row, value in ((0, u), (1, v))]
        sides.append(float(np.hypot(*rises)) / nearest**2)
    return sides[0], sides[1]

"""Parseq's curves through keyframes: `L` straight, `C` a natural cubic spline, `P` a polynomial."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Points:
    """Keyframes that have a value for one field: frames, rising, and values."""

    frames: tuple[int, ...]
    values: tuple[float, ...]

    def active(self, frame: float) -> int:
        """The place of the last keyframe at or before a frame; the first before all of them."""
        return max(bisect_right(self.frames, frame) - 1, 0)

    def following(self, frame: float) -> int:
        """The place of the first keyframe after a frame; the last after all of them."""
        return min(bisect_right(self.frames, frame), len(self.frames) - 1)


def linear(points: Points, frame: float) -> float:
    """Straight from key to key; the first and the last way go on beyond them."""
    if len(points.frames) == 1:
        return points.values[0]
    i = min(points.active(frame), len(points.frames) - 2)
    (a, b), (c, d) = points.frames[i : i + 2], points.values[i : i + 2]
    slope = (d - c) / (b - a)
    return slope * frame + (-slope * a + c)


def slopes(points: Points) -> tuple[float, ...]:
    """The slopes at the keys of the natural cubic spline through them (its second derivative is 0 at both
    ends), by elimination in the tridiagonal system.
    """
    x, y = points.frames, points.values
    n = len(x)
    if n == 1:
        return (0.0,)
    steps = [1.0 / (x[i + 1] - x[i]) for i in range(n - 1)]
    rises = [3.0 * (y[i + 1] - y[i]) * steps[i] ** 2 for i in range(n - 1)]
    middle = [2.0 * ((steps[i - 1] if i else 0.0) + (steps[i] if i < n - 1 else 0.0)) for i in range(n)]
    right = [(rises[i - 1] if i else 0.0) + (rises[i] if i < n - 1 else 0.0) for i in range(n)]
    for i in range(1, n):
        factor = steps[i - 1] / middle[i - 1]
        middle[i] -= factor * steps[i - 1]
        right[i] -= factor * right[i - 1]
    found = [0.0] * n
    for i in range(n - 1, -1, -1):
        after = steps[i] * found[i + 1] if i < n - 1 else 0.0
        found[i] = (right[i] - after) / middle[i]
    return tuple(found)


def cubic(points: Points, ends: Sequence[float], frame: float) -> float:
    """The natural cubic spline, by its `slopes` at the keys."""
    x, y = points.frames, points.values
    if len(x) == 1:
        return y[0]
    i = min(max(bisect_left(x, frame) - 1, 0), len(x) - 2)
    width, rise = x[i + 1] - x[i], y[i + 1] - y[i]
    p = (frame - x[i]) / width
    a, b = ends[i] * width - rise, rise - ends[i + 1] * width
    return (1 - p) * y[i] + p * y[i + 1] + p * (1 - p) * (a * (1 - p) + b * p)


def differences(points: Points) -> tuple[float, ...]:
    """Newton's divided differences: the polynomial is d0 + (t - x0) · (d1 + (t - x1) · (d2 + …))."""
    found = list(points.values)
    for width in range(1, len(found)):
        for i in range(len(found) - 1, width - 1, -1):
            found[i] = (found[i] - found[i - 1]) / (points.frames[i] - points.frames[i - width])
    return tuple(found)


def polynomial(points: Points, frame: float) -> float:
    """The polynomial through all keys (Neville's scheme)."""
    row = list(points.values)
    x = points.frames
    for width in range(1, len(row)):
        for i in range(len(row) - 1, width - 1, -1):
            row[i] = ((frame - x[i - width]) * row[i] - (frame - x[i]) * row[i - 1]) / (x[i] - x[i - width])
    return row[-1]

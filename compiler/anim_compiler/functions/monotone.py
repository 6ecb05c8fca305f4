"""The monotone cubic: a soft curve through points that overshoots none of them (Fritsch and Carlson 1980)."""

from __future__ import annotations

import numpy as np

from anim_compiler.functions.registry import Array


def monotone(x: Array, y: Array, at: Array) -> Array:
    """The curve through the points, `x` rising, at other places, flat outside them: float64, as `at`."""
    if len(x) == 1:
        return np.full(len(at), y[0])
    width = np.diff(x)
    slope = np.diff(y) / width
    tangent = np.concatenate([slope[:1], _harmonic(slope, width), slope[-1:]])
    at = np.clip(at, x[0], x[-1])
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(width) - 1)
    p = (at - x[i]) / width[i]
    a, b = y[i], y[i + 1]
    m, n = tangent[i] * width[i], tangent[i + 1] * width[i]
    return np.asarray(a + p * m + p**2 * (3.0 * (b - a) - 2.0 * m - n) + p**3 * (2.0 * (a - b) + m + n))


def _harmonic(slope: Array, width: Array) -> Array:
    """Tangents at the inner points: the weighted harmonic mean of the slopes, 0 at a turn."""
    left, right = slope[:-1], slope[1:]
    a, b = 2.0 * width[1:] + width[:-1], width[1:] + 2.0 * width[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (a + b) / (a / left + b / right)
    return np.where(left * right > 0, mean, 0.0)

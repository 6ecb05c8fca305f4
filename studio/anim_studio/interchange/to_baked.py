"""Numbers as keys with straight lines between them: as few as give every frame back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TOLERANCE = 1e-8
"""How far a value may be from its curve's, of the largest that the curve has (or of 1). Poses have 12 digits,
of which their steps keep some ten."""


def printed(value: float) -> str:
    """A number at 12 digits without an exponent, which these formats would read as a formula."""
    text = np.format_float_positional(float(f"{value:.12g}"), trim="-")
    return "0" if text in ("-0", "0") else text


def pieces(values: Array) -> tuple[int, ...]:
    """The frames of the keys: the first, the last if it differs, and where the lines bend."""
    allowed = TOLERANCE * max(1.0, float(np.abs(values).max()))
    frames, last = [0], len(values) - 1
    while frames[-1] < last:
        frames.append(_reach(values, frames[-1], last, allowed))
    # the last value holds by itself
    while len(frames) > 1 and abs(values[frames[-1]] - values[frames[-2]]) <= allowed:
        frames.pop()
    return tuple(frames)


def _reach(values: Array, start: int, last: int, allowed: float) -> int:
    """The farthest frame, found by doubling, that a straight line from `start` gets to."""
    near, step = start + 1, 1
    while start + 2 * step <= last and _is_straight(values, start, start + 2 * step, allowed):
        step *= 2
        near = start + step
    far = min(start + 2 * step, last)
    while near < far:
        middle = (near + far + 1) // 2
        if _is_straight(values, start, middle, allowed):
            near = middle
        else:
            far = middle - 1
    return near


def _is_straight(values: Array, start: int, end: int, allowed: float) -> bool:
    slope = (values[end] - values[start]) / (end - start)
    line = values[start] + slope * np.arange(end - start + 1)
    return bool(np.abs(values[start : end + 1] - line).max() <= allowed)


def baked(values: Array) -> str:
    """A schedule of numbers that has these values: `0: (1), 24: (1.5)`."""
    exact = np.array([float(printed(value)) for value in values.tolist()])
    return ", ".join(f"{frame}: ({printed(exact[frame])})" for frame in pieces(exact))


def stepped(values: Array) -> str:
    """A schedule of numbers that stand until they change: no line between two is there to be cut."""
    changes = np.flatnonzero(np.diff(values))
    frames = sorted({0, *changes.tolist(), *(changes + 1).tolist()})
    return ", ".join(f"{frame}: ({printed(float(values[frame]))})" for frame in frames)

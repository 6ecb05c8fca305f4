"""Parseq's `bez`: a cubic Bézier easing, computed as coarsely as browsers' scripts do it.

The parameter is guessed from a table of eleven places and improved by four steps of Newton's, or, where the
curve hardly rises, by at most ten halvings. So some curves are off by up to a thousandth from the true
Bézier; such keyframes are imported by their values.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from types import MappingProxyType

#: curves by name: the control points of easings.net and of CSS
NAMED = MappingProxyType(
    {
        "ease": (0.25, 0.1, 0.25, 1.0),
        "easeIn": (0.42, 0.0, 1.0, 1.0),
        "easeOut": (0.0, 0.0, 0.58, 1.0),
        "easeInOut": (0.42, 0.0, 0.58, 1.0),
        "linear": (0.0, 0.0, 1.0, 1.0),
        "stepStart": (0.0, 0.0, 0.0, 1.0),
        "stepEnd": (1.0, 0.0, 1.0, 1.0),
        "easeInSine": (0.12, 0.0, 0.39, 0.0),
        "easeOutSine": (0.61, 1.0, 0.88, 1.0),
        "easeInOutSine": (0.37, 0.0, 0.63, 1.0),
        "easeInQuad": (0.11, 0.0, 0.5, 0.0),
        "easeOutQuad": (0.5, 1.0, 0.89, 1.0),
        "easeInOutQuad": (0.45, 0.0, 0.55, 1.0),
        "easeInCubic": (0.32, 0.0, 0.67, 0.0),
        "easeOutCubic": (0.33, 1.0, 0.68, 1.0),
        "easeInOutCubic": (0.65, 0.0, 0.35, 1.0),
        "easeInQuart": (0.5, 0.0, 0.75, 0.0),
        "easeOutQuart": (0.25, 1.0, 0.5, 1.0),
        "easeInOutQuart": (0.76, 0.0, 0.24, 1.0),
        "easeInQuint": (0.64, 0.0, 0.78, 0.0),
        "easeOutQuint": (0.22, 1.0, 0.36, 1.0),
        "easeInOutQuint": (0.83, 0.0, 0.17, 1.0),
        "easeInExpo": (0.7, 0.0, 0.84, 0.0),
        "easeOutExpo": (0.16, 1.0, 0.3, 1.0),
        "easeInOutExpo": (0.87, 0.0, 0.13, 1.0),
        "easeInCirc": (0.55, 0.0, 1.0, 0.45),
        "easeOutCirc": (0.0, 0.55, 0.45, 1.0),
        "easeInOutCirc": (0.85, 0.0, 0.15, 1.0),
        "easeInBack": (0.36, 0.0, 0.66, -0.56),
        "easeOutBack": (0.34, 1.56, 0.64, 1.0),
        "easeInOutBack": (0.68, -0.6, 0.32, 1.6),
    }
)
_FAMILIES = ("Sine", "Quad", "Cubic", "Quart", "Quint", "Expo")
_CSS = MappingProxyType(
    {
        "ease-in": "easeIn",
        "ease-out": "easeOut",
        "ease-in-out": "easeInOut",
        "step-start": "stepStart",
        "step-end": "stepEnd",
    }
)
_PLACES = 11
_STEP = 1.0 / (_PLACES - 1.0)


def control_points(name: str) -> tuple[float, float, float, float] | None:
    """The control points of a curve by its name, `easeIn2` being `easeInQuad`; None for no such curve."""
    name = _CSS.get(name, name)
    if name[-1:] in "123456" and name[:-1] in ("easeIn", "easeOut", "easeInOut"):
        name = name[:-1] + _FAMILIES[int(name[-1]) - 1]
    return NAMED.get(name)


def _along(s: float, a: float, b: float) -> float:
    return (((1.0 - 3.0 * b + 3.0 * a) * s + (3.0 * b - 6.0 * a)) * s + 3.0 * a) * s


def _slope(s: float, a: float, b: float) -> float:
    return 3.0 * (1.0 - 3.0 * b + 3.0 * a) * s * s + 2.0 * (3.0 * b - 6.0 * a) * s + 3.0 * a


@lru_cache(maxsize=256)
def _table(x1: float, x2: float) -> tuple[float, ...]:
    return tuple(_single(_along(i * _STEP, x1, x2)) for i in range(_PLACES))


def _single(value: float) -> float:
    """A number as the table keeps it, in 32 bits."""
    kept: float = struct.unpack("f", struct.pack("f", value))[0]
    return kept


def bezier(x: float, x1: float, y1: float, x2: float, y2: float) -> float:
    """The easing at `x` in 0..1, as Parseq computes it; `x1` and `x2` are within 0..1."""
    if (x1, x2) == (y1, y2) or x in (0.0, 1.0):
        return x
    return _along(_parameter(x, x1, x2), y1, y2)


def _parameter(x: float, x1: float, x2: float) -> float:
    table = _table(x1, x2)
    cell = 0
    while cell < _PLACES - 2 and table[cell + 1] <= x:
        cell += 1
    rise = table[cell + 1] - table[cell]
    low = cell * _STEP
    s = low + (x - table[cell]) / rise * _STEP if rise else low
    steep = _slope(s, x1, x2)
    if steep >= 0.001:
        for _ in range(4):
            slope = _slope(s, x1, x2)
            if slope == 0.0:
                break
            s -= (_along(s, x1, x2) - x) / slope
        return s
    return s if steep == 0.0 else _halved(x, x1, x2, low, low + _STEP)


def _halved(x: float, x1: float, x2: float, low: float, high: float) -> float:
    s = low
    for _ in range(10):
        s = low + (high - low) / 2.0
        off = _along(s, x1, x2) - x
        if off > 0.0:
            high = s
        else:
            low = s
        if abs(off) <= 1e-7:
            break
    return s

"""Easings: how a segment between two keys is travelled. 0 at its start, 1 at its end.

The families are Robert Penner's equations as https://easings.net has them; `ease`, `ease_in`,
`ease_out`, `ease_in_out` are the cubic Béziers of CSS Easing Functions Level 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from anim_compiler.functions.registry import Array

_BACK = 1.70158


def _bounce_out(p: Array) -> Array:
    n, d = 7.5625, 2.75
    return np.select(
        [p < 1 / d, p < 2 / d, p < 2.5 / d],
        [n * p * p, n * (p - 1.5 / d) ** 2 + 0.75, n * (p - 2.25 / d) ** 2 + 0.9375],
        n * (p - 2.625 / d) ** 2 + 0.984375,
    )


def _elastic_in(p: Array) -> Array:
    wave = -(2.0 ** (10.0 * p - 10.0)) * np.sin((10.0 * p - 10.75) * 2.0 * np.pi / 3.0)
    return np.where(p <= 0, 0.0, np.where(p >= 1, 1.0, wave))


def _expo_in(p: Array) -> Array:
    return np.where(p <= 0, 0.0, 2.0 ** (10.0 * p - 10.0))


#: each family's `in` half; the others are mirrored from it
_IN: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {
        "sine": lambda p: 1.0 - np.cos(p * np.pi / 2.0),
        "quad": lambda p: p**2,
        "cubic": lambda p: p**3,
        "quart": lambda p: p**4,
        "expo": _expo_in,
        "circ": lambda p: 1.0 - np.sqrt(np.maximum(1.0 - p * p, 0.0)),
        "back": lambda p: (_BACK + 1.0) * p**3 - _BACK * p**2,
        "elastic": _elastic_in,
        "bounce": lambda p: 1.0 - _bounce_out(1.0 - p),
    }
)

_CSS = MappingProxyType(
    {
        "ease": (0.25, 0.1, 0.25, 1.0),
        "ease_in": (0.42, 0.0, 1.0, 1.0),
        "ease_out": (0.0, 0.0, 0.58, 1.0),
        "ease_in_out": (0.42, 0.0, 0.58, 1.0),
    }
)


def bezier(p: Array, x1: float, y1: float, x2: float, y2: float) -> Array:
    """The CSS cubic Bézier through (0, 0), (x1, y1), (x2, y2), (1, 1); x1 and x2 within 0..1."""
    # a key's own value is exact: what is found for it lies next to 0 or 1, not on them
    value = _cubic(_parameter(p, x1, x2), y1, y2)
    return np.where(p <= 0.0, 0.0, np.where(p >= 1.0, 1.0, value))


def _parameter(p: Array, x1: float, x2: float) -> Array:
    """The s with x(s) = p, to the last bits: Newton's steps from a table, and halvings where those stray
    or the curve hardly rises.
    """
    places = np.linspace(0.0, 1.0, 257)
    table = _cubic(places, x1, x2)
    cell = np.clip(np.searchsorted(table, p, side="right") - 1, 0, len(places) - 2)
    low, width = places[cell], 1.0 / (len(places) - 1)
    rise = table[cell + 1] - table[cell]
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.where(rise > 0.0, low + width * (p - table[cell]) / rise, low)
        for _ in range(4):
            step = (_cubic(s, x1, x2) - p) / _slope(s, x1, x2)
            s = np.clip(np.where(np.isfinite(step), s - step, s), low, low + width)
    astray = (np.abs(_cubic(s, x1, x2) - p) > 1e-15) | (_slope(s, x1, x2) < 0.01)
    if astray.any():
        s[astray] = _halved(p[astray], x1, x2, low[astray], width)
    return s


def _halved(p: Array, x1: float, x2: float, low: Array, width: float) -> Array:
    """The parameter by bisection: 60 halvings are exact to the last bit of a float64."""
    high = low + width
    for _ in range(60):
        s = (low + high) / 2.0
        before = _cubic(s, x1, x2) < p
        low, high = np.where(before, s, low), np.where(before, high, s)
    return np.asarray((low + high) / 2.0)


def _cubic(s: Array, a: float, b: float) -> Array:
    rest = 1.0 - s
    return np.asarray(3.0 * rest * rest * s * a + 3.0 * rest * s * s * b + s * s * s)


def _slope(s: Array, a: float, b: float) -> Array:
    rest = 1.0 - s
    return np.asarray(3.0 * rest * rest * a + 6.0 * rest * s * (b - a) + 3.0 * s * s * (1.0 - b))


def spring(p: Array, stiffness: float = 100.0, damping: float = 10.0) -> Array:
    """A damped spring of mass 1 released at 0 towards 1, one second a segment, ending at 1 exactly."""
    omega = float(np.sqrt(stiffness))
    zeta = damping / (2.0 * omega)

    def travel(t: Array) -> Array:
        if zeta < 1.0:
            ring = omega * float(np.sqrt(1.0 - zeta * zeta))
            bend = zeta * omega / ring
            return np.asarray(1.0 - np.exp(-zeta * omega * t) * (np.cos(ring * t) + bend * np.sin(ring * t)))
        return np.asarray(1.0 - np.exp(-omega * t) * (1.0 + omega * t))

    rest = float(travel(np.ones(1))[0])
    return np.asarray(travel(p) + (1.0 - rest) * p)


def ease(name: str, arguments: tuple[float, ...], p: Array) -> Array:
    """The easing `name` at `p`, float64 in 0..1; KeyError for a name that is none."""
    if name in ("linear", "smooth"):
        return p
    if name == "hold":
        return np.where(p >= 1.0, 1.0, 0.0)
    if name in _CSS:
        return bezier(p, *_CSS[name])
    if name == "bezier":
        return bezier(p, *arguments)
    if name == "spring":
        return spring(p, *arguments)
    if name == "steps":
        return np.asarray(np.minimum(np.floor(p * arguments[0] + 1e-9) / arguments[0], 1.0))
    family, _, way = name.partition("_")
    return _mirrored(_IN[family], way, p, family)


def _mirrored(inward: Callable[[Array], Array], way: str, p: Array, family: str) -> Array:
    if way == "in":
        return np.asarray(inward(p))
    if way == "out":
        return np.asarray(1.0 - inward(1.0 - p))
    return np.where(p < 0.5, inward(2.0 * p) / 2.0, 1.0 - inward(2.0 - 2.0 * p) / 2.0)

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
    """The CSS cubic Bézier through (0, 0), (x1, y1), (x2, y2), (1, 1); x1 and x2 within 0..1.

    The curve's parameter is found by bisection: 60 halvings are exact to the last bit of a float64.
    """
    low, high = np.zeros_like(p), np.ones_like(p)
    for _ in range(60):
        s = (low + high) / 2.0
        before = _cubic(s, x1, x2) < p
        low, high = np.where(before, s, low), np.where(before, high, s)
    # a key's own value is exact: the halvings end next to 0 and 1, never on them
    return np.where(p <= 0.0, 0.0, np.where(p >= 1.0, 1.0, _cubic((low + high) / 2.0, y1, y2)))


def _cubic(s: Array, a: float, b: float) -> Array:
    return np.asarray(3.0 * (1.0 - s) ** 2 * s * a + 3.0 * (1.0 - s) * s**2 * b + s**3)


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

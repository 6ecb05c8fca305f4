"""Operators and the functions of one instant."""

from __future__ import annotations

import numpy as np

from anim_compiler.functions.circular import cosine, sine
from anim_compiler.functions.registry import IN_PLACE, POINTWISE, Array, CurveFunction, Timeline, function


def _truth(test: Array) -> Array:
    return test.astype(np.float64)


def _plain(name: str, implementation: CurveFunction) -> None:
    """Registers a function that needs no clock: a frame's value comes of its arguments' at that frame."""
    POINTWISE[name] = implementation
    if isinstance(implementation, np.ufunc) or implementation in (sine, cosine):
        IN_PLACE.add(name)

    def call(line: Timeline, *columns: Array) -> Array:
        return np.asarray(implementation(*columns), dtype=np.float64)

    function(name)(call)


for _name, _implementation in (
    ("add", np.add),
    ("sub", np.subtract),
    ("mul", np.multiply),
    ("div", np.divide),
    ("neg", np.negative),
    ("abs", np.abs),
    ("sign", np.sign),
    ("floor", np.floor),
    ("ceil", np.ceil),
    ("sqrt", np.sqrt),
    ("exp", np.exp),
    ("log", np.log),
    ("log10", np.log10),
    ("log1p", np.log1p),
    ("expm1", np.expm1),
    ("sin", sine),
    ("cos", cosine),
    ("tan", np.tan),
    ("arcsin", np.arcsin),
    ("arccos", np.arccos),
    ("arctan", np.arctan),
    ("sinh", np.sinh),
    ("cosh", np.cosh),
    ("tanh", np.tanh),
):
    _plain(_name, _implementation)

_plain("lt", lambda a, b: _truth(a < b))
_plain("le", lambda a, b: _truth(a <= b))
_plain("gt", lambda a, b: _truth(a > b))
_plain("ge", lambda a, b: _truth(a >= b))
_plain("eq", lambda a, b: _truth(a == b))
_plain("ne", lambda a, b: _truth(a != b))


def _chosen(test: Array, a: Array, b: Array) -> Array:
    return np.asarray(np.where(test != 0, a, b), dtype=np.float64)


def _is_still(column: Array) -> bool:
    """Whether a column is one number that is shown at every frame, and is kept so."""
    return column.strides == (0,)


def _remainder(x: Array, step: Array) -> Array:
    """The remainder with the divisor's sign; where the divisor is a whole number, without a division a frame.

    Then `whole * step` is exact, and so is the difference: it has no finer digits than `x` and is less.
    """
    by = float(step[0])
    if not (_is_still(step) and by.is_integer() and 0.0 < by < 2.0**20 and _is_below(x, 2.0**32)):
        return np.mod(x, step)
    whole = np.floor(x / by)
    whole *= by
    rest = np.subtract(x, whole, out=whole)
    # the quotient may have been rounded up to a whole number
    return rest if rest.min() >= 0.0 else np.where(rest < 0.0, rest + by, rest)


def _is_below(x: Array, most: float) -> bool:
    """Whether all values are numbers within ±`most`."""
    return bool(x.max() < most) and bool(x.min() > -most)


def _power(x: Array, y: Array) -> Array:
    """The power; a square is a product, rounded once."""
    return x * x if _is_still(y) and y[0] == 2.0 else np.power(x, y)


_plain("mod", _remainder)
_plain("pow", _power)
_plain("not", lambda a: _truth(a == 0))
_plain("and", lambda a, b: _chosen(a, b, a))
_plain("or", lambda a, b: _chosen(a, a, b))
_plain("select", _chosen)
_plain("where", _chosen)
_plain("asin", lambda x: np.degrees(np.arcsin(x)))
_plain("acos", lambda x: np.degrees(np.arccos(x)))
_plain("atan", lambda x: np.degrees(np.arctan(x)))
_plain("atan2", lambda y, x: np.degrees(np.arctan2(y, x)))
_plain("min", lambda *columns: np.minimum.reduce(columns))
_plain("max", lambda *columns: np.maximum.reduce(columns))
_plain("clamp", lambda x, low, high: np.minimum(np.maximum(x, low), high))
_plain("mix", lambda a, b, weight: a * (1.0 - weight) + b * weight)
_plain("round", lambda x: np.copysign(np.floor(np.abs(x) + 0.5), x))


@function("smoothstep")
def smoothstep(line: Timeline, low: Array, high: Array, x: Array) -> Array:
    """0 below `low`, 1 above `high`, 3p² - 2p³ between (Hermite, as in GLSL)."""
    p = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(p * p * (3.0 - 2.0 * p))


@function("remap")
def remap(line: Timeline, x: Array, in_low: Array, in_high: Array, out_low: Array, out_high: Array) -> Array:
    """`x` from in_low..in_high to out_low..out_high, linear, kept within the second range."""
    p = np.clip((x - in_low) / (in_high - in_low), 0.0, 1.0)
    return np.asarray(out_low + (out_high - out_low) * p)

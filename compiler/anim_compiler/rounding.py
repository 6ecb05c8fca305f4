"""Values at 12 significant digits, so that a plan has the same bytes on every machine.

numpy's and the C library's functions differ in the last bits from one processor to the next; 12 digits hide
that. What comes out is the float64 nearest the decimal number of 12 digits nearest the value, ties to the
even digit: exactly `float(f"{value:.12g}")`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array

DIGITS = 12
_LEAST, _MOST = 1e-11, 1e33
"""Between these the power of ten that brings 12 digits before the point is exact in float64 (up to 10²²)."""

_FIRST, _LAST = -37, 111
"""Powers of two around those."""


def _exponents() -> tuple[NDArray[np.int64], Array]:
    """For x = m·2^e, 0.5 <= m < 1: the decimal exponent of 2^(e-1), and from which x on it is one more."""
    decimal, turn = [], []
    for binary in range(_FIRST - 1, _LAST + 1):
        least = 2.0**binary
        exponent = int(f"{least:.17e}".partition("e")[2])
        decimal.append(exponent)
        turn.append(float(f"1e{exponent + 1}"))
    return np.array(decimal, dtype=np.int64), np.array(turn, dtype=np.float64)


_DECIMAL, _TURN = _exponents()
_POWERS = np.array([float(10**i) for i in range(23)])


def rounded(values: Array) -> Array:
    """Every value at 12 significant digits, float64 of the same shape; -0 is 0, NaN and infinity stay."""
    flat = values.ravel()
    if flat.size and (flat == flat[0]).all():
        return np.full(values.shape, _decimally(float(flat[0])))
    size = np.abs(flat)
    usual = (size >= _LEAST) & (size < _MOST)
    if usual.all():
        found, uncertain = _scaled(flat, size)
    else:
        found, uncertain = np.zeros(flat.shape), (flat != 0.0) & ~usual
        found[usual], uncertain[usual] = _scaled(flat[usual], size[usual])
    if uncertain.any():
        found[uncertain] = _one_by_one(flat[uncertain])
    return found.reshape(values.shape)


def _scaled(values: Array, size: Array) -> tuple[Array, NDArray[np.bool_]]:
    """The values rounded as whole numbers of their last digit, and where that may be wrong.

    The product (or quotient) with an exact power of ten is rounded once, and rounding keeps the order: it
    lies on the same side of a half as the true one, unless it is a half itself. One that is must be decided
    with all digits. The whole number has 12 digits, so that the way back is rounded once, too.
    """
    place = np.frexp(size)[1] - _FIRST
    shift = (DIGITS - 1) - (_DECIMAL[place] + (size >= _TURN[place]))
    power = _POWERS[np.abs(shift)]
    up = shift >= 0
    whole = bool(up.all())
    scaled = values * power if whole else np.where(up, values * power, values / power)
    nearest = np.rint(scaled)
    uncertain = np.abs(scaled - nearest) == 0.5
    found = nearest / power if whole else np.where(up, nearest / power, nearest * power)
    return found, uncertain


def _one_by_one(values: Array) -> list[float]:
    """The same in decimal, each different value once: what is huge, tiny, not finite, or half-way."""
    known: dict[float, float] = {}
    flat = values.tolist()
    for value in flat:
        if value not in known:
            known[value] = _decimally(value)
    return [known[value] for value in flat]


def _decimally(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") + 0.0

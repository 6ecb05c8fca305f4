"""Sine and cosine of columns, by additions and multiplications alone.

The C library's are read a number at a time, which makes them the dearest part of most films' curves, and
their last bits differ from machine to machine. Here the angle is brought within a quarter turn of 0 as in
fdlibm's `rem_pio2` (Sun Microsystems 1993: pi in parts, so that the products are exact), and the sine there
is a polynomial fitted at Chebyshev nodes in 60 digits: within 2 units in the last place of the true value,
the same bits wherever float64 is that of IEEE 754.
"""

from __future__ import annotations

import threading

import numpy as np

from anim_compiler.functions.registry import Array

_LEAST = 4096
"""Shorter columns are numpy's: as many calls would cost more than they save."""

_BLOCK = 16384
"""So many numbers at a time, which stay in the processor's second cache."""

_TURNS = 2.0**19
"""Up to so many half turns the products with pi's parts are exact; beyond, and where there are no numbers,
numpy reduces the angle."""

_PI = (float.fromhex("0x1.921fb54400000p+1"), float.fromhex("0x1.0b4611a600000p-33"), 4.044532497591901e-21)
"""pi in three parts, the first two of 33 bits."""

_WHOLE = 1.5 * 2.0**52
"""A number to which this is added is rounded to a whole one, whose lowest bit is the sum's."""

_SINE = tuple(
    map(
        float.fromhex,
        (
            "0x1.89a47efb9f8a0p-49",
            "-0x1.ae5138855dab5p-41",
            "0x1.6124015aa3b2dp-33",
            "-0x1.ae6455a1d4c70p-26",
            "0x1.71de3a54566ddp-19",
            "-0x1.a01a01a018aadp-13",
            "0x1.1111111111107p-7",
            "-0x1.5555555555555p-3",
        ),
    )
)
"""(sin r - r) / r³ as a polynomial of r², |r| <= pi / 2, highest power first; relative error 3.6e-17."""


class _Scratch(threading.local):
    """Room for one block's steps, each thread's own and kept: new memory costs more than the numbers."""

    def __init__(self) -> None:
        self.room = [np.empty(_BLOCK) for _ in range(4)]


_SCRATCH = _Scratch()


def sine(x: Array, out: Array | None = None) -> Array:
    """The sine of angles in radians, float64 of the same shape; NaN of infinity. `out` may be `x`."""
    return _blocks(x, 0.0, out) if _fits(x) else np.sin(x, out=out)


def cosine(x: Array, out: Array | None = None) -> Array:
    """The cosine of angles in radians, float64 of the same shape; NaN of infinity. `out` may be `x`."""
    return _blocks(x, 0.5, out) if _fits(x) else np.cos(x, out=out)


def _fits(x: Array) -> bool:
    if x.ndim != 1 or len(x) < _LEAST or x.strides == (0,):
        return False
    most = _TURNS * _PI[0]
    # false where there is a NaN
    return bool(x.min() > -most) and bool(x.max() < most)


def _blocks(x: Array, quarter: float, out: Array | None) -> Array:
    """The sines of `x`, or, with a `quarter` of a half, its cosines."""
    result = np.empty(len(x)) if out is None else out
    for begin in range(0, len(x), _BLOCK):
        part = x[begin : begin + _BLOCK]
        turns, reduced, whole, other = (room[: len(part)] for room in _SCRATCH.room)
        _reduce(part, quarter, turns, reduced, whole, other)
        _polynomial(turns, reduced, other, result[begin : begin + _BLOCK])
    return result


def _reduce(x: Array, quarter: float, turns: Array, reduced: Array, whole: Array, product: Array) -> None:
    """Writes r with sin(x) = ±sin(r), |r| <= pi/2, into `reduced`, and into `turns` the bit of the minus.

    sin(x) = (-1)^q sin(x - q·pi), cos(x) = (-1)^q sin((q + 1/2)·pi - x), q whole.
    """
    np.multiply(x, 1.0 / np.pi, out=turns)
    if quarter:
        turns -= quarter
    turns += _WHOLE
    np.subtract(turns, _WHOLE, out=whole)
    if quarter:
        whole += quarter
    first, second, third = _PI
    np.multiply(whole, first, out=reduced)
    np.subtract(x, reduced, out=reduced)
    np.multiply(whole, second, out=product)
    reduced -= product
    whole *= third
    reduced -= whole
    if quarter:
        np.negative(reduced, out=reduced)
    signs = turns.view(np.int64)
    np.left_shift(signs, 63, out=signs)


def _polynomial(turns: Array, r: Array, square: Array, into: Array) -> None:
    """Writes r + r³ P(r²), with the sign of `turns`."""
    np.multiply(r, r, out=square)
    np.multiply(square, _SINE[0], out=into)
    for factor in _SINE[1:]:
        into += factor
        into *= square
    into *= r
    into += r
    bits = into.view(np.int64)
    np.bitwise_xor(bits, turns.view(np.int64), out=bits)

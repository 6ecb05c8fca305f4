"""The arithmetic of numexpr: whole numbers, truth values and floats apart; measured with numexpr 2.14."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import TypeAlias

Number: TypeAlias = bool | int | float


class Known(IntEnum):
    """When numexpr computes an operand, and with whose arithmetic; the later one rules."""

    WRITTEN = 0
    """Numbers only: while the formula is read, with Python's."""
    COMPUTED = 1
    """With functions of numbers: while it is read, with numpy's."""
    NAMED = 2
    """With a name: at every frame, with its own."""


COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
TOP = 1 << 63
"""Whole numbers wrap at 64 bits: they are at least -TOP and below TOP."""


def unary(sign: str, value: Number) -> Number:
    """What a sign before an operand gives. Raises TypeError."""
    if sign == "~":
        if isinstance(value, float):
            raise TypeError("`~` takes whole numbers and conditions, not fractions")
        return not value if isinstance(value, bool) else ~value
    if isinstance(value, bool) and sign == "-":
        raise TypeError("a condition has no negative; write `0 - …`, or multiply it by -1")
    return -value if sign == "-" else value


def binary(sign: str, left: Number, right: Number, known: Known) -> Number:
    """What a sign between two operands gives; `known` is the later of the two.

    Raises TypeError, ZeroDivisionError or OverflowError where numexpr gives up.
    """
    if sign in COMPARISONS:
        return _compare(sign, left, right)
    if sign in ("&", "|", "^", "<<", ">>"):
        return _bits(sign, left, right)
    constant = known is Known.WRITTEN
    if isinstance(left, bool) and isinstance(right, bool) and not constant:
        return _truths(sign, left, right, known)
    if sign == "**":
        return _power(left, right, constant)
    if sign in ("/", "//", "%"):
        return _divide(sign, left, right, constant)
    return left + right if sign == "+" else left - right if sign == "-" else left * right


def _compare(sign: str, left: Number, right: Number) -> bool:
    match sign:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "==":
            return left == right
        case _:
            return left != right


def _bits(sign: str, left: Number, right: Number) -> Number:
    if isinstance(left, float) or isinstance(right, float):
        raise TypeError(f"`{sign}` takes whole numbers and conditions, not fractions")
    match sign:
        case "&":
            return left & right
        case "|":
            return left | right
        case "^":
            return left ^ right
        case "<<":
            return left << right if 0 <= right < 64 else 0
        case _:
            return left >> right if 0 <= right < 64 else 0


def _truths(sign: str, left: bool, right: bool, known: Known) -> Number:
    """Two conditions: a sum is `or`, a product `and`; only numpy has remainders and powers of them."""
    match sign:
        case "+":
            return left or right
        case "*":
            return left and right
        case "/":
            return left / right if right else (math.inf if left else math.nan)
        case "%" if known is Known.COMPUTED:
            return 0
        case "**" if known is Known.COMPUTED:
            return int(left or not right)
        case _:
            raise TypeError(f"`{sign}` does not go between two conditions")


def _divide(sign: str, left: Number, right: Number, constant: bool) -> Number:
    if constant or right:
        return left / right if sign == "/" else left // right if sign == "//" else left % right
    if sign != "/" and not isinstance(left, float) and not isinstance(right, float):
        return 0
    if sign == "%" or not left or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _power(left: Number, right: Number, constant: bool) -> Number:
    whole = not isinstance(left, float) and float(right).is_integer()
    if whole and constant:
        return left ** int(right) if abs(right) < 4096 else float(left) ** right
    if whole and right >= 0:
        return left ** int(right) if right <= 50 else int(_bounded(_float_power(left, right)))
    if whole and not isinstance(right, float):
        return int(_float_power(left, right)) if left else 0
    value = _float_power(left, right)
    if constant and math.isnan(value):
        raise TypeError("a power of a negative number with a fraction is no real number")
    return value


def _float_power(left: Number, right: Number) -> float:
    try:
        return math.pow(left, right)
    except ValueError:  # a pole or a negative base
        return math.inf if left == 0 else math.nan
    except OverflowError:
        return math.inf


def _bounded(value: float) -> float:
    return value if abs(value) < TOP else -float(TOP)


def call(name: str, value: Number) -> Number:
    """What a function gives; NaN where it is not defined."""
    try:
        return FUNCTIONS[name](value)
    except ValueError:
        return -math.inf if name in ("log", "log10", "log2") and value == 0 else math.nan


def _keeping_nan(function: Callable[[float], float]) -> Callable[[Number], Number]:
    return lambda value: float(function(value)) if math.isfinite(value) else float(value)


def _sign_of(value: Number) -> Number:
    return value if math.isnan(value) else type(value + 0)((value > 0) - (value < 0))


FUNCTIONS: Mapping[str, Callable[[Number], Number]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "arcsinh": math.asinh,
    "arccosh": math.acosh,
    "arctanh": math.atanh,
    "log": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "log1p": math.log1p,
    "exp": math.exp,
    "expm1": math.expm1,
    "sqrt": math.sqrt,
    "abs": lambda value: float(abs(value)),
    "floor": _keeping_nan(math.floor),
    "ceil": _keeping_nan(math.ceil),
    "trunc": _keeping_nan(math.trunc),
    "round": _keeping_nan(round),
    "sign": _sign_of,
    "isnan": math.isnan,
    "isinf": math.isinf,
    "isfinite": math.isfinite,
}
"""numexpr's functions of one argument; those of two cannot be written, because Deforum splits at commas."""

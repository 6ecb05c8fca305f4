"""The value of an expression that needs no clock: for ranges and divisions at check, without numpy."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

from anim_compiler.typed import Apply, Const, Typed


def _mod(a: float, b: float) -> float:
    return a - b * math.floor(a / b)


def _round(x: float) -> float:
    return math.copysign(math.floor(abs(x) + 0.5), x)


def _power(a: float, b: float) -> float:
    result = a**b
    return math.nan if isinstance(result, complex) else float(result)


COMPUTED: Mapping[str, Callable[..., float]] = MappingProxyType(  # pyright: ignore[reportAssignmentType]
    {
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "div": operator.truediv,
        "mod": _mod,
        "pow": _power,
        "neg": operator.neg,
        "abs": abs,
        "floor": math.floor,
        "ceil": math.ceil,
        "round": _round,
        "sqrt": math.sqrt,
        "exp": math.exp,
        "log": math.log,
        "log10": math.log10,
        "log1p": math.log1p,
        "expm1": math.expm1,
        "sin": math.sin,
        "cos": math.cos,
        "tan": math.tan,
        "min": min,
        "max": max,
        "clamp": lambda x, low, high: min(max(x, low), high),
        "mix": lambda a, b, w: a * (1.0 - w) + b * w,
        "select": lambda test, a, b: a if test else b,
        "where": lambda test, a, b: a if test else b,
        "lt": operator.lt,
        "le": operator.le,
        "gt": operator.gt,
        "ge": operator.ge,
        "eq": operator.eq,
        "ne": operator.ne,
        "not": lambda a: not a,
        "and": lambda a, b: a and b,
        "or": lambda a, b: a or b,
    }
)
"""Functions and operators that need no clock, as Python has them."""


def constant(expr: Typed) -> float | None:
    """The number that an expression always is; None if it needs a clock, a track or the whole film.

    Overflow and undefined values come out as infinity and NaN.
    """
    spine: list[Apply] = []
    node: Typed = expr
    while isinstance(node, Apply) and node.arguments:
        spine.append(node)
        node = node.arguments[0]
    value = node.value if isinstance(node, Const) else None
    while spine and value is not None:
        value = _apply(spine.pop(), value)
    return value


def _apply(node: Apply, head: float) -> float | None:
    implementation = COMPUTED.get(node.function)
    rest = [constant(argument) for argument in node.arguments[1:]]
    if implementation is None or any(value is None for value in rest):
        return None
    try:
        return float(implementation(head, *rest))
    except OverflowError:
        return math.inf
    except (ValueError, ZeroDivisionError):
        return math.nan

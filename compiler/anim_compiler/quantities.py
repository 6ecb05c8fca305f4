"""Numbers with units, in base units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.typed import Apply, Clock, Const
from anim_compiler.values import NumberValue, Value
from anim_dsl.syntax import Quantity
from anim_dsl.units import UNITS, Dimension

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def quantity(check: Expressions, expr: Quantity) -> Value | None:
    """`10s`, `360deg`, `4beats`: musical durations are told by the tempo there."""
    dims: set[Dimension] = {UNITS[unit].dimension for _, unit in expr.parts}
    if len(dims) != 1:
        text = check.findings.text(expr.span)
        hint = "write one number with one unit, like `10s`"
        check.findings.error("E3001", expr.span, f"`{text}` mixes units", hint=hint)
        return None
    dim = dims.pop()
    if dim == "time":
        return _duration(check, expr)
    total = sum(number * (UNITS[unit].factor or 1.0) for number, unit in expr.parts)
    return NumberValue(Const(total, expr.span), dim)


def _duration(check: Expressions, expr: Quantity) -> Value | None:
    moment = check.moments.moment(expr)
    if moment is None:
        return None
    seconds = Const(float(moment.seconds), expr.span)
    if moment.beats == 0:
        return NumberValue(seconds, "time")
    beats = Apply("mul", (Clock("beat_seconds", expr.span), Const(float(moment.beats), expr.span)), expr.span)
    both = beats if moment.seconds == 0 else Apply("add", (seconds, beats), expr.span)
    return NumberValue(both, "time")

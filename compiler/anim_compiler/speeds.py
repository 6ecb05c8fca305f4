"""Speeds: `36deg per s`, `20px per 4beats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.constants import constant
from anim_compiler.moments import exact
from anim_compiler.typed import Apply, Clock, Const, Typed
from anim_compiler.values import NumberValue, Value
from anim_dsl.source import Span
from anim_dsl.syntax import Per

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_SECONDS = {"s": 1.0, "ms": 0.001, "m": 60.0}


def per(check: Expressions, expr: Per) -> Value | None:
    """A speed: its value a second, with the number and the period it was written in."""
    value = check.number(expr.value)
    if value is None:
        return None
    if value.speed:
        check.findings.error("E3009", expr.span, "this is a speed already", hint="write `per` once")
        return None
    period = _period(check, expr)
    if period is None:
        return None
    rate = Apply("div", (value.expr, period), expr.span)
    return NumberValue(rate, value.dim, value.live, True, value.expr, period)


def _period(check: Expressions, expr: Per) -> Typed | None:
    if expr.count <= 0:
        check.findings.error(
            "E3011", expr.span, "the time after `per` is 0", hint="write `per s`, `per f` or `per 4beats`"
        )
        return None
    if expr.unit == "f":
        return Const(float(exact(expr.count) / check.scope.fps), expr.span)
    if expr.unit in _SECONDS:
        return Const(expr.count * _SECONDS[expr.unit], expr.span)
    if expr.unit not in ("beat", "bar"):
        check.findings.error(
            "E3001",
            expr.span,
            f"a speed is per time, not per `{expr.unit}`",
            hint="write `per s`, `per beat`",
        )
        return None
    if not check.scope.has_tempo:
        check.no_tempo(f"per {expr.unit}", expr.span)
        return None
    return Apply("mul", (Clock(f"{expr.unit}_seconds", expr.span), Const(expr.count, expr.span)), expr.span)


def travelled(value: NumberValue, span: Span) -> Typed:
    """The position that a speed leads to: its left sum over the seconds, 0 at the first frame."""
    return Apply("integrate", (value.expr,), span)


def grown(value: NumberValue, span: Span) -> Typed | None:
    """The factor that `1.02 per s` leads to, multiplied frame by frame; None if it is no single speed."""
    if value.raw is None or value.period is None:
        return None
    known = constant(value.raw)
    if known is not None and known <= 0:
        return None
    rate = Apply("div", (Apply("log", (value.raw,), span), value.period), span)
    return Apply("exp", (Apply("integrate", (rate,), span),), span)

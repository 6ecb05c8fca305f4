"""Operators of the language: dimensions are combined, units become plain where they must."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anim_compiler import texts
from anim_compiler.constants import constant
from anim_compiler.typed import Apply, Typed
from anim_compiler.values import CALLED, NumberValue, TextValue, Value, plain, times
from anim_dsl.source import Span
from anim_dsl.syntax import Binary, Comparison, Conditional, Expr, Unary
from anim_dsl.units import Dimension

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_FUNCTION = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "mod",
    "**": "pow",
    "and": "and",
    "or": "or",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
}


def unary(check: Expressions, expr: Unary) -> Value | None:
    """`-x`, `+x`, `not x`."""
    value = check.number(expr.operand)
    if value is None or expr.op == "+":
        return value
    if expr.op == "not":
        return NumberValue(Apply("not", (plain(value, expr.span).expr,), expr.span), live=value.live)
    return replace(value, expr=times(value.expr, -1.0, expr.span), raw=None, period=None)


def binary(check: Expressions, expr: Binary) -> Value | None:
    """A chain of operators; the left side is walked without recursion, for sums of any length."""
    chain = [expr]
    while isinstance(chain[-1].left, Binary):
        chain.append(chain[-1].left)
    left = check.value(chain[-1].left)
    for node in reversed(chain):
        right = check.value(node.right)
        left = _pair(check, node, left, right)
    return left


def _pair(check: Expressions, node: Binary, left: Value | None, right: Value | None) -> Value | None:
    if left is None or right is None:
        return None
    if isinstance(left, TextValue) or isinstance(right, TextValue):
        return texts.combine(check, node, left, right)
    if not isinstance(left, NumberValue) or not isinstance(right, NumberValue):
        hint = "choose an element with `pick(list, i)`"
        check.findings.error("E3002", node.span, f"`{node.op}` takes numbers, not lists", hint=hint)
        return None
    match node.op:
        case "*":
            return _product(check, node, left, right)
        case "/":
            return _quotient(check, node, left, right)
        case "**" | "and" | "or":
            return _joined(node, plain(left, node.span), plain(right, node.span))
        case _:
            return _sum(check, node, left, right)


def _joined(node: Binary, left: NumberValue, right: NumberValue) -> NumberValue:
    return NumberValue(
        Apply(_FUNCTION[node.op], (left.expr, right.expr), node.span),
        left.dim,
        left.live or right.live,
        left.speed,
        soft=left.soft or right.soft,
    )


def _sum(check: Expressions, node: Binary, left: NumberValue, right: NumberValue) -> NumberValue | None:
    if node.op == "%" and check.zero(right):
        _by_zero(check, node.right)
        return None
    if left.speed != right.speed and not check.zero(left) and not check.zero(right):
        check.findings.error(
            "E3009",
            node.span,
            "this adds a speed and a position",
            hint="write `per` on both sides, or on neither",
        )
        return None
    pair = unify(check, (left, right), (node.left.span, node.right.span), f"`{node.op}`")
    return None if pair is None else replace(_joined(node, *pair), speed=left.speed or right.speed)


def unify(
    check: Expressions, values: tuple[NumberValue, ...], spans: tuple[Span, ...], what: str
) -> tuple[NumberValue, ...] | None:
    """The values in one dimension: a bare number takes the others' unit, percentages are ratios."""
    dims: set[Dimension] = {v.dim for v in values if v.dim not in ("plain", "ratio")}
    if not dims:
        if all(v.dim == "ratio" for v in values):
            return values
        return tuple(plain(v, s) for v, s in zip(values, spans, strict=True))
    if len(dims) > 1:
        first, second = sorted(dims, key=lambda d: [v.dim for v in values].index(d))[:2]
        at = next(s for v, s in zip(values, spans, strict=True) if v.dim == second)
        message = f"{what} joins {CALLED[first]} and {CALLED[second]}"
        check.findings.error("E3001", at, message, hint=f"give both the unit of {CALLED[first]}")
        return None
    dim = dims.pop()
    if dim == "time" and any(v.soft for v in values if v.dim == "time"):
        if all(v.dim == "time" for v in values):
            return values
        return tuple(plain(v, s) for v, s in zip(values, spans, strict=True))
    frame = float(1 / check.scope.fps) if dim == "time" else 1.0
    return tuple(
        v if v.dim == dim else replace(v, expr=times(v.expr, frame, s), dim=dim)
        for v, s in zip(values, spans, strict=True)
    )


def _product(check: Expressions, node: Binary, left: NumberValue, right: NumberValue) -> NumberValue | None:
    if left.dim == "ratio":
        left = plain(left, node.span)
    if right.dim == "ratio":
        right = plain(right, node.span)
    if left.speed and right.speed:
        hint = "leave `per` away on one side: `2 * 36deg per s`"
        check.findings.error("E3009", node.span, "two speeds cannot be multiplied", hint=hint)
        return None
    speed = left.speed or right.speed
    joined = _joined(node, left, right)
    if right.dim == "plain" and speed == left.speed:
        return joined  # nearly every product, so nothing is copied
    if left.dim == "plain" or right.dim == "plain":
        dim = left.dim if right.dim == "plain" else right.dim
        return replace(joined, dim=dim, speed=speed)
    if {left.dim, right.dim} == {"time", "frequency"}:
        return replace(joined, dim="plain", soft=False)
    message = f"{CALLED[left.dim]} cannot be multiplied by {CALLED[right.dim]}"
    check.findings.error("E3001", node.span, message, hint="leave the unit away on one side")
    return None


def _quotient(check: Expressions, node: Binary, left: NumberValue, right: NumberValue) -> NumberValue | None:
    if check.zero(right):
        _by_zero(check, node.right)
        return None
    if right.dim == "ratio":
        right = plain(right, node.span)
    if right.speed:
        hint = "leave `per` away below the `/`"
        check.findings.error("E3009", node.span, "nothing can be divided by a speed", hint=hint)
        return None
    joined = _joined(node, left, right)
    if right.dim == "plain":
        return joined
    if left.dim == right.dim:
        return replace(joined, dim="plain", soft=False)
    if left.dim in ("plain", "ratio") and right.dim in ("time", "frequency"):
        if right.soft:
            return replace(joined, dim="plain", soft=False)
        return replace(joined, dim="frequency" if right.dim == "time" else "time")
    message = f"{CALLED[left.dim]} cannot be divided by {CALLED[right.dim]}"
    hint = "give both sides the same unit, or the right one none"
    if right.dim == "time":
        hint = "a speed is written with `per`, like `36deg per s`"
    check.findings.error("E3001", node.span, message, hint=hint)
    return None


def _by_zero(check: Expressions, expr: Expr) -> None:
    check.findings.error(
        "E3011",
        expr.span,
        "this is always 0, and nothing can be divided by it",
        hint="write a number other than 0, or `max(…, 0.01)` around what may become 0",
    )


def comparison(check: Expressions, expr: Comparison) -> Value | None:
    """`a < b <= c`: 1 where every link holds, else 0."""
    values = [check.number(operand) for operand in expr.operands]
    known = [value for value in values if value is not None]
    if len(known) != len(values):
        return None
    links: list[Typed] = []
    for i, op in enumerate(expr.ops):
        spans = (expr.operands[i].span, expr.operands[i + 1].span)
        pair = unify(check, (known[i], known[i + 1]), spans, f"`{op}`")
        if pair is None:
            return None
        links.append(Apply(_FUNCTION[op], (pair[0].expr, pair[1].expr), expr.span))
    result = links[0]
    for link in links[1:]:
        result = Apply("and", (result, link), expr.span)
    return NumberValue(result, live=any(value.live for value in known))


def conditional(check: Expressions, expr: Conditional) -> Value | None:
    """`a if test else b`, of numbers or of texts."""
    test = check.number(expr.test)
    then, other = check.value(expr.then), check.value(expr.other)
    if test is None or then is None or other is None:
        return None
    test = plain(test, expr.test.span)
    if isinstance(then, TextValue) and isinstance(other, TextValue):
        return texts.choose(test, then, other, expr.span)
    if not isinstance(then, NumberValue) or not isinstance(other, NumberValue):
        check.findings.error(
            "E3002",
            expr.span,
            "both sides of `if … else` must be numbers, or both texts",
            hint='write `1.2 if bass > 0.5 else 1`, or `"fire" if bass > 0.5 else "forest"`',
        )
        return None
    pair = unify(check, (then, other), (expr.then.span, expr.other.span), "`if … else`")
    if pair is None:
        return None
    known = constant(test.expr)
    if known is not None:
        return pair[0] if known else pair[1]
    chosen = Apply("select", (test.expr, pair[0].expr, pair[1].expr), expr.span)
    live = test.live or then.live or other.live
    return NumberValue(chosen, pair[0].dim, live, then.speed or other.speed)

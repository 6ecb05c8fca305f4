"""Key lists: their values and easings, and what is fixed or live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from anim_compiler.constants import constant
from anim_compiler.key_order import timed
from anim_compiler.names import did_you_mean
from anim_compiler.signatures import EASINGS
from anim_compiler.typed import Ease, KeyCurve, TimedKey
from anim_compiler.values import CALLED, NumberValue, Value, plain, times
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import Easing, Key, Keys
from anim_dsl.units import Dimension

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_EASING_LIKE = {
    "bezier": "bezier(0.4, 0, 0.2, 1)",
    "spring": "spring(100, 10)",
    "steps": "steps(4)",
}


def key_curve(check: Expressions, expr: Keys) -> Value | None:
    """A key list of numbers; bare numbers take the unit of the others."""
    if not expr.keys:  # the parser has said what is wrong with each of them
        return None
    timed_keys = timed(check, expr.keys, whole=expr.span)
    values = [check.number(key.value) for key in expr.keys]
    ends = expr.keys[-1].easing
    shapes = [easing(check, k.easing, is_last=k.easing is ends) if k.easing else None for k in expr.keys]
    every = easing(check, expr.easing) if expr.easing else None
    _last_easing(check, expr)
    known = [value for value in values if value is not None]
    if timed_keys is None or len(known) != len(values):
        return None
    same = _one_dimension(check, expr, known)
    if same is None:
        return None
    smooth = every is not None and every.name == "smooth"
    if smooth and any(value.live for value in same):
        check.findings.error(
            "E3015",
            expr.span,
            "`smooth` runs through fixed values, and one here depends on the frame",
            hint="write `with ease_in_out`, or give every key a constant",
        )
        return None
    order = {id(key): i for i, (key, _) in enumerate(timed_keys)}
    made = [
        TimedKey(moment, value.expr, shape if value.live else shape or every or Ease(), value.live, key.span)
        for (key, moment), (value, shape) in zip(
            timed_keys, _sorted(expr.keys, order, same, shapes), strict=True
        )
    ]
    live = len(made) > 1 or any(value.live for value in same)
    if len(made) == 1 and not smooth and not made[0].live:
        return replace(same[0], live=False)
    return NumberValue(KeyCurve(tuple(made), smooth, expr.span), same[0].dim, live, same[0].speed)


def _sorted(
    keys: Sequence[Key],
    order: dict[int, int],
    values: Sequence[NumberValue],
    shapes: Sequence[Ease | None],
) -> list[tuple[NumberValue, Ease | None]]:
    """Values and easings in the order of time."""
    rows = sorted(zip(keys, values, shapes, strict=True), key=lambda row: order[id(row[0])])
    return [(value, shape) for _, value, shape in rows]


def _one_dimension(check: Expressions, expr: Keys, values: list[NumberValue]) -> list[NumberValue] | None:
    dims: set[Dimension] = {value.dim for value in values if value.dim not in ("plain", "ratio")}
    if len(dims) > 1:
        first, second = sorted(dims)[:2]
        message = f"one key list holds {CALLED[first]} and {CALLED[second]}"
        check.findings.error("E3001", expr.span, message, hint="give every value the same unit")
        return None
    if len({value.speed for value in values if not check.zero(value)}) > 1:
        check.findings.error(
            "E3009",
            expr.span,
            "one key list holds speeds and positions",
            hint="write `per` on every value, or on none",
        )
        return None
    speed = any(value.speed for value in values)
    if not dims and all(value.dim == "ratio" for value in values):
        return values
    dim: Dimension = dims.pop() if dims else "plain"
    frame = float(1 / check.scope.fps) if dim == "time" else 1.0
    return [
        replace(v if v.dim == dim else _bare(v, dim, frame, key.span), speed=speed)
        for v, key in zip(values, expr.keys, strict=True)
    ]


def _bare(value: NumberValue, dim: Dimension, factor: float, span: Span) -> NumberValue:
    bare = plain(value, span)
    return replace(bare, dim=dim, expr=times(bare.expr, factor, span))


def _no_easing(check: Expressions, expr: Easing, *, is_last: bool) -> None:
    """Says which easing was meant; behind the last key it stands after `with`."""
    hint = did_you_mean(expr.name, EASINGS)
    meant = hint.split("`")[1] if hint else ""
    written = f"with {meant}" if is_last else meant
    if meant and is_last:
        hint = f"write `{written}` to shape every segment"
    is_spelling = expr.name.lower().replace("_", "") == meant.replace("_", "") and not expr.arguments
    check.findings.error(
        "E2018",
        expr.span,
        f"there is no easing called `{expr.name}`",
        hint=hint or "write `ease_in_out`, `linear` or `hold`, say",
        edit=Edit(expr.span, written) if is_spelling else None,
    )


def easing(check: Expressions, expr: Easing, *, is_last: bool = False) -> Ease | None:
    """An easing with its numbers; what is wrong is reported."""
    if expr.name not in EASINGS:
        _no_easing(check, expr, is_last=is_last)
        return None
    numbers = []
    for argument in expr.arguments:
        value = check.number(argument.value)
        number = None if value is None else constant(plain(value, argument.span).expr)
        if number is None:
            if value is not None:
                hint = f"write `{_EASING_LIKE.get(expr.name, expr.name)}`"
                check.findings.error("E3004", argument.span, "an easing's numbers are constant", hint=hint)
            return None
        numbers.append(number)
    least, most = EASINGS[expr.name]
    if not least <= len(numbers) <= most:
        takes = f"{least}" if least == most else f"up to {most}"
        check.findings.error(
            "E2010",
            expr.span,
            f"`{expr.name}` takes {takes} numbers and is given {len(numbers)}",
            hint=f"write `{_EASING_LIKE.get(expr.name, expr.name)}`",
        )
        return None
    return _ranged(check, expr, tuple(numbers))


def _ranged(check: Expressions, expr: Easing, numbers: tuple[float, ...]) -> Ease | None:
    wrong = (
        (expr.name == "bezier" and not (0 <= numbers[0] <= 1 and 0 <= numbers[2] <= 1))
        or (expr.name == "steps" and numbers[0] < 1)
        or (expr.name == "spring" and any(n <= 0 for n in numbers))
    )
    if wrong:
        says = {
            "bezier": "its first and third number are within 0 and 1",
            "steps": "it takes 1 step or more",
            "spring": "stiffness and damping are above 0",
        }[expr.name]
        hint = f"write it like `{_EASING_LIKE[expr.name]}`"
        check.findings.error("E3003", expr.span, f"`{expr.name}` cannot be shaped so: {says}", hint=hint)
        return None
    return Ease(expr.name, numbers)


def _last_easing(check: Expressions, expr: Keys) -> None:
    last = expr.keys[-1]
    if last.easing is None or last.easing.name not in EASINGS:
        return
    check.findings.error(
        "E3008",
        last.easing.span,
        f"nothing comes after the last key, so `{last.easing.name}` shapes nothing",
        hint=f"write `with {last.easing.name}` to shape every segment",
        edit=Edit(Span(last.easing.span.start, last.easing.span.start), "with "),
    )

"""Key lists: order, duplicates, easings, and what is fixed or live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from anim_compiler.constants import constant
from anim_compiler.names import did_you_mean
from anim_compiler.signatures import EASINGS
from anim_compiler.typed import Ease, KeyCurve, Moment, TimedKey
from anim_compiler.values import CALLED, NumberValue, Value, plain, times
from anim_dsl.diagnostic import Edit, Label
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


def timed(
    check: Expressions, keys: Sequence[Key], *, whole: Span | None = None
) -> list[tuple[Key, Moment]] | None:
    """The keys with their moments, in order of time; order and duplicates are checked.

    `whole` is the span of a list written in one piece, which a sorting edit may replace.
    """
    rows = [(key, check.moments.moment(key.at)) for key in keys]
    known = [(key, moment) for key, moment in rows if moment is not None]
    if len(known) != len(rows):
        return None
    return ordered(check, known, whole)


def ordered(
    check: Expressions, known: list[tuple[Key, Moment]], whole: Span | None = None
) -> list[tuple[Key, Moment]] | None:
    """Keys in order of time, as far as their times are known; order and duplicates are checked."""
    placed = [(check.moments.seconds(moment), key, moment) for key, moment in known]
    if any(at is None for at, _, _ in placed):
        return known
    exact = [(at or Fraction(0), key, moment) for at, key, moment in placed]
    return _ordered(check, exact, whole)


def _ordered(
    check: Expressions, rows: list[tuple[Fraction, Key, Moment]], whole: Span | None
) -> list[tuple[Key, Moment]] | None:
    ordered = sorted(rows, key=lambda row: row[0])
    for (a, first, _), (b, second, _) in pairwise(ordered):
        if a == b:
            later = max(first, second, key=lambda key: key.span)
            earlier = first if later is second else second
            check.findings.error(
                "E3007",
                later.at.span,
                "two keys stand at the same time",
                labels=(Label(earlier.at.span, "the first one"),),
                hint="remove one of them, or move it",
            )
            return None
    if ordered != rows and not _unsorted(check, rows, ordered, whole):
        return None
    _after_end(check, ordered)
    return [(key, moment) for _, key, moment in ordered]


def _unsorted(
    check: Expressions,
    rows: list[tuple[Fraction, Key, Moment]],
    ordered: list[tuple[Fraction, Key, Moment]],
    whole: Span | None,
) -> bool:
    """Reports keys out of order; True if they may stand (plain frames, as Deforum lets them)."""
    at = next(b[1] for a, b in pairwise(rows) if b[0] < a[0])
    source = check.findings.sources
    edit = None
    if whole is not None and not any(key.easing for _, key, _ in rows):
        span = rows[0][1].span.to(rows[-1][1].span)
        edit = Edit(span, ", ".join(source.slice(key.span) for _, key, _ in ordered))
    if all(check.moments.is_frames(key.at) for _, key, _ in rows):
        check.findings.warning("W6006", at.at.span, "the keys are not in order", hint="sort them", edit=edit)
        return True
    check.findings.error(
        "E3006", at.at.span, "this key is earlier than the one before it", hint="sort the keys", edit=edit
    )
    return False


def _after_end(check: Expressions, ordered: list[tuple[Fraction, Key, Moment]]) -> None:
    clock = check.env.clock
    start, end = clock.start, clock.end
    for at, key, moment in ordered:
        is_before, is_after = at < start, at > end
        if not is_before and not is_after:
            continue
        if is_before and moment.start == start:
            check.findings.error(
                "E3003",
                key.at.span,
                f"this key is before the {clock.start_called}",
                hint="the first time is `0s`",
            )
        elif is_before or at > end + _slack(check, moment):
            where = "after" if is_after else "before"
            edge = f"{where} the {clock.end_called if where == 'after' else clock.start_called}"
            at_second = f" at {float(clock.end if where == 'after' else clock.start):g}s"
            if clock.name:
                # a scene's own times count from its beginning, so that `at` would mislead
                long = f"which is {float(clock.length):g}s long"
                at_second = f", {long}" if where == "after" else f", {float(clock.start):g}s into the film"
            check.findings.warning(
                "W6002",
                key.at.span,
                f"this key is {edge}{at_second}",
                hint="it still shapes the curve; write `100%` for the end"
                if where == "after"
                else "it still shapes the curve",
                notes=("Deforum drops such a key; put the whole schedule in quotes for that",)
                if check.moments.is_frames(key.at) and where == "after"
                else (),
            )


def _slack(check: Expressions, moment: Moment) -> Fraction:
    """How much later than told a musical time may be reckoned: half a beat where the song tells the grid."""
    if moment.beats == 0 or check.scope.track is None:
        return Fraction(0)
    return (check.scope.seconds(Fraction(1)) or Fraction(0)) / 2

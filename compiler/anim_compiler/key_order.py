"""The order of keys in time: sorted, none twice, and which lie beyond their clock."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from anim_compiler.typed import Moment
from anim_dsl.diagnostic import Edit, Label
from anim_dsl.source import Span
from anim_dsl.syntax import Key

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


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
    message = "this key is earlier than the one before it"
    # where beats stand is told by the song, and not seen in the text
    notes = tuple(
        f"`{source.slice(key.at.span)}` is at {float(second):.4g}s"
        for second, key, moment in rows
        if moment.beats
    )
    check.findings.error("E3006", at.at.span, message, hint="sort the keys", edit=edit, notes=notes[:3])
    return False


def _after_end(check: Expressions, ordered: list[tuple[Fraction, Key, Moment]]) -> None:
    clock = check.env.clock
    start, end = clock.start, clock.end
    if check.scope.awaits or not clock.settled:
        # nobody knows yet where it ends
        return
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
    if check.scope.given is not None:
        return Fraction(0)
    return (check.scope.lasting(Fraction(0), Fraction(1)) or Fraction(0)) / 2

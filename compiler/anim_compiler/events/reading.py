"""What a film reads of its files of times and curves: names alone, members, members that are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from anim_compiler.constants import constant
from anim_compiler.events import marks, score, series
from anim_compiler.events.opening import opened, refuse
from anim_compiler.events.score import ScoreFile
from anim_compiler.events.series import SeriesFile
from anim_compiler.events.unreadable import Unreadable
from anim_compiler.film_events import Markers
from anim_compiler.names import did_you_mean
from anim_compiler.values import NumberValue, Value
from anim_compiler.world import World
from anim_dsl.source import Span
from anim_dsl.syntax import Argument, Call, Text, Word

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_File: TypeAlias = Markers | ScoreFile | SeriesFile


def read(check: Expressions, statement: Word, word: str, world: World) -> None:
    """Registers what a statement's file tells; what is wrong is reported."""
    there = opened(check, statement, word, world)
    if there is None:
        return
    found = {"markers": marks.made, "midi": score.made, "series": series.made}[word](check, there)
    scope, name = check.scope, there.name
    match found:
        case Unreadable():
            refuse(check, there, found)
            return
        case Markers():
            scope.markers[name] = found
        case ScoreFile():
            scope.scores[name] = found
        case SeriesFile():
            scope.series[name] = found


def _known(check: Expressions, name: str, span: Span) -> _File | None:
    """The file of that name; one that is read later is reported."""
    scope = check.scope
    found = scope.markers.get(name) or scope.scores.get(name) or scope.series.get(name)
    if found is None and name not in scope.missing:
        message, hint = f"`{name}` is not known yet here", "write a time of its own, like `250ms`"
        check.findings.error("E3004", span, message, hint=hint)
    return found


def alone(check: Expressions, name: str, span: Span) -> Value | None:
    """A file's name alone: its events as a trigger, or the only column of a table."""
    found = _known(check, name, span)
    match found:
        case Markers():
            return marks.member(check, found, ("hits",), span)
        case ScoreFile():
            return score.member(check, found, ("hits",), span)
        case SeriesFile():
            return series.alone(check, found, span)
        case None:
            return None


def member(check: Expressions, path: tuple[str, ...], span: Span) -> Value | None:
    """`cuts.drop`, `score.bend`, `data.level`; a member that there is not is reported."""
    found, rest = _known(check, path[0], span), path[1:]
    match found:
        case Markers():
            return marks.member(check, found, rest, span)
        case ScoreFile():
            return score.member(check, found, rest, span)
        case SeriesFile():
            return series.member(check, found, rest, span)
        case None:
            return None


def called(check: Expressions, expr: Call) -> Value | None:
    """`cuts.hit("drop")`, `score.note(36)`; what cannot be called so is reported."""
    path = expr.function.path
    found, which = _known(check, path[0], expr.span), ".".join(path[1:])
    if found is None:
        return None
    known = () if isinstance(found, SeriesFile) else _calls(found)
    if which not in known:
        _no_call(check, expr, which, known)
        return None
    if len(expr.arguments) != 1 or expr.arguments[0].name is not None:
        hint = f"write `{path[0]}.{which}({_like(which, found)})`"
        check.findings.error("E2010", expr.span, f"`{which}` takes one thing", hint=hint)
        return None
    given = expr.arguments[0]
    if isinstance(found, Markers):
        return _of_label(check, found, which, given, expr.span)
    assert isinstance(found, ScoreFile)
    number = _number(check, which, given)
    return None if number is None else score.called(check, found, which, number, expr.span)


def _calls(found: Markers | ScoreFile) -> tuple[str, ...]:
    """What of a file is called with an argument."""
    return marks.CALLED if isinstance(found, Markers) else score.CALLED


def _like(which: str, found: object) -> str:
    if isinstance(found, Markers):
        return f'"{marks.known_as(found)}"'
    return "1" if which == "cc" else "36"


def _no_call(check: Expressions, expr: Call, which: str, known: tuple[str, ...]) -> None:
    name = expr.function.path[0]
    hint = did_you_mean(which, known)
    if not hint:
        calls = ", ".join(f"`{name}.{other}(…)`" for other in known)
        hint = (
            f"it has {calls}; other curves stand without parentheses" if known else f"write `{name}.{which}`"
        )
    check.findings.error("E2002", expr.function.span, f"`{name}` has no function `{which}`", hint=hint)


def _of_label(check: Expressions, found: Markers, which: str, given: Argument, span: Span) -> Value | None:
    written = given.value
    if not isinstance(written, Text) or written.plain is None:
        hint = f'write `{found.name}.{which}("{marks.known_as(found)}")`'
        check.findings.error(
            "E2131", given.span, f"`{which}` takes the label of a marker, in quotes", hint=hint
        )
        return None
    return marks.called(check, found, which, written.plain, written.span)


def _number(check: Expressions, which: str, given: Argument) -> int | None:
    """A note or controller, 0 to 127; a note also by its name."""
    written = given.value
    if isinstance(written, Text) and written.plain is not None and which != "cc":
        number = score.note_number(written.plain)
        if number is None:
            message = f"there is no note `{written.plain}`"
            hint = 'a note is a letter and an octave: `"C4"` is 60, `"F#2"` is 42'
            check.findings.error("E2131", given.span, message, hint=hint)
            return None
    else:
        value = check.number(written)
        if value is None:
            return None
        known = constant(value.expr) if isinstance(value, NumberValue) and value.dim == "plain" else None
        if known is None or known != known or abs(known) > 1e9 or known != int(known):
            what = "a controller is a whole number" if which == "cc" else "a note is a whole number or a name"
            hint = "write `1`, the modulation wheel" if which == "cc" else 'write `36`, or `"C2"`'
            check.findings.error("E2131", given.span, what, hint=hint)
            return None
        number = int(known)
    if not 0 <= number <= 127:
        what = "controllers" if which == "cc" else "notes"
        hint = "write `1`, the modulation wheel" if which == "cc" else 'write `36`, or `"C2"`'
        message = f"{what} are numbered 0 to 127, and this is {number}"
        check.findings.error("E2131", given.span, message, hint=hint)
        return None
    return number

"""Periods and durations in beats: functions that count on the song's grid count beats, not seconds."""

from __future__ import annotations

from collections.abc import Sequence

from anim_compiler.signatures import Signature
from anim_compiler.typed import Apply, Clock, Const, Typed, walk
from anim_dsl.source import Span

_DEEPEST = 64
"""Longer sums of beats are seconds by those of a beat, which is the same number."""

_LENGTHS = ("beat_seconds", "bar_seconds")


def on_grid(signature: Signature, given: Sequence[Typed], span: Span) -> tuple[Typed, ...]:
    """The arguments of a function that counts on the grid, with the axis that it counts on behind them: the
    beats, and its time in beats, if that is musical (`sine(4beats)`), else 0 and seconds.
    """
    place = next(i for i, parameter in enumerate(signature.parameters) if parameter.takes == "time")
    if not is_musical(given[place]):
        return (*given, Const(0.0, span))
    counted = _in_beats(given[place], span)
    return (*given[:place], counted, *given[place + 1 :], Clock("beats", span))


def is_musical(expr: Typed) -> bool:
    """Whether an expression tells a time by the tempo."""
    return any(isinstance(node, Clock) and node.name in _LENGTHS for node in walk(expr))


def _in_beats(expr: Typed, span: Span) -> Typed:
    """A time in beats: a plain number where it is nothing but beats, else the seconds by those of a beat."""
    found = fixed_beats(expr)
    return Apply("div", (expr, Clock("beat_seconds", span)), span) if found is None else Const(found, span)


def fixed_beats(expr: Typed, deep: int = 0) -> float | None:
    """How many beats `2 * 4beats` or `1bar + 1beat` are; None for what is no fixed number of them, or stands
    `deep` inside others.
    """
    deep += 1
    if deep > _DEEPEST:
        return None
    match expr:
        case Clock(name="beat_seconds"):
            return 1.0
        case Apply(function="mul", arguments=(a, Const() as b)):
            return _scaled(fixed_beats(a, deep), b.value)
        case Apply(function="mul", arguments=(Const() as a, b)):
            return _scaled(fixed_beats(b, deep), a.value)
        case Apply(function="neg", arguments=(a,)):
            return _scaled(fixed_beats(a, deep), -1.0)
        case Apply(function="div", arguments=(a, Const() as b)) if b.value:
            found = fixed_beats(a, deep)
            return None if found is None else found / b.value
        case Apply(function="add" | "sub", arguments=(a, b)):
            one, other = fixed_beats(a, deep), fixed_beats(b, deep)
            if one is None or other is None:
                return None
            return one + other if expr.function == "add" else one - other
        case _:
            return None


def _scaled(beats: float | None, factor: float) -> float | None:
    return None if beats is None else beats * factor

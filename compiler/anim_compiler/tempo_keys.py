"""`bpm = 0s: 120, 30s: 140`: a tempo that changes, in steps (`hold`) or evenly from one key to the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler import keys
from anim_compiler.constants import constant
from anim_compiler.moments import exact
from anim_compiler.scenes import UNKNOWN
from anim_compiler.setting import Entry
from anim_compiler.tempo import TempoKey
from anim_compiler.typed import KeyCurve, TimedKey
from anim_compiler.values import NumberValue
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Key, Keys, Number, Quantity
from anim_dsl.units import UNITS

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_LIKE = "write it like `bpm = 0s: 120, 30s: 140`, or `0s: 120 hold, 30s: 140` for a step"
_SHAPES = ("linear", "hold")


def tempo_keys(check: Expressions, entry: Entry) -> tuple[TempoKey, ...] | None:
    """The keys of a tempo that is written as a list; None if it is none, or wrong, which is reported."""
    expr = entry.value
    if not isinstance(expr, Keys):
        return None
    with check.inside(entry.env), _before_all_lengths(check):
        value = keys.key_curve(check, replace(expr, keys=tuple(map(_counted, expr.keys))))
    if not isinstance(value, NumberValue) or value.speed:
        if value is not None:
            check.findings.error("E2121", expr.span, "a tempo is a number at each of its keys", hint=_LIKE)
        return None
    if value.dim not in ("plain", "frequency"):
        message = "a tempo is a number of beats a minute"
        check.findings.error("E3001", expr.span, message, hint=_LIKE)
        return None
    if not isinstance(value.expr, KeyCurve):
        only = _bpm(check, value, constant(value.expr), expr.keys[0].value.span)
        return None if only is None else (TempoKey(Fraction(0), only),)
    if value.expr.smooth:
        check.findings.error("E2122", expr.span, "a tempo changes evenly or in steps", hint=_LIKE)
        return None
    made = [_key(check, value, key) for key in value.expr.keys]
    known = tuple(key for key in made if key is not None)
    return known if len(known) == len(made) else None


def _key(check: Expressions, value: NumberValue, key: TimedKey) -> TempoKey | None:
    if key.at.beats:
        check.findings.error(
            "E2120",
            key.span,
            "the keys of a tempo stand at seconds: where its beats are, it tells itself",
            hint=_LIKE,
        )
        return None
    if key.ease is not None and key.ease.name not in _SHAPES:
        check.findings.error("E2122", key.span, "a tempo changes evenly or in steps", hint=_LIKE)
        return None
    known = None if key.live else constant(key.value)
    bpm = _bpm(check, replace(value, expr=key.value), known, key.span)
    holds = key.ease is not None and key.ease.name == "hold"
    return None if bpm is None else TempoKey(key.at.start + key.at.seconds, bpm, holds)


def _bpm(check: Expressions, value: NumberValue, known: float | None, span: Span) -> Fraction | None:
    """Beats a minute, within the range of the setting."""
    if known is None:
        check.findings.error("E2121", span, "a tempo is a number at each of its keys", hint=_LIKE)
        return None
    bpm = float(f"{known * 60.0:.10g}") if value.dim == "frequency" else known
    spec = SETTINGS["film", "bpm"]
    low, high = ((spec.minimum or 0.05) * 60, (spec.maximum or 20.0) * 60)
    # infinity and what is no number at all are out of it too, and no fractions
    if not low <= bpm <= high:
        message = f"a tempo of {bpm:g} bpm is none: it is within {low:g} and {high:g}"
        check.findings.error("E3075", span, message, hint="write `120`, say")
        return None
    return exact(bpm)


def _counted(key: Key) -> Key:
    """A key whose tempo is a bare number, so that `0s: 90, 2s: 100bpm` counts both in beats a minute."""
    value = key.value
    if not isinstance(value, Quantity) or {UNITS[unit].dimension for _, unit in value.parts} != {"frequency"}:
        return key
    hertz = sum(number * (UNITS[unit].factor or 1.0) for number, unit in value.parts)
    return replace(key, value=Number(float(f"{hertz * 60.0:.10g}"), value.span))


@contextmanager
def _before_all_lengths(check: Expressions) -> Iterator[None]:
    """Reads times while no length is known, and lets beats be read, which are refused with more to say."""
    scope = check.scope
    length, bpm = scope.film.length, scope.bpm
    scope.film.length, scope.bpm = UNKNOWN, scope.bpm or 120.0
    try:
        yield
    finally:
        scope.film.length, scope.bpm = length, bpm

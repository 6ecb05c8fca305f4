"""A curve of a film as a schedule of Deforum and FizzNodes: as it was written wherever they read that alike,
else by its keys and formulas, else as numbers.

Each way is tried by Deforum's own rules (`anim_dsl.schedule`), and taken only if every frame comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from anim_compiler.film import Curve, Film
from anim_compiler.typed import Apply, Const, KeyCurve, Moment, OnFilm, Schedule, TimedKey, Typed
from anim_dsl.schedule import evaluate
from anim_studio.interchange.to_baked import TOLERANCE, Array, baked, printed, stepped
from anim_studio.interchange.to_formula import formula

_LONGEST_TRIED = 20_000
"""Texts beyond this are lists of numbers anyway."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a schedule is read by: how many frames it has, at which rate, with which seed."""

    frames: int
    fps: Fraction
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule; `is_baked` if it is the numbers of a curve that the other tool cannot compute."""

    text: str
    is_baked: bool = False


def schedule(
    values: Array,
    clock: Clock,
    curve: Curve | None = None,
    film: Film | None = None,
    *,
    scale: float = 1.0,
    is_whole: bool = False,
) -> Scheduled:
    """The schedule of these values, float64[frames].

    `curve` is what the film says of them, if it says it for all of them, and `scale` what its values are
    taken times (-1: taken off 1, as strength is). Of a schedule that `is_whole` Deforum cuts the fractions.
    """
    if curve is not None and film is not None:
        for text in _tried(curve, film, clock, scale):
            if len(text) < _LONGEST_TRIED and _gives(text, values, clock, is_whole=is_whole):
                return Scheduled(text)
    if np.ptp(values) <= TOLERANCE * max(1.0, float(np.abs(values).max())):
        return Scheduled(f"0: ({printed(float(values[0]))})")
    text = baked(values)
    if is_whole and not _gives(text, values, clock, is_whole=True):
        text = stepped(values)
    return Scheduled(text, is_baked=curve is None or not _is_keyed(curve.expr))


def _tried(curve: Curve, film: Film, clock: Clock, scale: float) -> Iterator[str]:
    """What may say the same, the nearest to the film's text first."""
    if curve.span is not None:
        written = " ".join(film.sources.slice(curve.span).split())
        if not written.startswith('"'):
            yield written if ":" in written else f"0: ({written})"
    expr = curve.expr.expr if isinstance(curve.expr, OnFilm) else curve.expr
    if isinstance(expr, Schedule):
        yield expr.text
    turned = _taken_off_1(expr)
    if scale == -1 and turned is not None:
        expr, scale = turned, 1.0
    keyed = _keyed(expr, clock, scale)
    if keyed is not None:
        yield keyed


def _gives(text: str, values: Array, clock: Clock, *, is_whole: bool) -> bool:
    """Whether a schedule, read by Deforum's rules, has these values."""
    # a quoted key or value would be read, and is nothing that one would write here
    if ":" not in text or re.search(r"[#{}\[\]]", text):
        return False
    found, _ = evaluate(text, frames=clock.frames, seed=clock.seed)
    if found is None:
        return False
    with np.errstate(all="ignore"):
        off = np.abs(np.asarray(found) - values)
        if is_whole:
            # where a whole number was meant and rounding leaves a hair less, it was meant there too
            off = np.minimum(off, np.abs(np.trunc(found) - values))
    return bool((off <= TOLERANCE * np.maximum(1.0, np.abs(values))).all())


def _taken_off_1(expr: Typed) -> Typed | None:
    """What is taken off 1, as Deforum's strength is where it is written by its name there."""
    match expr:
        case Apply(
            function="sub", arguments=(Const(value=1.0), Apply(function="clamp", arguments=(inner, *_)))
        ):
            return inner
        case Apply(function="sub", arguments=(Const(value=1.0), inner)):
            return inner
        case _:
            return None


def _is_keyed(expr: Typed) -> bool:
    """Whether a curve is numbers with lines between them, so that a list of numbers is what it was."""
    expr = expr.expr if isinstance(expr, OnFilm) else expr
    if not isinstance(expr, KeyCurve) or expr.smooth:
        return False
    return all(isinstance(key.value, Const) and _is_plain(key) for key in expr.keys)


# --- keys ---


def _keyed(expr: Typed, clock: Clock, scale: float) -> str | None:
    """The keys of a curve, or its one formula; None if there is no such text."""
    if not isinstance(expr, KeyCurve):
        value = _value(expr, clock, scale)
        return None if value is None else f"0: ({value})"
    if expr.smooth:
        return None
    rows: list[tuple[int, str]] = []
    for i, key in enumerate(expr.keys):
        frame = _frame(key.at, clock.fps)
        value = _value(key.value, clock, scale)
        if frame is None or value is None or not _is_plain(key):
            return None
        rows.append((frame, value))
        following = _frame(expr.keys[i + 1].at, clock.fps) if i + 1 < len(expr.keys) else None
        if (
            key.ease is not None
            and key.ease.name == "hold"
            and following is not None
            and following > frame + 1
        ):
            rows.append((following - 1, value))
    if rows[0][0] > 0:
        rows.insert(0, (0, rows[0][1]))
    return ", ".join(f"{frame}: ({value})" for frame, value in rows)


def _is_plain(key: TimedKey) -> bool:
    """Whether the way from a key to the next is one that Deforum has: a line, or the formula itself."""
    return key.ease is None if key.live else key.ease is not None and key.ease.name in ("linear", "hold")


def _value(expr: Typed, clock: Clock, scale: float) -> str | None:
    if isinstance(expr, Const):
        return printed(1.0 - expr.value if scale == -1 else expr.value * scale)
    found = formula(expr, clock.fps, clock.frames)
    if found is None or scale == 1.0:
        return found
    return f"1-({found})" if scale == -1 else f"({found})*{printed(scale)}"


def _frame(at: Moment, fps: Fraction) -> int | None:
    """The whole frame that a moment stands at; None if it stands between two, or at a beat."""
    place = (at.start + at.seconds) * fps
    return None if at.beats or place.denominator != 1 else int(place)

"""Expressions with every name bound and every unit gone: what the checker makes and curves evaluate.

Numbers are in base units: seconds, degrees, pixels, 1 (ratios), hertz, decibels. Nodes compare by
identity, so that an expression that is used twice is evaluated once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from anim_dsl.source import Span


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the film: `start` plus `seconds` plus `beats` of the song's grid, all exact.

    `start` is where the clock that it counts by begins, in seconds of the film: 0, or a scene's start.
    Beats are counted from the grid beat nearest `start`, whose place only analysis knows; with `from_second`
    (`12s + 2beats`, a marker and a beat) from the second `start + seconds`, at the tempo there.
    """

    seconds: Fraction = Fraction(0)
    beats: Fraction = Fraction(0)
    start: Fraction = Fraction(0)
    from_second: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A number that never changes."""

    value: float
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """A value of the film's clock: `t max_f time duration u beats bars s`, and two that no film writes:
    `beat_seconds` and `bar_seconds`, how long a beat and a bar last at the tempo of each frame.
    """

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """An audio feature of a track, read at film time; `arguments` as in `band(20hz, 80hz)`."""

    track: str
    name: str
    arguments: tuple[float, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What a file tells: `values` at `times`, seconds of the film, in order; both float64 and finite.

    `before` is the value before the first one, where the last one before a moment counts; `tolerance` tells
    to how many seconds the times are known, `says` is a digest of all of it.
    """

    times: array[float] = field(repr=False)
    values: array[float] = field(repr=False)
    before: float
    tolerance: float
    says: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A curve of a `markers`, `midi` or `series` statement, read at film time; `source` is its name, `how`
    says what stands between the points: `linear`, `smooth`, `hold`, `held`, `peak`, `hit` or `phase`
    (`events.column`).
    """

    source: str
    how: str
    points: Points
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Apply:
    """A function or operator of `signatures`; arguments in the order of its parameters."""

    function: str
    arguments: tuple[Typed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Ease:
    """The shape of a segment: `ease_in_out`, `bezier` with its four numbers."""

    name: str = "linear"
    arguments: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TimedKey:
    """A value pinned to a moment; a `live` value depends on the frame.

    `ease` shapes the segment after the key; on a live key None means that the formula holds.
    """

    at: Moment
    value: Typed
    ease: Ease | None
    live: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class KeyCurve:
    """A key list in order of time; `smooth` runs a monotone cubic through all of its keys."""

    keys: tuple[TimedKey, ...]
    smooth: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """A Deforum schedule string, read with Deforum's rules, times `scale` plus `shift`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class OnFilm:
    """An expression of the film in a scene: evaluated on the whole film, then cut to the scene's frames."""

    expr: Typed
    span: Span


Typed: TypeAlias = Const | Clock | Feature | Recorded | Apply | KeyCurve | Schedule | OnFilm


def children(expr: Typed) -> tuple[Typed, ...]:
    """The expressions directly inside one."""
    # asked of every node many times, and quicker than a match
    if isinstance(expr, Apply):
        return expr.arguments
    if isinstance(expr, KeyCurve):
        return tuple([key.value for key in expr.keys])
    return (expr.expr,) if isinstance(expr, OnFilm) else ()


def walk(expr: Typed) -> Iterator[Typed]:
    """The expression and everything inside it, each node once."""
    seen: set[int] = set()
    stack: list[Typed] = [expr]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(children(node))

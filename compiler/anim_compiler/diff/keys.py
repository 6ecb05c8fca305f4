"""Key lists: which key moved, which has another value, which is new or gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from anim_compiler.clock import FilmClock
from anim_compiler.diff.align import aligned
from anim_compiler.diff.amounts import Unit
from anim_compiler.diff.side import since_start
from anim_compiler.diff.where import listed, short
from anim_compiler.sound.problem import AudioError
from anim_compiler.takes import Take
from anim_compiler.tempo import TempoMap
from anim_compiler.typed import Const, Ease, KeyCurve, Moment, OnFilm, TimedKey, Typed

MOST_EDITS = 3
"""More than so many edits of one list are told by its values."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key with a fixed value, and where it stands, in frames from the scene's start."""

    at: Moment
    place: float
    value: float
    ease: Ease | None


def key_edits(a: tuple[Take, Typed], b: tuple[Take, Typed], unit: Unit, grid: TempoMap | None) -> str:
    """`key at 4 s moved 1 s later`, `1.2 → 1.4 at 4 s`; empty where it is no such edit, or too many.

    `grid` is the tempo that both films have.
    """
    before, after = _keys(*a), _keys(*b)
    if before is None or after is None:
        return ""
    pairs = aligned(before, after, _same, _likeness)
    moved = [(before[i], after[j]) for i, j in pairs if i is not None and j is not None]
    edits = [*_moves([(x, y) for x, y in moved if not _together(x, y)], a[0].clock, grid)]
    edits += [f"{unit.both(x.value, y.value)} at {_time(y, b[0])}" for x, y in moved if x.value != y.value]
    # nothing comes after the last key
    inner = [(x, y) for x, y in moved if x is not before[-1] or y is not after[-1]]
    edits += [_eased(x, y, b[0]) for x, y in inner if x.ease != y.ease]
    edits += [
        f"new key {unit.one(after[j].value)} at {_time(after[j], b[0])}"
        for i, j in pairs
        if i is None and j is not None
    ]
    gone = [before[i] for i, j in pairs if j is None and i is not None]
    edits += [f"key {unit.one(key.value)} at {_time(key, a[0])} removed" for key in gone]
    return "; ".join(edits) if 0 < len(edits) <= MOST_EDITS else ""


def distance(
    before: tuple[Moment, float], after: tuple[Moment, float], clock: FilmClock, grid: TempoMap | None
) -> str:
    """How far a moment moved: `2 beats later` where it is written in beats, else `0.5 s earlier`, with the
    beats behind it, `1 s (2 beats) later`, where both films have the same tempo.

    Each moment comes with the frame at which it stands.
    """
    beats = after[0].beats - before[0].beats
    if beats and after[0].seconds == before[0].seconds:
        return f"{counted_beats(abs(float(beats)))} {'later' if beats > 0 else 'earlier'}"
    seconds = (after[1] - before[1]) / float(clock.fps)
    told = ""
    if grid is not None:
        a, b = (clock.start + Fraction(place) / clock.fps for _, place in (before, after))
        told = f" ({counted_beats(float(abs(grid.beats(b) - grid.beats(a))))})"
    return f"{short(abs(seconds))} s{told} {'later' if seconds > 0 else 'earlier'}"


def counted_beats(count: float) -> str:
    """`1 beat`, `0.5 beats`."""
    text = short(count)
    return f"{text} beat{'' if text == '1' else 's'}"


def _keys(take: Take, expr: Typed) -> tuple[_Key, ...] | None:
    """The keys of a list of fixed values; None for anything else."""
    inner = expr.expr if isinstance(expr, OnFilm) else expr
    if not isinstance(inner, KeyCurve) or inner.smooth:
        return None
    try:
        found = [_key(key, take) for key in inner.keys]
    except (AudioError, ValueError):
        return None
    kept = tuple(key for key in found if key is not None)
    return kept if len(kept) == len(found) else None


def _key(key: TimedKey, take: Take) -> _Key | None:
    value = None if key.live else _fixed(key.value, take)
    return None if value is None else _Key(key.at, since_start(take, key.at), value, key.ease)


def _fixed(value: Typed, take: Take) -> float | None:
    """What a key's value comes to if it is the same at every frame, as `1 + push` of a fixed `let` is."""
    if isinstance(value, Const):
        return value.value
    column = take.evaluator.column(value)
    return float(column[0]) if bool((column == column[0]).all()) else None


def _same(x: _Key, y: _Key) -> bool:
    return x.value == y.value and _together(x, y)


def _together(x: _Key, y: _Key) -> bool:
    return abs(x.place - y.place) < 1e-6


def _likeness(x: _Key, y: _Key) -> float:
    """A key is the same one if it has the value, or else the place."""
    if x.value == y.value:
        return 0.9 / (1.0 + abs(x.place - y.place) * 1e-3)
    return 0.8 if _together(x, y) else 0.0


def _moves(moved: Sequence[tuple[_Key, _Key]], clock: FilmClock, grid: TempoMap | None) -> list[str]:
    """Keys that moved, those that moved equally far in one sentence."""
    by_distance: dict[str, list[str]] = {}
    for x, y in moved:
        way = distance((x.at, x.place), (y.at, y.place), clock, grid)
        by_distance.setdefault(way, []).append(_at(x.place, clock))
    return [
        f"key{'s' if len(places) > 1 else ''} at {listed(places)} moved {way}"
        for way, places in by_distance.items()
    ]


def _eased(x: _Key, y: _Key, take: Take) -> str:
    return f"`{_ease(y.ease)}` instead of `{_ease(x.ease)}` after {_time(y, take)}"


def _ease(ease: Ease | None) -> str:
    if ease is None:
        return "hold"
    inside = ", ".join(f"{value:g}" for value in ease.arguments)
    return f"{ease.name}({inside})" if inside else ease.name


def _time(key: _Key, take: Take) -> str:
    return _at(key.place, take.clock)


def _at(place: float, clock: FilmClock) -> str:
    """`4 s`: a place in a clock's own seconds."""
    return f"{short(place / float(clock.fps))} s"

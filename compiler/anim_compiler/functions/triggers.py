"""Triggers: a trigger fires on the frame where its argument rises through 0.5."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array, Timeline, first, function, is_musical
from anim_compiler.landing import landed
from anim_compiler.tempo_columns import beats_at, seconds_at

_TINY = 1e-9

_MOST_EVENTS = 4
"""With so many periods a frame on average, one begins on each: they need not be looked for one by one."""


def fires(trigger: Array) -> NDArray[np.bool_]:
    """Whether a trigger fires, bool[frames]; what is up on the first frame fires there. A column of bool
    says so itself: its frames may fire one after the other.
    """
    if trigger.dtype == np.bool_:
        return np.asarray(trigger, np.bool_)
    up = trigger >= 0.5
    before = np.concatenate([[False], up[:-1]])
    return np.asarray(up & ~before)


@function("every")
def every(line: Timeline, period: Array, axis: Array) -> Array:
    """1 on each frame whose interval `[f/fps, (f+1)/fps)` holds the beginning of a period: by seconds from
    the clock's own 0, or, on an `axis` of beats, by the song's beats from the one nearest to it.
    """
    if not first(period) > 0.0:
        # no number has a period that stands still; whoever reads the column says where
        return np.full(line.frames, np.nan)
    events = _of_beats(line, first(period)) if is_musical(axis) else _of_seconds(line, first(period))
    if events is None:
        return np.ones(line.frames)
    tolerance = line.tempo.tolerance if line.tempo is not None and is_musical(axis) else 0.0
    return landed(events, line.times, line.step, tolerance=tolerance, length=line.length, cuts=line.cuts)


def _of_seconds(line: Timeline, period: float) -> Array | None:
    """The seconds at which periods begin; None if there are too many for the frames."""
    last = (line.times[-1] + line.step) / period
    if last > _MOST_EVENTS * (line.frames + 2):
        return None
    return np.arange(int(last) + 1, dtype=np.float64) * period


def _of_beats(line: Timeline, period: float) -> Array | None:
    """The same of so many beats each."""
    assert line.tempo is not None
    base = line.tempo.nearest(Fraction(line.start))
    ends = np.array([line.start, line.start + line.times[-1] + 2.0 * line.step])
    low, high = (beats_at(line.tempo, ends) - base) / period
    if high - low > _MOST_EVENTS * (line.frames + 2):
        return None
    numbers = np.arange(np.floor(low) - 1, np.ceil(high) + 1)
    return seconds_at(line.tempo, base + numbers * period) - line.start


@function("count")
def count(line: Timeline, trigger: Array) -> Array:
    """How many times the trigger has fired, this frame included."""
    return np.cumsum(fires(trigger)).astype(np.float64)


@function("toggle")
def toggle(line: Timeline, trigger: Array) -> Array:
    """0, and the other of 0 and 1 from each trigger on."""
    return np.asarray(np.mod(count(line, trigger), 2.0))


@function("until")
def until(line: Timeline, trigger: Array) -> Array:
    """How many frames there are to the next one that the trigger fires on, or to the end: at least 1."""
    index = np.arange(line.frames)
    at = np.where(fires(trigger), index, line.frames)
    coming = np.minimum.accumulate(np.append(at[1:], line.frames)[::-1])[::-1]
    return (coming - index).astype(np.float64)


@function("sample_hold")
def sample_hold(line: Timeline, x: Array, trigger: Array) -> Array:
    """`x` as it was when the trigger last fired; before that, `x` of the first frame."""
    at = np.where(fires(trigger), np.arange(line.frames), 0)
    return np.asarray(x[np.maximum.accumulate(at)])


@function("decay")
def decay(line: Timeline, trigger: Array, width: Array, axis: Array) -> Array:
    """1 where the trigger fires, falling so that 5% is left after `width`: seconds, or beats on an `axis` of
    them.
    """
    index = np.arange(line.frames)
    last = np.maximum.accumulate(np.where(fires(trigger), index, -1))
    since = axis - axis[np.maximum(last, 0)] if is_musical(axis) else (index - last) * line.step
    fall = np.power(0.05, since / max(first(width), 1e-9))
    return np.where(last >= 0, fall, 0.0)


@function("threshold")
def threshold(line: Timeline, x: Array, level: Array) -> Array:
    """1 where `x` is at least `level`, else 0."""
    return (x >= level).astype(np.float64)

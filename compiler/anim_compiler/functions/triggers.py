"""Triggers: a trigger fires on the frame where its argument rises through 0.5."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array, Timeline, first, function

_TINY = 1e-9


def fires(trigger: Array) -> NDArray[np.bool_]:
    """Whether a trigger fires, bool[frames]; what is up on the first frame fires there."""
    up = trigger >= 0.5
    before = np.concatenate([[False], up[:-1]])
    return np.asarray(up & ~before)


@function("every")
def every(line: Timeline, period: Array, origin: Array) -> Array:
    """1 on each frame whose interval `[f/fps, (f+1)/fps)` holds a whole number of periods."""
    turns = (line.times - first(origin)) / first(period)
    coming = np.ceil(turns - _TINY)
    return (coming - turns < line.step / first(period) - _TINY).astype(np.float64)


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
def decay(line: Timeline, trigger: Array, width: Array) -> Array:
    """1 where the trigger fires, falling so that 5% is left after `width` seconds."""
    index = np.arange(line.frames)
    last = np.maximum.accumulate(np.where(fires(trigger), index, -1))
    since = (index - last) * line.step
    fall = np.power(0.05, since / max(first(width), 1e-9))
    return np.where(last >= 0, fall, 0.0)


@function("threshold")
def threshold(line: Timeline, x: Array, level: Array) -> Array:
    """1 where `x` is at least `level`, else 0."""
    return (x >= level).astype(np.float64)

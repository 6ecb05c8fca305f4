"""Waves: functions of time with a period.

The last argument, which no film writes, is the axis that periods are counted on: the beats at every frame,
where the period is musical and a number of beats, else 0 at all of them, where it is seconds.
"""

from __future__ import annotations

import numpy as np

from anim_compiler.functions import circular
from anim_compiler.functions.registry import Array, Timeline, function

#: a wave is sampled at exact fractions of its period; this absorbs the rounding of f / fps
_TINY = 1e-9


def _turns(line: Timeline, period: Array, phase: Array, axis: Array) -> Array:
    """Where in its period each frame is: float64[frames] in 0..1 (1 excluded)."""
    turns = line.on(axis) / period + phase
    turns = np.where(np.abs(turns - np.round(turns)) < _TINY, np.round(turns), turns)
    return np.asarray(turns - np.floor(turns))


@function("sine")
def sine(line: Timeline, period: Array, phase: Array, axis: Array) -> Array:
    """A sine wave, -1..1, from 0 rising."""
    return np.asarray(circular.sine(2.0 * np.pi * _turns(line, period, phase, axis)))


@function("tri")
def tri(line: Timeline, period: Array, phase: Array, axis: Array) -> Array:
    """A triangle wave, -1..1, from 0 rising."""
    p = _turns(line, period, phase + 0.25, axis)
    return np.asarray(1.0 - 4.0 * np.abs(p - 0.5))


@function("saw")
def saw(line: Timeline, period: Array, phase: Array, axis: Array) -> Array:
    """A rising saw, -1..1, from 0, with its jump in the middle of the period."""
    return np.asarray(2.0 * _turns(line, period, phase + 0.5, axis) - 1.0)


@function("square")
def square(line: Timeline, period: Array, phase: Array, axis: Array) -> Array:
    """1 in the first half of the period, -1 in the second."""
    return np.where(_turns(line, period, phase, axis) < 0.5, 1.0, -1.0)


@function("pulse")
def pulse(line: Timeline, period: Array, width: Array, axis: Array) -> Array:
    """1 in the first `width` (a share of the period) of each period, else 0."""
    return np.where(_turns(line, period, np.zeros_like(period), axis) < width - _TINY, 1.0, 0.0)

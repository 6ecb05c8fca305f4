"""Waves: functions of film time with a period in seconds.

The last argument, which no film writes, is the second at which a period begins: the song's grid for
musical periods, else 0.
"""

from __future__ import annotations

import numpy as np

from anim_compiler.functions import circular
from anim_compiler.functions.registry import Array, Timeline, function

#: a wave is sampled at exact fractions of its period; this absorbs the rounding of f / fps
_TINY = 1e-9


def _turns(line: Timeline, period: Array, phase: Array, origin: Array) -> Array:
    """Where in its period each frame is: float64[frames] in 0..1 (1 excluded)."""
    turns = (line.times - origin) / period + phase
    turns = np.where(np.abs(turns - np.round(turns)) < _TINY, np.round(turns), turns)
    return np.asarray(turns - np.floor(turns))


@function("sine")
def sine(line: Timeline, period: Array, phase: Array, origin: Array) -> Array:
    """A sine wave, -1..1, from 0 rising."""
    return np.asarray(circular.sine(2.0 * np.pi * _turns(line, period, phase, origin)))


@function("tri")
def tri(line: Timeline, period: Array, phase: Array, origin: Array) -> Array:
    """A triangle wave, -1..1, from 0 rising."""
    p = _turns(line, period, phase + 0.25, origin)
    return np.asarray(1.0 - 4.0 * np.abs(p - 0.5))


@function("saw")
def saw(line: Timeline, period: Array, phase: Array, origin: Array) -> Array:
    """A rising saw, -1..1, from 0, with its jump in the middle of the period."""
    return np.asarray(2.0 * _turns(line, period, phase + 0.5, origin) - 1.0)


@function("square")
def square(line: Timeline, period: Array, phase: Array, origin: Array) -> Array:
    """1 in the first half of the period, -1 in the second."""
    return np.where(_turns(line, period, phase, origin) < 0.5, 1.0, -1.0)


@function("pulse")
def pulse(line: Timeline, period: Array, width: Array, origin: Array) -> Array:
    """1 in the first `width` (a share of the period) of each period, else 0."""
    return np.where(_turns(line, period, np.zeros_like(period), origin) < width - _TINY, 1.0, 0.0)

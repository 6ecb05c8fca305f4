"""Filters of what is heard run finer than the frames, so that nothing between two of them is missed.

A kick lasts for some 50 ms, a frame at 12 fps for 83: read at the frames alone, a smoothed kick would be high
or low by where the frames fall, and another film at another rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anim_compiler.clock import FilmClock
from anim_compiler.functions.registry import POINTWISE, Array
from anim_compiler.functions.triggers import fires
from anim_compiler.typed import Apply, Clock, Const, Feature, OnFilm, Recorded, Typed, walk

FILTERS: Final = frozenset({"smooth", "envelope", "slew", "delay", "integrate", "normalize"})
"""What makes a curve of a curve by its course, or by its least and greatest values."""

TRIGGERED: Final[Mapping[str, int]] = MappingProxyType(
    {"decay": 0, "count": 0, "toggle": 0, "until": 0, "sample_hold": 1}
)
"""What acts on a trigger, and which of its arguments that is. It acts by frames, but a trigger of what is
heard fires on the frame during which it rises, though no frame might see it up.
"""

LEAST_RATE: Final = 240
"""At so many values a second or more such filters run."""

_BY_FRAME: Final = frozenset({"beat", "downbeat"})
_STEPPING: Final = frozenset({"threshold", "quantize"})  # of one instant, too
_EARLY: Final = 1  # values by which a rise may come before what is heard: 4 ms
_MOST: Final = 256
"""Larger expressions run by frames, so that looking at them costs nothing."""


def times(expr: Apply, fps: Fraction) -> int:
    """How many values a frame this filter needs: 1 for what is not heard, or counts frames."""
    return heard_times(expr, fps) if expr.function in FILTERS else 1


def held_times(expr: Apply, fps: Fraction) -> int:
    """The same of a `sample_hold`: 1 unless both what it holds and its trigger are heard."""
    if expr.function != "sample_hold":
        return 1
    return min(heard_times(argument, fps) for argument in expr.arguments)


def heard_times(expr: Typed, fps: Fraction) -> int:
    """The same of any expression: 1 if it hears nothing, or has values at frames only."""
    if fps >= LEAST_RATE:
        return 1
    nodes = list(islice(walk(expr), _MOST + 1))
    if len(nodes) > _MOST or not all(map(_runs_on, nodes)):
        return 1
    return math.ceil(LEAST_RATE / fps) if any(isinstance(node, Feature) for node in nodes) else 1


def _runs_on(node: Typed) -> bool:
    """Whether it has a value at every moment, not only at frames."""
    match node:
        case Apply():
            name = node.function
            return name in FILTERS or name in POINTWISE or name in _STEPPING
        case Feature():
            return node.name not in _BY_FRAME
        case Clock():
            return node.name != "t"
        case _:
            return isinstance(node, Const | OnFilm)


def is_of_frames(expr: Typed) -> bool:
    """Whether it is a trigger by itself, which fires on every frame that it is 1 on, also on two in a row:
    `beat`, `every(…)`, the marks and notes of files.
    """
    match expr:
        case Feature():
            return expr.name in _BY_FRAME
        case Recorded():
            return expr.how == "hit"
        case Apply():
            return expr.function == "every"
        case OnFilm():
            return is_of_frames(expr.expr)
        case _:
            return False


def fired(trigger: Array, of: FilmClock, times: int) -> NDArray[np.bool_]:
    """On which frames of a clock a trigger of so many values a frame fires, bool[frames]; what happens on a
    cut between two frames belongs to the scene that it opens.
    """
    passed = np.searchsorted(_moments(trigger), _ends(of, times), side="left")
    return np.asarray(np.diff(passed, prepend=0) > 0)


def held(x: Array, trigger: Array, of: FilmClock, times: int) -> Array:
    """`sample_hold` of columns of so many values a frame, float64[frames]: `x` where the trigger fires, not
    where the frame begins, for what a hit changes is not heard before it.
    """
    at = np.zeros(len(x), np.intp)
    at[_moments(trigger)] = _moments(trigger)
    return np.asarray(x[np.maximum.accumulate(at)[_ends(of, times) - 1]])


def _ends(of: FilmClock, times: int) -> NDArray[np.intp]:
    """How many values come before each frame of a clock is over: int[frames]."""
    found = np.arange(1, of.frames + 1) * times
    for frame, second in of.cuts:
        found[frame - 1] = int(second * float(of.fps) * times)
    last = float((of.start + of.length) * of.fps - of.first)
    if of.frames - 1 < last < of.frames:
        found[-1] = int(last * times)
    return np.maximum(found, 1)


def _moments(trigger: Array) -> NDArray[np.intp]:
    """Where a trigger fires; a rise that comes a value before a frame is on it, as a beat is."""
    return np.minimum(np.flatnonzero(fires(trigger)) + _EARLY, len(trigger) - 1)


def clock(of: FilmClock, times: int) -> FilmClock:
    """The same time, in so many times as many frames: every `times`-th is one of the clock's own."""
    return replace(of, fps=of.fps * times, frames=of.frames * times, first=of.first * times, cuts=())

"""Curves of files as columns: what stands at each frame, by the film's own seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.clock import FilmClock
from anim_compiler.functions.monotone import monotone
from anim_compiler.functions.registry import Array
from anim_compiler.landing import passed
from anim_compiler.typed import Recorded

_Whole: TypeAlias = NDArray[np.int64]


def recorded_column(expr: Recorded, clock: FilmClock) -> Array:
    """A curve of a file at every frame of a clock, float64[frames], finite.

    An event belongs to the frame whose interval `[f / fps, (f + 1) / fps)` holds it: there a `hit` is 1,
    from there on a value is `held`, and a `peak` that begins and ends between two frames is still seen on
    one. What happens on the cut that opens a scene belongs to that scene. `linear`, `smooth`, `hold` and
    `phase` are read at `f / fps` itself.
    """
    times, values = np.frombuffer(expr.points.times), np.frombuffer(expr.points.values)
    at = clock.film_times
    if not len(times):
        return np.full(len(at), expr.points.before)
    if expr.how in _READ:
        return _READ[expr.how](times, values, at)
    line, own = clock.timeline, times - float(clock.start)
    known_to = expr.points.tolerance
    found = passed(own, line.times, line.step, tolerance=known_to, length=line.length, cuts=line.cuts)
    known = np.concatenate([[expr.points.before], values])
    match expr.how:
        case "hit":
            return (np.diff(found) > 0).astype(np.float64)
        case "held":
            return known[found[1:]]
        case _:
            # what ends where a frame begins is not seen on it
            over = np.append(own, np.inf)[found[:-1]] <= line.times + max(known_to, 1e-9)
            return _greatest(known, found[:-1] + over, found[1:])


def _greatest(known: Array, first: _Whole, past: _Whole) -> Array:
    """The greatest of the value that a frame begins with and those that come within it; `known[i]` stands
    before event i. What ends where a frame begins is not seen on it: there `first` is the event after that.
    """
    ends = np.stack([first, past + 1], axis=1).ravel()
    return np.asarray(np.maximum.reduceat(np.append(known, -np.inf), ends)[::2])


def _linear(times: Array, values: Array, at: Array) -> Array:
    return np.asarray(np.interp(at, times, values))


def _hold(times: Array, values: Array, at: Array) -> Array:
    # a row that is meant for a frame stands on it, whatever the rounding of f / fps
    place = np.searchsorted(times, at + 1e-9, side="right") - 1
    return np.asarray(values[np.maximum(place, 0)])


def _phase(times: Array, values: Array, at: Array) -> Array:
    """How far from one event to the next, in [0, 1); 0 before the first and after the last."""
    place = np.searchsorted(times, at + 1e-9, side="right")
    inside = (place > 0) & (place < len(times))
    later = np.clip(place, 1, max(len(times) - 1, 1)) % len(times)
    begin = times[later - 1]
    width = np.where(inside, times[later] - begin, 1.0)
    return np.where(inside, np.maximum(at - begin, 0.0) / width, 0.0)


_READ: Mapping[str, Callable[[Array, Array, Array], Array]] = MappingProxyType(
    {"linear": _linear, "hold": _hold, "smooth": monotone, "phase": _phase}
)

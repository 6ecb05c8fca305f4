"""Key lists as columns: fixed keys are interpolated, live keys hold their formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.functions.easings import ease
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Ease, KeyCurve, TimedKey, Typed

_EPSILON = 1e-9
"""A key that is so much of a frame after a frame stands on it: f / fps is rounded."""


class Part(Protocol):
    """Where the values of keys come from."""

    def __call__(self, expr: Typed, begin: int, end: int) -> Array:
        """An expression at the frames from `begin` to `end` (excluded), float64[end - begin]."""
        ...


def reaches(curve: KeyCurve, clock: FilmClock) -> list[tuple[Typed, int, int]]:
    """The values of the keys, each with the frames (end excluded) at which the list reads it."""
    rows = sorted(((clock.place(key.at), key.value) for key in curve.keys), key=lambda row: row[0])
    whole = [min(max(int(place), 0), clock.frames - 1) for place, _ in rows]
    ends = [end + 1 for end in (*whole[1:], clock.frames - 1)]
    begins = [0, *whole[1:]]
    return [(value, begin, end) for (_, value), begin, end in zip(rows, begins, ends, strict=True)]


def key_column(curve: KeyCurve, clock: FilmClock, part: Part) -> Array:
    """A key list at every frame, float64[frames]: each frame and each key is looked at once."""
    rows = sorted(
        ((clock.place(key.at), i, key) for i, key in enumerate(curve.keys)), key=lambda row: row[:2]
    )
    places, keys = [place for place, _, _ in rows], [key for _, _, key in rows]
    if len(keys) == 1:
        return part(keys[0].value, 0, clock.frames)
    if curve.smooth:
        numbers = [float(part(key.value, 0, 1)[0]) for key in keys]
        return _monotone(places, numbers, np.arange(clock.frames, dtype=np.float64))
    return _Segments(places, keys, clock.frames, part).column()


class _Segments:
    """The stretches of frames between the keys of one list, in order of time."""

    def __init__(self, places: Sequence[float], keys: Sequence[TimedKey], frames: int, part: Part) -> None:
        self._places, self._keys, self._frames, self._part = places, keys, frames, part
        whole = [int(np.ceil(min(max(place - _EPSILON, 0.0), float(frames)))) for place in places]
        self._ends = [*whole[1:], frames]
        self._begins = whole

    def column(self) -> Array:
        result = np.empty(self._frames)
        begins = self._begins[0]
        result[:begins] = self._part(self._keys[0].value, 0, begins) if begins else 0.0
        for i in range(len(self._keys)):
            if self._begins[i] < self._ends[i]:
                self._fill(i, result[self._begins[i] : self._ends[i]])
        return result

    def _fill(self, i: int, into: Array) -> None:
        """Writes the values from key `i` to the next one."""
        key, begin, end = self._keys[i], self._begins[i], self._ends[i]
        if i + 1 == len(self._keys) or (key.live and key.ease is None):
            into[:] = self._part(key.value, begin, end)
            return
        start, width = self._places[i], self._places[i + 1] - self._places[i]
        p = np.arange(begin, end, dtype=np.float64)
        p -= start
        p /= width
        p[0] = max(p[0], 0.0)
        shape = key.ease or Ease()
        weight = ease(shape.name, shape.arguments, p)
        values = self._part(key.value, begin, end) if key.live else self._part(key.value, 0, 1)
        np.multiply(self._target(i) - values, weight, out=into)
        into += values

    def _target(self, i: int) -> Array:
        """What a segment heads for: the next key's value, at its key unless both are formulas."""
        key, following = self._keys[i], self._keys[i + 1]
        if key.live and following.live:
            return self._part(following.value, self._begins[i], self._ends[i])
        if not following.live:
            return self._part(following.value, 0, 1)
        end = min(max(self._places[i + 1], 0.0), self._frames - 1.0)
        before = int(end)
        values = self._part(following.value, before, min(before + 2, self._frames))
        return np.array([np.interp(end - before, np.arange(len(values)), values)])


def _monotone(places: Sequence[float], values: Sequence[float], frames: Array) -> Array:
    """The monotone cubic through all keys (Fritsch and Carlson 1980), flat outside them."""
    x, y = np.asarray(places), np.asarray(values)
    if len(x) == 1:
        return np.full(len(frames), y[0])
    width = np.diff(x)
    slope = np.diff(y) / width
    tangent = np.concatenate([[slope[0]], _harmonic(slope, width), [slope[-1]]])
    at = np.clip(frames, x[0], x[-1])
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(width) - 1)
    p = (at - x[i]) / width[i]
    a, b = y[i], y[i + 1]
    m, n = tangent[i] * width[i], tangent[i + 1] * width[i]
    return np.asarray(a + p * m + p**2 * (3.0 * (b - a) - 2.0 * m - n) + p**3 * (2.0 * (a - b) + m + n))


def _harmonic(slope: Array, width: Array) -> Array:
    """Tangents at the inner keys: the weighted harmonic mean of the slopes, 0 at a turn."""
    left, right = slope[:-1], slope[1:]
    a, b = 2.0 * width[1:] + width[:-1], width[1:] + 2.0 * width[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (a + b) / (a / left + b / right)
    return np.where(left * right > 0, mean, 0.0)

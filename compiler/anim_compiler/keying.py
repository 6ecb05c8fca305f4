"""Key lists as columns: fixed keys are interpolated, live keys hold their formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.functions.easings import ease
from anim_compiler.functions.monotone import monotone
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Ease, KeyCurve, TimedKey, Typed


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
        return monotone(np.array(places), np.array(numbers), np.arange(clock.frames, dtype=np.float64))
    begins = [place - clock.ahead(key.at) for place, key in zip(places, keys, strict=True)]
    return _Segments(places, begins, keys, clock.frames, part).column()


class _Segments:
    """The stretches of frames between the keys of one list, in order of time; from `begins` on a frame is
    after a key.
    """

    def __init__(
        self,
        places: Sequence[float],
        begins: Sequence[float],
        keys: Sequence[TimedKey],
        frames: int,
        part: Part,
    ) -> None:
        self._places, self._keys, self._frames, self._part = places, keys, frames, part
        whole = [int(np.ceil(min(max(begin, 0.0), float(frames)))) for begin in begins]
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
        np.maximum(p, 0.0, out=p)
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

"""The clock of a film or of one of its scenes: which second a frame stands at, and which frame a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from anim_compiler.functions.registry import Array, Timeline
from anim_compiler.landing import Cuts, landing
from anim_compiler.tempo import TempoMap
from anim_compiler.tempo_columns import beat_lengths, beats_at
from anim_compiler.typed import Moment

_ON_BEAT = Fraction(1, 10**7)
"""Seconds between a beat and a cut that is placed on it."""

_TINY = 1e-9
"""A key that is so much of a frame after a frame stands on it: f / fps is rounded."""


@dataclass(frozen=True, slots=True)
class FilmClock:
    """The clock of `frames` frames of which the first is frame `first` of the film.

    Film frame f stands at `f / fps` seconds of the film; the clock's own zero is the film's second
    `start`, and `length` its duration. `declared` is the rate that the film is written at: `t` and frame
    numbers count by it, so that a preview at another rate shows the same film.
    """

    frames: int
    fps: Fraction
    declared: Fraction
    length: Fraction
    seed: int
    grid: TempoMap | None = None
    start: Fraction = Fraction(0)
    first: int = 0
    #: where scenes begin between two frames, on the clock of the whole film
    cuts: Cuts = ()

    def scene(self, start: Fraction, length: Fraction, *, seed: int, frames: int) -> FilmClock:
        """The clock of a scene that begins at second `start` of this film and shows `frames` frames."""
        first = self.frame_at(start, self.fps)
        return replace(self, frames=frames, length=length, seed=seed, start=start, first=first, cuts=())

    @property
    def timeline(self) -> Timeline:
        """The clock's seconds at every frame."""
        start, length = float(self.start), float(self.length)
        return Timeline(self.times, float(1 / self.fps), self.grid, start, length, self.cuts)

    @property
    def times(self) -> Array:
        """The clock's own seconds: float64[frames]."""
        return self.since(self.start)

    @property
    def film_times(self) -> Array:
        """The film's seconds: float64[frames]."""
        return self.since(Fraction(0))

    def since(self, start: Fraction, rate: Fraction = Fraction(1)) -> Array:
        """Seconds from `start` of the film to every frame, times `rate`: float64[frames]."""
        # in whole numbers as long as it goes, so that f / fps is rounded once
        under = self.fps.numerator * start.denominator
        frames = np.arange(self.first, self.first + self.frames, dtype=np.float64)
        frames *= self.fps.denominator * start.denominator
        frames -= start.numerator * self.fps.numerator
        frames *= rate.numerator
        frames /= under * rate.denominator
        return frames

    def frame_at(self, second: Fraction, fps: Fraction) -> int:
        """The first frame of the film, at a rate, that belongs to what begins at a second of it; a heard beat
        is known only so exactly, so that a cut on one may come that much after its frame.
        """
        grid = self.grid
        if grid is not None and grid.tolerance and second:
            beat = grid.second(Fraction(round(grid.beats(second))))
            if abs(beat - second) < _ON_BEAT:
                return frame_at(second - Fraction(grid.tolerance), fps)
        return frame_at(second, fps)

    def place(self, moment: Moment) -> float:
        """The frame of this clock, whole or not, at which a moment stands; ValueError for beats without
        a grid.
        """
        if not moment.beats:
            return self._frame(moment.start + moment.seconds if moment.start else moment.seconds)
        return self._frame(self._grid().place(moment))

    def ahead(self, moment: Moment) -> float:
        """How much of a frame before a moment a frame may come and be after it: how exactly it is known."""
        known = self.grid.tolerance if moment.beats and self.grid is not None else 0.0
        return max(known * float(self.fps), _TINY)

    def stands(self, moment: Moment) -> float:
        """Where the key of a text stands, in frames: one in beats on the very frame that holds its beat, as
        `beat` and `every` have it, one at the clock's own beginning on the first.
        """
        place, begin = self.place(moment), float(self.start * self.fps - self.first)
        if not moment.beats:
            # the first frame of a scene that begins on a heard beat may come a hair before that
            return place if place > begin + _TINY else min(place, 0.0)
        found = landing(place, self.ahead(moment))
        return float(max(found, 0) if place > begin - _TINY else found)

    def _grid(self) -> TempoMap:
        if self.grid is None:
            raise ValueError("a musical time needs a tempo")
        return self.grid

    def _frame(self, seconds: Fraction) -> float:
        """The frame, whole or not, at a second of the film, rounded once."""
        under = seconds.denominator * self.fps.denominator
        return (seconds.numerator * self.fps.numerator - self.first * under) / under

    def width(self, duration: Moment, end: float) -> float:
        """How many frames a duration lasts that ends at a frame, whole or not: beats at the tempo there."""
        frames = float(duration.seconds * self.fps)
        if not duration.beats or self.grid is None:
            return frames
        until = (Fraction(end) + self.first) / self.fps
        return frames - float(self.grid.lasting(until, -duration.beats) * self.fps)

    def value(self, name: str) -> Array:
        """A clock value of the language as float64[frames]; KeyError for a name that is none."""
        return np.broadcast_to(np.asarray(self._value(name), dtype=np.float64), (self.frames,))

    def _value(self, name: str) -> Array | float:
        match name:
            case "t":
                return self._counted()
            case "max_f":
                end = self.frame_at(self.start + self.length, self.declared)
                return float(max(end - self.frame_at(self.start, self.declared), 1) - 1)
            case "time":
                return self.times
            case "duration":
                return float(self.length)
            case "u":
                return self.times / float(self.length)
            case "s":
                return float(self.seed)
            case _:
                return self._musical(name)

    def _counted(self) -> Array:
        """Frames of the declared rate since the first that belongs to this clock."""
        begins = self.frame_at(self.start, self.declared) / self.declared
        return self.since(Fraction(begins), self.declared)

    def _musical(self, name: str) -> Array | float:
        grid = self._grid()
        if name in ("beat_seconds", "bar_seconds"):
            per = grid.beats_per_bar if name == "bar_seconds" else 1
            return per * beat_lengths(grid, self.film_times, float(1 / self.fps))
        beats = beats_at(grid, self.film_times) - grid.nearest(self.start)
        values = {"beats": beats, "bars": beats / grid.beats_per_bar}
        return _snapped(values[name])


def frame_at(seconds: Fraction, fps: Fraction) -> int:
    """The first frame f with `f / fps >= seconds`."""
    return int(-((-seconds * fps) // 1))


def _snapped(values: Array) -> Array:
    """Whole numbers where only the rounding of f / fps keeps a value off one."""
    whole = np.round(values)
    return np.where(np.abs(values - whole) < 1e-9, whole, values)

"""The clock of a film or of one of its scenes, and the song's grid: which second a frame stands at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from anim_compiler.functions.registry import Array, Timeline
from anim_compiler.typed import Moment


@dataclass(frozen=True, slots=True)
class Grid:
    """A constant tempo: seconds a beat, beats a bar, and the film's second of the beat nearest its start."""

    beat: float
    beats_per_bar: int = 4
    origin: float = 0.0

    def nearest(self, seconds: float) -> float:
        """The film's second of the beat nearest to another second of it."""
        return self.origin + round((seconds - self.origin) / self.beat) * self.beat


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
    grid: Grid | None = None
    start: Fraction = Fraction(0)
    first: int = 0

    def scene(self, start: Fraction, length: Fraction, *, seed: int, frames: int) -> FilmClock:
        """The clock of a scene that begins at second `start` of this film and shows `frames` frames."""
        first = frame_at(start, self.fps)
        return replace(self, frames=frames, length=length, seed=seed, start=start, first=first)

    @property
    def timeline(self) -> Timeline:
        """The clock's seconds at every frame."""
        return Timeline(self.times, float(1 / self.fps))

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

    def place(self, moment: Moment) -> float:
        """The frame of this clock, whole or not, at which a moment stands; ValueError for beats without
        a grid.
        """
        if not moment.beats:
            return self._frame(moment.start + moment.seconds if moment.start else moment.seconds)
        if self.grid is None:
            raise ValueError("a musical time needs a tempo")
        beats = self.grid.nearest(float(moment.start)) + float(moment.beats) * self.grid.beat
        return float(moment.seconds * self.fps - self.first) + beats * float(self.fps)

    def _frame(self, seconds: Fraction) -> float:
        """The frame, whole or not, at a second of the film, rounded once."""
        under = seconds.denominator * self.fps.denominator
        return (seconds.numerator * self.fps.numerator - self.first * under) / under

    def seconds(self, duration: Moment) -> float:
        """How long a moment is that is meant as a duration, in seconds."""
        return float(duration.seconds) + float(duration.beats) * (self.grid.beat if self.grid else 0.0)

    def value(self, name: str) -> Array:
        """A clock value of the language as float64[frames]; KeyError for a name that is none."""
        return np.broadcast_to(np.asarray(self._value(name), dtype=np.float64), (self.frames,))

    def _value(self, name: str) -> Array | float:
        match name:
            case "t":
                return self._counted()
            case "max_f":
                end = frame_at(self.start + self.length, self.declared)
                return float(max(end - frame_at(self.start, self.declared), 1) - 1)
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
        begins = frame_at(self.start, self.declared) / self.declared
        return self.since(Fraction(begins), self.declared)

    def _musical(self, name: str) -> Array | float:
        if self.grid is None:
            raise ValueError("a musical time needs a tempo")
        origin = self.grid.nearest(float(self.start)) - float(self.start)
        beats = (self.times - origin) / self.grid.beat
        values: dict[str, Array | float] = {
            "beats": _snapped(beats),
            "bars": _snapped(beats / self.grid.beats_per_bar),
            "beat_seconds": self.grid.beat,
            "bar_seconds": self.grid.beat * self.grid.beats_per_bar,
            "beat_origin": origin,
        }
        return values[name]


def frame_at(seconds: Fraction, fps: Fraction) -> int:
    """The first frame f with `f / fps >= seconds`."""
    return int(-((-seconds * fps) // 1))


def _snapped(values: Array) -> Array:
    """Whole numbers where only the rounding of f / fps keeps a value off one."""
    whole = np.round(values)
    return np.where(np.abs(values - whole) < 1e-9, whole, values)

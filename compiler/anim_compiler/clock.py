"""The film's clock and the song's grid: which second a frame, a beat or a moment stands at."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from anim_compiler.functions.registry import Array, Timeline
from anim_compiler.typed import Moment


@dataclass(frozen=True, slots=True)
class Grid:
    """A constant tempo: seconds a beat, beats a bar, and the second of the beat nearest time 0."""

    beat: float
    beats_per_bar: int = 4
    origin: float = 0.0


@dataclass(frozen=True, slots=True)
class FilmClock:
    """Frame f of `frames` stands at `f / fps` seconds.

    `declared` is the rate that the film is written at: `t` and frame numbers count by it, so that a
    preview at another rate shows the same film.
    """

    frames: int
    fps: Fraction
    declared: Fraction
    length: Fraction
    seed: int
    grid: Grid | None = None

    @property
    def timeline(self) -> Timeline:
        """The seconds of every frame."""
        return Timeline(self.times, float(1 / self.fps))

    @property
    def times(self) -> Array:
        """float64[frames], seconds."""
        return np.asarray(
            np.arange(self.frames, dtype=np.float64) * self.fps.denominator / self.fps.numerator
        )

    def place(self, moment: Moment) -> float:
        """The frame, whole or not, at which a moment stands; ValueError for beats without a grid."""
        exact = float(moment.seconds * self.fps)
        if moment.beats == 0:
            return exact
        if self.grid is None:
            raise ValueError("a musical time needs a tempo")
        seconds = self.grid.origin + float(moment.beats) * self.grid.beat
        return exact + seconds * float(self.fps)

    def value(self, name: str) -> Array:
        """A clock value of the language as float64[frames]; KeyError for a name that is none."""
        return np.broadcast_to(np.asarray(self._value(name), dtype=np.float64), (self.frames,))

    def _value(self, name: str) -> Array | float:
        match name:
            case "t":
                return np.asarray(np.arange(self.frames) * float(self.declared / self.fps), dtype=np.float64)
            case "max_f":
                return float(-((-self.length * self.declared) // 1) - 1)
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

    def _musical(self, name: str) -> Array | float:
        if self.grid is None:
            raise ValueError("a musical time needs a tempo")
        beats = (self.times - self.grid.origin) / self.grid.beat
        values: dict[str, Array | float] = {
            "beats": _snapped(beats),
            "bars": _snapped(beats / self.grid.beats_per_bar),
            "beat_seconds": self.grid.beat,
            "bar_seconds": self.grid.beat * self.grid.beats_per_bar,
            "beat_origin": self.grid.origin,
        }
        return values[name]


def _snapped(values: Array) -> Array:
    """Whole numbers where only the rounding of f / fps keeps a value off one."""
    whole = np.round(values)
    return np.where(np.abs(values - whole) < 1e-9, whole, values)

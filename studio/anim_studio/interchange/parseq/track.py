"""Time series of Parseq."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Track:
    """A time series: rising places (frames, or seconds if `in_seconds`) and values."""

    places: tuple[float, ...]
    values: tuple[float, ...]
    in_seconds: bool

    def at(self, frame: float, fps: float, *, linear: bool = False) -> float:
        """The value of the last row before a frame (Parseq does not count one that stands on it)."""
        place = frame / fps * 1000.0 if self.in_seconds else frame
        i = bisect_left(self.places, place)
        if i == len(self.places) or i == 0:
            return self.values[min(i, len(self.places) - 1)]
        if not linear:
            return self.values[i - 1]
        share = (place - self.places[i - 1]) / (self.places[i] - self.places[i - 1])
        return self.values[i - 1] + share * (self.values[i] - self.values[i - 1])

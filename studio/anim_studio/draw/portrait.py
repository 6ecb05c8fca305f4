"""What a picture of a track shows, and how its curves are thinned to the columns of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = ("bass", "mid", "treble", "energy", "onset")
"""The curves that say how loud a part of the sound is, each in 0..1."""

DRUMS: Final = ("kick", "snare", "hat")
"""The curves that say where a drum is hit, each in 0..1."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a track, in seconds: parts that sound alike have the same `label`."""

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A track to be drawn. Times are seconds from its start.

    `low` and `high` are the least and greatest sample around each moment, float32 `[n]` in -1..1; `curves`
    are features by name, float32 `[n]` in 0..1. Value n of each stands at n / `rate` seconds. `beats` and
    `downbeats` are float64 `[k]`, rising. A single section is all of the track, and is not drawn. `begin` and
    `end` are what is shown of the track.
    """

    title: str
    facts: str
    rate: float
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    curves: Mapping[str, NDArray[np.float32]]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.float64]
    sections: tuple[Section, ...]
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How much is shown."""
        return self.end - self.begin


def peaks(
    curve: NDArray[np.float32], rate: float, begin: float, end: float, columns: int
) -> NDArray[np.float64]:
    """The greatest value within each of `columns` equal parts of begin..end: float64 `[columns]`.

    Values stand at n / `rate` seconds; between two the curve is a line, beyond its ends it is 0. So a peak
    is seen however narrow its column is, and however wide.
    """
    edges = np.linspace(begin, end, columns + 1) * rate
    if curve.size == 0:
        return np.zeros(columns)
    places = np.arange(curve.size)
    at_edges = np.interp(edges, places, curve, left=0.0, right=0.0)
    highest = np.maximum(at_edges[:-1], at_edges[1:])
    starts = np.clip(np.ceil(edges).astype(np.int64), 0, curve.size)
    held = starts[1:] > starts[:-1]
    if held.any():
        # reduceat takes what lies from one start to the next; the last would run on to the curve's end
        stop = int(starts[-1])
        inside = np.maximum.reduceat(curve[:stop], starts[:-1][held])
        highest[held] = np.maximum(highest[held], inside)
    return highest


def within(times: NDArray[np.float64], begin: float, end: float) -> NDArray[np.float64]:
    """Those of rising `times` that lie in begin <= time < end."""
    first, past = np.searchsorted(times, (begin, end), side="left")
    return times[first:past]


def seen(sections: tuple[Section, ...], begin: float, end: float) -> tuple[Section, ...]:
    """The sections that are heard between two moments, cut at them."""
    return tuple(
        Section(section.label, max(section.start, begin), min(section.end, end))
        for section in sections
        if section.start < end and section.end > begin
    )

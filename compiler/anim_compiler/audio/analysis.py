"""The result of listening to a track, and how a curve is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOPS
from anim_compiler.audio.facts import Facts
from anim_compiler.audio.groups import place
from anim_compiler.audio.levels import QUIETEST, fixed, read
from anim_compiler.audio.measure import TRACK
from anim_dsl.functions import FEATURES as TABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.measure import Curves

FEATURES: Final[tuple[str, ...]] = tuple(TABLE)
"""Every curve that a track has, by name."""

FEATURE_RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        name: (
            -np.inf if spec.low is None else spec.low,
            np.inf if spec.high is None else spec.high,
        )
        for name, spec in TABLE.items()
    }
)
"""Least and greatest value of each, as the language's table has them."""

_OUTSIDE: Final = {"loudness": QUIETEST, "silence": 1.0}

_TOLERANCE: Final = 0.5 / HOPS  # seconds to which beats are known: one that comes so early is on its frame


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What a track sounds like at any moment. Times are seconds from the start of the track.

    `groups` holds the measured and derived curves, by group; `beats` and `downbeats` are float64 `[k]`
    seconds, rising; `tempo` in bpm, 0 without beats; `confidence` of the found beats 0..1, 1 for told ones;
    `duration` in seconds. `is_fixed` levels are read in decibels of full scale, `gain_db` louder.
    """

    groups: Mapping[str, Curves]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.float64]
    tempo: float
    duration: float
    confidence: float = 1.0
    is_fixed: bool = False
    gain_db: float = 0.0

    @property
    def facts(self) -> Facts:
        """What decoding the whole track came to: its peak, what its header claimed, what was damaged."""
        return Facts.of(self.groups[TRACK])

    def feature(
        self,
        name: str,
        times: NDArray[np.float64],
        *,
        step: float,
        arguments: tuple[float, ...] = (),
    ) -> NDArray[np.float64]:
        """The curve `name` of FEATURES at `times` (seconds, `[n]`); float64 `[n]`.

        Outside the track 0, but `loudness` -70 and `silence` 1. `step` is the time a frame is shown
        (1 / fps): `beat` and `downbeat` are 1 where [time, time + step) holds one. `arguments` as of
        `band(20hz, 80hz)`: Hz.
        Raises KeyError for another name, and for one whose groups were not asked for.
        """
        at = np.asarray(times, np.float64)
        inside = (at >= 0.0) & (at < self.duration)
        outside = _OUTSIDE.get(name, 0.0)
        return np.where(inside, self._value(name, at, step, arguments), outside)

    def _value(
        self, name: str, at: NDArray[np.float64], step: float, arguments: tuple[float, ...]
    ) -> NDArray[np.float64]:
        match name:
            case "beat":
                return _holds(self.beats, at, step)
            case "downbeat":
                return _holds(self.downbeats, at, step)
            case "beat_phase":
                return _phase(self.beats, at)
            case "bar_phase":
                return _phase(self.downbeats, at)
            case "tempo":
                return _tempo(self.beats, at)
            case "section":
                return _step(self.groups["sections"], at)
            case _:
                return self._curve(name, at, arguments)

    def _curve(self, name: str, at: NDArray[np.float64], arguments: tuple[float, ...]) -> NDArray[np.float64]:
        """A kept curve, read between its values."""
        where = place(name, arguments)
        group = self.groups[where.group]
        curve = group[where.curve]
        if where.is_stepped:
            return np.asarray(curve[np.clip(at * where.rate, 0, curve.size - 1).astype(np.intp)], np.float64)
        values = np.asarray(np.interp(at * where.rate, np.arange(curve.size), curve), np.float64)
        if name == "loudness":
            return np.clip(values + self.gain_db, QUIETEST, 0.0)
        if not where.scale:
            return values
        is_fixed = self.is_fixed and where.is_level
        return read(values, fixed(self.gain_db) if is_fixed else group[where.scale])


def _holds(events: NDArray[np.float64], at: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    # in whole nanoseconds, so that neighbouring frames share their border whatever the rounding of f / fps
    moments = np.rint((events + _TOLERANCE) * 1e9)
    first = np.searchsorted(moments, np.rint(at * 1e9), side="left")
    past = np.searchsorted(moments, np.rint((at + step) * 1e9), side="left")
    return (past > first).astype(np.float64)


def _phase(events: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far from one event to the next, in [0, 1); carried on past the first and last at their step."""
    if events.size < 2:
        return np.zeros_like(at)
    index = np.clip(np.searchsorted(events, at, side="right") - 1, 0, events.size - 2)
    gap = events[index + 1] - events[index]
    passed = np.mod(at - events[index], gap)
    return np.asarray(np.where(gap - passed < _TOLERANCE, 0.0, passed / gap), np.float64)


def _step(sections: Curves, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The label of the section that each moment lies in; 0 before the first."""
    index = np.searchsorted(sections["starts"], at, side="right") - 1
    labels = np.asarray(sections["labels"], np.float64)
    return np.where(index >= 0, labels[np.maximum(index, 0)], 0.0) if labels.size else np.zeros_like(at)


def _tempo(beats: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Beats per minute around each moment: the median over eight beats."""
    if beats.size < 2:
        return np.zeros_like(at)
    gaps = np.diff(beats)
    padded = np.pad(gaps, 4, mode="edge")
    local = np.median(np.lib.stride_tricks.sliding_window_view(padded, 9), axis=1)
    index = np.clip(np.searchsorted(beats, at, side="right") - 1, 0, gaps.size - 1)
    return np.asarray(np.minimum(60.0 / local[index], FEATURE_RANGES["tempo"][1]), np.float64)

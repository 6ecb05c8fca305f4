"""The result of listening to a track, and how a curve is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.beats import HOPS
from anim_compiler.audio.levels import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES: Final[tuple[str, ...]] = (*LEVELS, "beat", "downbeat", "beat_phase", "bar_phase", "tempo")
"""Every curve that a track has, by name."""

FEATURE_RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {name: (0.0, 400.0 if name == "tempo" else 1.0) for name in FEATURES}
)
"""Least and greatest value of each; `tempo` is in beats per minute, all others are plain."""

_TOLERANCE: Final = (
    1 / HOPS
)  # seconds to which beats are known: one that comes a hop early is still on its frame


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What a track sounds like at any moment. Times are seconds from the start of the track.

    `levels`: float32 `[hops]` curves in 0..1, hop n at n · 128 / 22050 s. `beats`, `downbeats`: float64 `[k]`
    seconds, rising. `tempo`: bpm, 0 without beats. `duration`: seconds.
    """

    levels: Mapping[str, NDArray[np.float32]]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.float64]
    tempo: float
    duration: float

    def feature(self, name: str, times: NDArray[np.float64], *, step: float) -> NDArray[np.float64]:
        """The curve `name` of FEATURES at `times` (seconds, `[n]`); float64 `[n]`, 0 outside the track.

        `step` is the time a frame is shown (1 / fps): `beat` and `downbeat` are 1 where [time, time + step)
        holds one. Raises KeyError for another name.
        """
        at = np.asarray(times, np.float64)
        inside = (at >= 0.0) & (at < self.duration)
        return np.where(inside, self._value(name, at, step), 0.0)

    def _value(self, name: str, at: NDArray[np.float64], step: float) -> NDArray[np.float64]:
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
            case _:
                curve = self.levels[name]
                return np.asarray(np.interp(at * HOPS, np.arange(curve.size), curve), np.float64)


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


def _tempo(beats: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Beats per minute around each moment: the median over eight beats."""
    if beats.size < 2:
        return np.zeros_like(at)
    gaps = np.diff(beats)
    padded = np.pad(gaps, 4, mode="edge")
    local = np.median(np.lib.stride_tricks.sliding_window_view(padded, 9), axis=1)
    index = np.clip(np.searchsorted(beats, at, side="right") - 1, 0, gaps.size - 1)
    return np.asarray(np.minimum(60.0 / local[index], FEATURE_RANGES["tempo"][1]), np.float64)

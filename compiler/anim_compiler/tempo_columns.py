"""The tempo map over columns: beats at many seconds at once, and seconds at many beats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler.tempo import TempoMap

if TYPE_CHECKING:
    from anim_compiler.functions.registry import Array


@dataclass(frozen=True, slots=True)
class _Rows:
    """The stretches of a map as columns: float64[stretches]."""

    second: Array
    beat: Array
    length: Array
    slope: Array


@lru_cache(maxsize=16)
def _rows(tempo: TempoMap) -> _Rows:
    rows = tempo.stretches
    table = np.array([(r.second, r.beat, r.length, r.slope) for r in rows], dtype=np.float64)
    return _Rows(*np.ascontiguousarray(table.T))


def beats_at(tempo: TempoMap, seconds: Array) -> Array:
    """The beats, whole or not, that stand at seconds of the film: float64 of the same shape."""
    rows = _rows(tempo)
    i = np.maximum(np.searchsorted(rows.second, seconds, side="right") - 1, 0)
    passed = seconds - rows.second[i]
    return np.asarray(rows.beat[i] + passed / rows.length[i] + 0.5 * rows.slope[i] * passed * passed)


def seconds_at(tempo: TempoMap, beats: Array) -> Array:
    """The seconds of the film at which beats, whole or not, stand: float64 of the same shape."""
    rows = _rows(tempo)
    i = np.maximum(np.searchsorted(rows.beat, beats, side="right") - 1, 0)
    passed, rate = beats - rows.beat[i], 1.0 / rows.length[i]
    root = np.sqrt(np.maximum(rate * rate + 2.0 * rows.slope[i] * passed, 0.0))
    even = passed * rows.length[i]
    return np.asarray(rows.second[i] + np.where(rows.slope[i] == 0.0, even, 2.0 * passed / (rate + root)))


def beat_lengths(tempo: TempoMap, seconds: Array, step: float) -> Array | float:
    """Seconds a beat while each frame is shown, its mean over `[second, second + step)`: float64 of the same
    shape, one number where the tempo never changes.

    So a sum over frames of `step` divided by it is the beats that passed, whatever the tempo did.
    """
    if tempo.is_steady:
        return float(tempo.stretches[0].length)
    return np.asarray(step / (beats_at(tempo, seconds + step) - beats_at(tempo, seconds)))

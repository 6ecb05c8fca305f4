"""What is heard in tracks, as JSON: one object a track, in an array."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_dsl.visible import json_escaped
from anim_studio.hearing.report import warnings
from anim_studio.hearing.song import Song

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | dict[str, Value] | None"

VERSION: Final = 1
"""Of the schema: keys are added without a new one, never taken away or given another meaning."""


def as_json(songs: Sequence[Song]) -> str:
    """The array, on one line; times in seconds to the microsecond, levels in decibels."""
    return json_escaped(json.dumps([_song_object(song) for song in songs], ensure_ascii=False))


def _song_object(song: Song) -> dict[str, Value]:
    """One track: the file's facts, tempo, beats, sections, a summary of every curve, warnings."""
    analysis = song.analysis
    slow, fast = song.tempo_range
    return {
        "version": VERSION,
        "name": song.name,
        "path": song.path,
        "sha256": song.sha256,
        "seconds": _rounded(song.duration),
        "rate": int(analysis.facts.rate),
        "channels": int(analysis.facts.channels),
        "bpm": _rounded(song.told.bpm or analysis.tempo),
        "confidence": None if song.told.is_tempo else _rounded(analysis.confidence),
        "steady": song.is_steady,
        "bpm_range": [_rounded(slow), _rounded(fast)],
        "beats_per_bar": song.beats_per_bar,
        "offset": _rounded(song.told.offset),
        "beats": _times(analysis.beats),
        "downbeats": _times(analysis.downbeats),
        "sections": [
            {
                "label": part.label,
                "start": _rounded(part.start),
                "end": _rounded(part.end),
                "bars": song.bars_of(part),
            }
            for part in song.sections
        ],
        "peak_dbfs": _rounded(song.peak_dbfs),
        "loudness_lufs": _rounded(song.loudness_lufs),
        "features": {name: _summary(curve) for name, curve in song.curves.items()},
        "warnings": list(warnings(song)),
    }


def _summary(curve: NDArray[np.float32]) -> dict[str, Value]:
    """A curve over the whole track: its mean, its middle, and what it is above in a tenth of the time."""
    if curve.size == 0:
        return {"mean": None, "median": None, "p90": None}
    median, high = np.percentile(curve, (50, 90))
    return {"mean": _rounded(float(curve.mean())), "median": _rounded(median), "p90": _rounded(high)}


def _times(times: NDArray[np.float64]) -> list[float]:
    return [round(time, 6) + 0.0 for time in times.tolist()]


def _rounded(value: float) -> float | None:
    """Six decimals; JSON has no word for what is no number."""
    return round(float(value), 6) + 0.0 if math.isfinite(value) else None

"""A track with a click on every beat, so that one can hear whether the beats are right."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Hz of a beat's click and of a bar's first, which metronomes put an octave higher
BEAT_HZ, BAR_HZ = 1000.0, 2000.0
_SECONDS: Final = 0.04
_FALL: Final = 0.008  # seconds in which a click falls to 1/e
_SONG, _CLICK = 0.55, 0.4  # together below full scale, whatever the song does


def write_click(
    path: Path,
    samples: Iterable[NDArray[np.float32]],
    rate: int,
    beats: NDArray[np.float64],
    downbeats: NDArray[np.float64],
) -> None:
    """Writes a mono WAV file of 16 bits: the track, softer, with a click on each beat, higher on bars.

    `samples` are pieces float32 `[n]` at `rate`, full scale ±1; beats are float64 `[k]` seconds. OSError if
    the file cannot be written.
    """
    bars = set(np.rint(downbeats * rate).astype(np.int64).tolist())
    places = np.rint(beats * rate).astype(np.int64)
    sounds = {True: _click(BAR_HZ, rate), False: _click(BEAT_HZ, rate)}
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        first = 0
        for piece in samples:
            mixed = np.clip(piece, -1.0, 1.0) * np.float32(_SONG)
            for place in _near(places, first - sounds[True].size, first + piece.size):
                _add(mixed, sounds[place in bars], place - first)
            out.writeframesraw(np.rint(np.clip(mixed, -1.0, 1.0) * 32767).astype("<i2").tobytes())
            first += piece.size


def _click(hertz: float, rate: int) -> NDArray[np.float32]:
    """A sine that begins at once and dies away."""
    at = np.arange(round(_SECONDS * rate)) / rate
    return np.asarray(_CLICK * np.exp(-at / _FALL) * np.cos(2 * np.pi * hertz * at), np.float32)


def _near(places: NDArray[np.int64], first: int, past: int) -> list[int]:
    """The clicks that sound between two samples."""
    low, high = np.searchsorted(places, (first, past), side="left")
    return [int(place) for place in places[low:high]]


def _add(piece: NDArray[np.float32], sound: NDArray[np.float32], start: int) -> None:
    """Adds the part of a sound that lies within the piece."""
    low, high = max(0, start), min(piece.size, start + sound.size)
    if low < high:
        piece[low:high] += sound[low - start : high - start]

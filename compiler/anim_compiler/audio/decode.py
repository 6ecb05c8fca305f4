"""A sound file, or the sound of a video, as mono samples at the analysis rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.facts import Facts
from anim_compiler.audio.reading import Reading
from anim_compiler.audio.resampling import resampled
from anim_compiler.sound.limits import soundless, unreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE: Final = 22_050
"""Samples per second of everything the analysis sees."""

_FULL_SCALE: Final = 8.0  # samples beyond it are damage, and their squares would overflow float32
_SALVAGED: Final = 1.0  # seconds: if less of a damaged file can be read, it is no song


class Blocks:
    """The samples of a file in pieces: float32 `[n]`, the mean of the channels, full scale ±1, at RATE.

    An iterator that is gone through once; an hour never lies in memory at once. Samples that are no numbers
    count as silence. `facts` are complete after the last piece. Raises AudioError, at the first piece for
    what is no sound, and at the end for a file without any.
    """

    def __init__(self, path: Path) -> None:
        self.facts = Facts(0.0, peak=0.0)
        self._reading = Reading(path)
        self._unheard = 0
        self._pieces = self._decoded()

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        return self

    def __next__(self) -> NDArray[np.float32]:
        return next(self._pieces)

    def _decoded(self) -> Iterator[NDArray[np.float32]]:
        count, peak = 0, 0.0
        for piece in resampled(map(self._mono, self._reading), self._reading, RATE):
            count += piece.size
            peak = max(peak, float(np.abs(piece).max(initial=0.0)))
            yield piece
        reading, duration = self._reading, count / RATE
        if reading.is_damaged and duration < _SALVAGED:
            raise unreadable(reading.path.name)
        if count == 0:
            raise soundless(reading.path.name)
        told = Facts(duration, float(reading.rate), float(reading.channels), reading.claimed)
        self.facts = replace(told, unheard=float(self._unheard), peak=peak, damaged=float(reading.is_damaged))

    def _mono(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of the channels; what is no number in one of them is 0 and counted."""
        with np.errstate(over="ignore", invalid="ignore"):
            mono = _mean(piece)
            if not np.isfinite(mono).all():
                self._unheard += int((~np.isfinite(piece)).any(axis=1).sum())
                heard = np.nan_to_num(piece, nan=0.0, posinf=0.0, neginf=0.0)
                mono = _mean(heard)
        return np.asarray(np.clip(mono, -_FULL_SCALE, _FULL_SCALE), np.float32)


def _mean(piece: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the channels `[n, channels]`, column by column: along rows numpy is ten times as slow."""
    total = piece[:, 0].copy()
    for channel in range(1, piece.shape[1]):
        total += piece[:, channel]
    return total / np.float32(piece.shape[1]) if piece.shape[1] > 1 else total


def blocks(path: Path) -> Blocks:
    """The mono samples of a file in pieces; see `Blocks`."""
    return Blocks(path)

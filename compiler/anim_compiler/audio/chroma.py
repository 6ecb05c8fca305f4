"""The meter of the twelve notes: how strong each is, in whatever octave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOP, hann, power
from anim_compiler.audio.decode import RATE
from anim_compiler.audio.levels import level_curve, loud

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

NOTES: Final = 12
"""Classes of notes, from C (0) to B (11)."""

EVERY: Final = 8
"""Hops from one value to the next: 46 ms."""

_WIDTH: Final = 8192  # 372 ms: a semitone is two bins at 82 Hz
_RANGE_HZ: Final = (80.0, 2_100.0)
_A: Final = 440.0
_HALF_LIFE: Final = 0.120


class Chroma:
    """Measures the group `chroma`: `note0` (C) to `note11` (B), 21.5 values a second, and one scale for all.

    Each value sees the 372 ms around it. Only the peaks of the spectrum count, from 80 to 2100 Hz, each for
    the nearest note of equal temperament at A = 440 Hz. What is struck has few peaks and none that stay.
    """

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []
        step = RATE / _WIDTH
        self._first, self._last = (round(edge / step) for edge in _RANGE_HZ)
        hertz = np.arange(self._first, self._last) * step
        self._note = np.rint(12.0 * np.log2(hertz / _A)).astype(np.intp) + 9
        self._begins = np.flatnonzero(np.diff(self._note, prepend=self._note[0] - 1))

    def feed(self, block: Block) -> None:
        """Keeps thirteen numbers for each eighth hop: the notes' power, and all power."""
        seen = power(block.frames(-_WIDTH // 2, _WIDTH, EVERY), hann(_WIDTH))
        at = seen[:, self._first : self._last]
        left, right = (seen[:, self._first + side : self._last + side] for side in (-1, 1))
        peaks = np.where((at > left) & (at >= right), left + at + right, np.float32(0.0))
        notes = np.add.reduceat(peaks, self._begins, axis=1)
        classes = np.zeros((NOTES + 1, seen.shape[0]), np.float32)
        np.add.at(classes, self._note[self._begins] % NOTES, notes.T)
        classes[NOTES] = seen.sum(axis=1)
        self._parts.append(classes)

    def done(self) -> Curves:
        """The twelve curves and `scale`: 0 is silence, 1 the strongest note of the track's loud moments."""
        *classes, total = np.concatenate(self._parts, axis=1)
        rate = RATE / HOP / EVERY
        curves = [level_curve(one, _HALF_LIFE, loud(total), rate) for one in classes]
        strongest = np.maximum.reduce(curves)
        found = {f"note{number}": curve.astype(np.float32) for number, curve in enumerate(curves)}
        high = float(np.percentile(strongest, 99)) or float(strongest.max(initial=0.0))
        found["scale"] = np.array([0.0, high], np.float32)
        return found

"""A voice that sings vowels: a buzz with vibrato through three formants."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from tools.media.instruments import RATE, Sound, clock, fade, pitch

FORMANTS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "a": (730.0, 1_090.0, 2_440.0),
        "e": (530.0, 1_840.0, 2_480.0),
        "i": (270.0, 2_290.0, 3_010.0),
        "o": (570.0, 840.0, 2_410.0),
        "u": (300.0, 870.0, 2_240.0),
    }
)
"""Hertz of the formants of a vowel (Peterson and Barney 1952, means of men)."""

_WIDTHS = (90.0, 110.0, 170.0)
_LEVELS = (1.0, 0.6, 0.3)


def sung(note: float, seconds: float, vowel: str) -> Sound:
    """One syllable on a note, a vowel of FORMANTS; it begins within 30 ms."""
    time, hertz = clock(seconds), pitch(note)
    wavering = 1 + 0.008 * np.sin(2 * np.pi * 5.4 * time) * np.clip(time / 0.25, 0, 1)
    phase = 2 * np.pi * np.cumsum(hertz * wavering) / RATE
    sound = sum(_level(hertz * k, vowel) / k**0.6 * np.sin(k * phase) for k in range(1, int(5_500 / hertz)))
    return fade(np.tanh(np.asarray(sound)), 0.03, min(0.12, seconds / 3))


def _level(hertz: float, vowel: str) -> float:
    resonances = zip(FORMANTS[vowel], _WIDTHS, _LEVELS, strict=True)
    return float(sum(level / (1 + ((hertz - middle) / width) ** 2) for middle, width, level in resonances))

"""What of a sound is struck and what is tone: medians along time and along frequency (FitzGerald 2010).

A tone goes on and is narrow, a hit is short and wide: the median along time keeps the first, the median along
frequency the second, and what is larger tells how much of a band's power belongs to whom. Medians are of
nine values, taken from a sorting network of minima and maxima over whole arrays: exact, and some thirty
times as fast as sorting.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.decode import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH: Final = 2048
"""Samples that a mask's spectrum sees, the middle of them at its instant: 93 ms."""

EVERY: Final = 4
"""Hops from one mask to the next: 23 ms."""

REACH: Final = 8
"""Masks before and after the one in question that its medians see: 186 ms."""

_APART: Final = 2  # masks from one value of the median along time to the next
_BINS: Final = WIDTH // 2 + 1
_TAPS: Final = 9

#: compare-exchanges that put the median of nine in the middle (Paeth 1990)
_NETWORK: Final = (
    (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3), (5, 8), (4, 7), (3, 6),
    (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2),
)  # fmt: skip


@cache
def edges() -> tuple[int, ...]:
    """The first bin of each of the mask's bands: two bins wide to 650 Hz, above it a thirtieth of it."""
    found, edge = [], 2.0
    while edge < _BINS - 4:
        found.append(round(edge))
        edge += max(2.0, edge / 30.0)
    return tuple(sorted(set(found)))


@cache
def middles() -> NDArray[np.float64]:
    """The middle of each of the mask's bands in Hz: float64 `[bands]`."""
    ends = np.array([*edges()[1:], _BINS])
    return np.asarray((np.array(edges()) + ends - 1) / 2 * RATE / WIDTH, np.float64)


def struck(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of each band's power is struck, 0..1: float32 `[k, bands]`.

    `power` is that of the bands, `[REACH + k + REACH, bands]`, a mask's instant apart. The rest is tone.
    """
    count = power.shape[0] - 2 * REACH
    tone = _median([power[step * _APART : step * _APART + count] for step in range(_TAPS)])
    side = _TAPS // 2
    wide = np.pad(power[REACH : REACH + count], ((0, 0), (side, side)), mode="edge")
    hit = _median([wide[:, step : step + power.shape[1]] for step in range(_TAPS)])
    # Wiener's mask, of the squares
    np.square(tone, out=tone)
    np.square(hit, out=hit)
    tone += hit
    tone += np.float32(1e-24)
    hit /= tone
    return hit


def _median(values: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The median of nine arrays of one shape, value by value."""
    lanes = [value.copy() for value in values]
    spare = np.empty_like(lanes[0])
    for low, high in _NETWORK:
        np.minimum(lanes[low], lanes[high], out=spare)
        np.maximum(lanes[low], lanes[high], out=lanes[high])
        lanes[low], spare = spare, lanes[low]
    return lanes[4]

"""The bands that a spectrum is summed into: the lowest bins one by one, then about as wide as an ear hears.

Sums of neighbouring bins (`numpy.add.reduceat`) instead of a product with overlapping filters: the same on
every processor, and cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.decode import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

BIN_HZ: Final = RATE / 1024
"""Hz from one bin of a hop's spectrum to the next: 21.5."""

_SINGLE: Final = 12  # the bins below 250 Hz stand alone: 21.5, 43 … 237 Hz
_MID_END: Final = 186  # the first bin from 4000 Hz on
_BINS: Final = 513


def _edges() -> tuple[int, ...]:
    # to 1 kHz 86 Hz wide, then a twelfth of the frequency: Slaney's mel scale with 40 filters, nearly
    edges = list(range(1, _SINGLE))
    edge = float(_SINGLE)
    while edge < _BINS - 8:
        edges.append(round(edge))
        edge += max(4.0, edge / 12.0)
    return tuple(sorted({*edges, _MID_END}))


EDGES: Final = _edges()
"""The first bin of each band; the last one ends at 11025 Hz. The bin at 0 Hz belongs to none."""

BASS: Final = slice(0, EDGES.index(_SINGLE))
"""The bands of 20 to 250 Hz."""

MID: Final = slice(EDGES.index(_SINGLE), EDGES.index(_MID_END))
"""The bands of 250 to 4000 Hz."""

TREBLE: Final = slice(EDGES.index(_MID_END), len(EDGES))
"""The bands of 4000 Hz and up."""

#: where the bands of `flux` begin: the bass as three of them, so that it does not outweigh the rest
_FLUX: Final = (0, 3, 7, *range(_SINGLE - 1, len(EDGES)))

FLUX_BANDS: Final = len(_FLUX)
"""How many bands `flux` has."""

LOW_FLUX: Final = 3
"""So many of the lowest bands of `flux` hold the kick: 21 to 250 Hz."""


def centres() -> NDArray[np.float32]:
    """The middle of each band in Hz: float32 `[bands]`."""
    ends = np.array([*EDGES[1:], _BINS])
    return np.asarray((np.array(EDGES) + ends - 1) / 2 * BIN_HZ, np.float32)


def summed(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """The power of each band, `[hops, bands]`, of a spectrum `[hops, 513]`."""
    return np.asarray(np.add.reduceat(power, EDGES, axis=1), np.float32)


def flux(after: NDArray[np.float32], before: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each of about forty bands grew: float32 `[hops, k]` ≥ 0, of band powers `[hops, bands]`.

    The growth of the square root of the magnitude: it weighs quiet against loud as `log(1 + 100 x)` does
    down to 40 dB below the loudest, and needs not know the loudest.
    """
    grown = root(after)
    grown -= root(before)
    return np.maximum(grown, 0.0, out=grown)


def root(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """The square root of the magnitude in each band of `flux`: float32 `[hops, k]`, of band powers."""
    roots = np.sqrt(np.add.reduceat(power, _FLUX, axis=1))
    return np.asarray(np.sqrt(roots, out=roots), np.float32)


def flux_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values of the bands, `[hops, bands]`, as means over the bands of `flux`: float32 `[hops, k]`."""
    counts = np.diff([*_FLUX, len(EDGES)]).astype(np.float32)
    return np.asarray(np.add.reduceat(values, _FLUX, axis=1) / counts, np.float32)

"""What the beat tracker hears: how strongly something begins at each hop, low, middle and high."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio import bands

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

PULSES: Final = ("low", "middle", "high")
"""The curves of the group `pulse`: the kick's range to 250 Hz, up to 2 kHz, and above."""

_MIDDLE_BANDS: Final = 20  # bands of `flux` up to 2 kHz: to 1 kHz they are 86 Hz wide, then a twelfth
_LOUD: Final = 0.999  # the part of all hops below the strongest onsets, which are about 1


class Pulses:
    """Measures the group `pulse`: the curves of `PULSES`, float32 `[hops]` ≥ 0.

    Each is the growth of the roots of the magnitudes of its bands (see `bands.flux`), scaled so that all
    three together reach 1 at the track's strongest onsets: how loud a file is does not count, how its bands
    compare does.
    """

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []

    def feed(self, block: Block) -> None:
        """Keeps three numbers a hop."""
        grown = block.flux
        cuts = (bands.LOW_FLUX, bands.LOW_FLUX + _MIDDLE_BANDS)
        self._parts.append(np.stack([part.sum(axis=1) for part in np.split(grown, cuts, axis=1)]))

    def done(self) -> Curves:
        """The three curves."""
        rows = np.concatenate(self._parts, axis=1) if self._parts else np.zeros((3, 0), np.float32)
        loud = float(np.quantile(rows.sum(axis=0), _LOUD)) if rows.size else 0.0
        return dict(zip(PULSES, rows / np.float32(max(loud, 1e-6)), strict=True))

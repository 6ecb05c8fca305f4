"""The meter of a track's colour: how loud ten bands are, slowly, for telling its bars and sections apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio import bands
from anim_compiler.audio.block import HOPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

EVERY: Final = 16
"""Hops from one value to the next: 93 ms; each is the mean over them."""

RATE_OF_TIMBRE: Final = HOPS / EVERY
"""Values a second: 10.8."""

COLOURS: Final = 10
"""Bands, each about two thirds of an octave of what the ear tells apart; from low to high."""

_STARTS: Final = tuple(round(place) for place in np.linspace(0, len(bands.EDGES), COLOURS + 1)[:-1])


class Timbre:
    """Measures the group `timbre`: `band0` to `band9`, float32 at RATE_OF_TIMBRE: the fourth root of the mean
    power of each band (the square root of its magnitude), full scale 0.84.
    """

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []

    def feed(self, block: Block) -> None:
        """Keeps ten numbers for each sixteenth hop."""
        power = np.add.reduceat(block.after_bands, _STARTS, axis=1)
        starts = np.arange(0, block.hops, EVERY)
        counts = np.minimum(EVERY, block.hops - starts)[:, None]
        self._parts.append((np.add.reduceat(power, starts, axis=0) / counts).astype(np.float32))

    def done(self) -> Curves:
        """The ten curves."""
        rows = np.concatenate(self._parts) if self._parts else np.zeros((0, COLOURS), np.float32)
        return {
            f"band{number}": row.astype(np.float32) for number, row in enumerate(np.sqrt(np.sqrt(rows)).T)
        }

"""The meter of a track's two halves, drums and tones, and of the tones where a voice sings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio import bands
from anim_compiler.audio.levels import level, loud

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

PARTS: Final = ("percussive", "harmonic", "vocal_band")
"""The curves of the group `parts`."""

_HALF_LIFE: Final = {"percussive": 0.060, "harmonic": 0.120, "vocal_band": 0.120}
_VOICE_HZ: Final = (200.0, 4_000.0)
_LOW_HZ: Final = 150.0
_SPILL: Final = 0.02  # of a low note is seen above 200 Hz, as its spectrum is wide
_FAINT_DB: Final = -20.0


class Parts:
    """Measures the group `parts`: how loud what is struck is, what is tone, and the tones of 200 to 4000 Hz.

    The two halves' powers add up to the track's (`texture`): one number a hop each.
    """

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []
        middle = bands.centres()
        self._voice = ((middle >= _VOICE_HZ[0]) & (middle < _VOICE_HZ[1])).astype(np.float32)
        self._voice[middle < _LOW_HZ] = -_SPILL

    def feed(self, block: Block) -> None:
        """Keeps four numbers a hop."""
        power = block.after_bands
        struck = block.struck * power
        tones = power - struck
        self._parts.append(
            np.stack(
                [struck.sum(axis=1), tones.sum(axis=1), (tones * self._voice).sum(axis=1), power.sum(axis=1)]
            )
        )

    def done(self) -> Curves:
        """The three curves and their scales; see `levels`."""
        *rows, total = np.concatenate(self._parts, axis=1)
        moments = loud(total)
        found: dict[str, NDArray[np.float32]] = {}
        for name, power in zip(PARTS, rows, strict=True):
            found[name], found[f"{name}_scale"] = level(
                np.maximum(power, 0.0), _HALF_LIFE[name], moments, faint_db=_FAINT_DB
            )
        return found

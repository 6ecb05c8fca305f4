"""The meter of one band between two frequencies of the film's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import FINE_EVERY, HOPS
from anim_compiler.audio.decode import RATE
from anim_compiler.audio.levels import level, loud

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

_WIDTHS: Final = ((300.0, 1024), (50.0, 2048), (0.0, 4096))  # samples, by Hz from edge to edge
_HALF_LIFE: Final = 0.060
_PREFIX: Final = "band-"


def band_group(low: float, high: float) -> str:
    """The name of the group of a band between two frequencies in Hz: `band-20-80`."""
    return f"{_PREFIX}{_shown(low)}-{_shown(high)}"


def band_edges(group: str) -> tuple[float, float] | None:
    """The frequencies of a band's group in Hz; None for a group that is no band's."""
    if not group.startswith(_PREFIX):
        return None
    low, _, high = group.removeprefix(_PREFIX).partition("-")
    return float(low), float(high)


def _shown(hertz: float) -> str:
    return f"{hertz:.3f}".rstrip("0").rstrip(".")


class Band:
    """Measures how loud the sound between `low` and `high` Hz is: `band`, 86 values a second, and its scale.

    A bin that the band cuts counts by the part of it that lies inside. The narrower a band, the longer one
    must listen to tell it from its neighbours: 46 ms from 300 Hz of width on, 93 from 50, below it 186.
    """

    def __init__(self, low: float, high: float) -> None:
        self._parts: list[NDArray[np.float32]] = []
        self._width = next(width for least, width in _WIDTHS if high - low >= least)
        step = RATE / self._width
        centres = np.arange(self._width // 2 + 1) * step
        inside = np.minimum(high, centres + step / 2) - np.maximum(low, centres - step / 2)
        weights = np.clip(inside / step, 0.0, 1.0)
        self._first = int(np.flatnonzero(weights)[0])
        self._weights = weights[weights > 0].astype(np.float32)

    def feed(self, block: Block) -> None:
        """Keeps two numbers for every second hop."""
        fine = block.fine(self._width)
        inside = fine[:, self._first : self._first + self._weights.size] * self._weights
        self._parts.append(np.stack([inside.sum(axis=1), fine.sum(axis=1)]))

    def done(self) -> Curves:
        """The curve and its scale; see `levels`."""
        power, total = np.concatenate(self._parts, axis=1)
        curve, ends = level(power, _HALF_LIFE, loud(total), hops=HOPS / FINE_EVERY)
        return {"band": curve, "band_scale": ends}

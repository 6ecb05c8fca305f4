"""The shape of a track's wave, for pictures of it: the least and greatest sample of every hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves


class Outline:
    """Measures `low` and `high`, float32 `[hops]`, full scale -1..1: the extremes of the HOP samples of the
    mono mix that follow each hop's instant, without what stands still in them.
    """

    def __init__(self) -> None:
        self._low: list[NDArray[np.float32]] = []
        self._high: list[NDArray[np.float32]] = []

    def feed(self, block: Block) -> None:
        """Looks at the next block."""
        self._low.append(block.inside.min(axis=1))
        self._high.append(block.inside.max(axis=1))

    def done(self) -> Curves:
        """The curves, once the whole track was seen."""
        none = np.zeros(0, np.float32)
        return {
            "low": np.concatenate(self._low) if self._low else none,
            "high": np.concatenate(self._high) if self._high else none,
        }

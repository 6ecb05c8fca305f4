"""What is known of a track beside its curves: its length, and what was wrong with its samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Facts:
    """What decoding a whole track came to.

    `duration`: seconds of sound that could be read. `rate` (samples a second) and `channels` are the file's.
    `claimed`: seconds that the file's header says, 0 if it does not. `unheard`: samples that are no numbers
    and count as silence. `peak`: the greatest magnitude of the mono mix, 1 is full scale.
    `damaged`: 1 if a part of the file could not be decoded or its end lacks, else 0.
    """

    duration: float
    rate: float = 0.0
    channels: float = 0.0
    claimed: float = 0.0
    unheard: float = 0.0
    peak: float = 1.0
    damaged: float = 0.0

    def curves(self) -> dict[str, NDArray[np.float64]]:
        """As a group of curves, each float64 `[1]`, to be kept with the others."""
        return {field.name: np.array([getattr(self, field.name)], np.float64) for field in fields(self)}

    @classmethod
    def of(cls, curves: Mapping[str, NDArray[np.float32] | NDArray[np.float64]]) -> Facts:
        """The facts that `curves` gave; KeyError or IndexError if it is no such group."""
        known = {field.name for field in fields(cls)}
        given = {name: float(curve[0]) for name, curve in curves.items() if name in known}
        return cls(curves["duration"][0].item(), **{k: v for k, v in given.items() if k != "duration"})

"""Groups of curves measured together, in one pass over a track's samples."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np

from anim_compiler.audio.block import Block, cut
from anim_compiler.audio.decode import RATE
from anim_compiler.audio.packed import STEP

if TYPE_CHECKING:
    from numpy.typing import NDArray

Curves: TypeAlias = "Mapping[str, NDArray[np.float32] | NDArray[np.float64]]"
"""What a group holds by name: float32 curves, rounded to multiples of 2^-14, and float64 times and facts."""

TRACK: Final = "track"
"""The group that says how long a track is: `duration`, float64 `[1]`, in seconds."""


class Meter(Protocol):
    """Measures one group: sees every block of a track in order, then gives its curves."""

    def feed(self, block: Block) -> None:
        """Looks at the next block; keeps a few numbers a hop of it at most."""

    def done(self) -> Curves:
        """The group's curves, once the whole track was seen."""
        ...


def measure(samples: Iterable[NDArray[np.float32]], groups: Collection[str]) -> dict[str, Curves]:
    """The curves of `groups` and of TRACK, from a track's samples: pieces float32 `[n]` at RATE.

    The samples are gone through once. Raises KeyError for a group that no meter measures, and whatever
    the iterator raises.
    """
    from anim_compiler.audio.groups import meter

    meters = {group: meter(group) for group in sorted(set(groups) - {TRACK})}
    length = [0]
    for block in cut(_counted(samples, length)):
        for each in meters.values():
            each.feed(block)
    found: dict[str, Curves] = {group: rounded(each.done()) for group, each in meters.items()}
    found[TRACK] = {"duration": np.array([length[0] / RATE])}
    return found


def rounded(curves: Curves) -> Curves:
    """The curves as they are kept: float32 to multiples of 2^-14, so that a kept one equals a fresh one."""
    return {
        name: np.asarray(np.rint(curve * np.float32(STEP)) / np.float32(STEP), np.float32)
        if curve.dtype == np.float32
        else curve
        for name, curve in curves.items()
    }


def _counted(samples: Iterable[NDArray[np.float32]], length: list[int]) -> Iterator[NDArray[np.float32]]:
    for piece in samples:
        length[0] += piece.size
        yield piece

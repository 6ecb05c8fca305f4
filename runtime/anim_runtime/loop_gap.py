"""How well a film that loops closes: its last frame against its first, as any frame against the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_runtime.events import Warned
from anim_runtime.job import Job

#: neighbours that are compared at most, spread over the film
PAIRS = 16
#: a gap is told of if it is so many times what lies between other neighbours, and more than this of 0..1
WIDE, SEEN = 2.0, 0.004


@dataclass(frozen=True, slots=True)
class Gap:
    """Mean absolute differences of pictures of 0..1: `gap` from the last frame to the first, `usual` the
    median of neighbours.
    """

    gap: float
    usual: float

    @property
    def is_wide(self) -> bool:
        """Whether a viewer sees the film begin again."""
        return self.gap > max(WIDE * self.usual, SEEN)


def loop_gap(frames: int, shown: Callable[[int], NDArray[np.uint16]]) -> Gap:
    """What lies between the last frame of a film of so many frames and its first, and between neighbours.

    `shown(f)` is the picture that is shown at a frame, uint16 `[H,W,3]`.
    """
    if frames < 2:
        return Gap(0.0, 0.0)
    places = np.unique(np.linspace(0, frames - 2, min(PAIRS, frames - 1)).round().astype(int)).tolist()
    usual = float(np.median([difference(shown(f), shown(f + 1)) for f in places]))
    return Gap(difference(shown(frames - 1), shown(0)), usual)


def difference(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> float:
    """The mean absolute difference of two pictures uint16 `[H,W,3]`, 0..1."""
    return float(np.abs(one.astype(np.int32) - other).mean() / 65535.0)


def tell_loop_gap(job: Job, shown: Callable[[int], NDArray[np.uint16]]) -> None:
    """Warns if a film that loops shows where it begins again."""
    if not job.plan.loop:
        return
    found = loop_gap(job.plan.frames, shown)
    if found.is_wide:
        times = "" if found.usual == 0.0 else f", {found.gap / found.usual:.1f} times what is usual in it"
        message = (
            f"the loop shows where it begins again: its last frame and its first differ by {found.gap:.1%}"
            f"{times}; a longer `loop_time` or `coherence {{ flow = on }}` makes it smoother"
        )
        job.tell(Warned(at=time.time(), message=message))

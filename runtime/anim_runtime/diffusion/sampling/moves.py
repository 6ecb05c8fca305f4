"""What every sampler here is made of: a weighted sum of latents, pictures that the model saw, and noise."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from anim_runtime.diffusion.sampling.levels import Ladder, Level

MOST_RATIO = 1e4
"""Noise over picture that stands for noise alone where a place on the way has to be found."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A weighted sum: of the latents that the step began with, of what the model saw at this call and at
    those before it (newest first), and of noise drawn for this call and for those before it.
    """

    latents: float
    seen: tuple[float, ...]
    noise: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """What a call of the model makes of the latents: it is asked at `level`, and `to` are those it is
    asked of next. `mended` are those that the step begins with, where they are seen better from here than
    they were; `stays` says that the next call still belongs to this step.
    """

    level: Level
    to: Sum
    mended: Sum | None = None
    stays: bool = False

    @property
    def memory(self) -> int:
        """How many pictures that the model saw it takes."""
        return max(len(part.seen) for part in (self.to, self.mended) if part is not None)


Rule: TypeAlias = Callable[[Ladder, Sequence[Level], float], tuple[Move, ...]]
"""A sampler: its calls from the first of some levels of a ladder to the last, with so much `eta`."""


def straight(start: Level, end: Level, noise: tuple[float, ...] = ()) -> Sum:
    """The straight way to a level, as if what the model saw were true (Euler's step)."""
    share = end.sigma / start.sigma
    return Sum(share, (end.alpha - share * start.alpha,), noise)


def ancestral(start: float, end: float, eta: float) -> tuple[float, float]:
    """How far noise is taken away on the way between two ratios of noise over picture, and how much new noise
    then brings it to the second one.
    """
    if eta == 0.0 or end == 0.0:
        return end, 0.0
    kept = 1.0 - (end / start) ** 2
    up = min(end, eta * end * math.sqrt(max(0.0, kept)))
    return math.sqrt(max(0.0, end**2 - up**2)), up


def capped(ratio: float) -> float:
    """A ratio of noise over picture that is finite."""
    return min(ratio, MOST_RATIO)

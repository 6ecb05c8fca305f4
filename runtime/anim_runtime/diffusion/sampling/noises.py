"""The noise that samplers add at their steps: each row of a batch draws its own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from anim_runtime.diffusion.noise import sampler_generator
from anim_runtime.sending import sent


class Noises:
    """Standard normal noise of a batch, float32 `[B,C,h,w]`, call after call, by the seeds of its rows.

    It is drawn on the CPU, so that it is the same everywhere, and sent to the device without waiting for it.
    A seed between two whole ones gives noise on the arc between theirs.
    """

    def __init__(self, seeds: Sequence[float], shape: Sequence[int], device: torch.device) -> None:
        self._rows = [_streams(seed) for seed in seeds]
        self._shape = (1, *shape[1:])
        self._device = device

    def draw(self) -> torch.Tensor:
        """The noise of the next call."""
        return sent(torch.cat([self._drawn(row) for row in self._rows]), self._device)

    def generators(self) -> list[torch.Generator]:
        """The streams themselves, for those who draw on their own; of a fractional seed the lower one's."""
        return [row[0][0] for row in self._rows]

    def _drawn(self, row: Sequence[tuple[torch.Generator, float]]) -> torch.Tensor:
        parts = [torch.randn(self._shape, generator=stream) for stream, _ in row]
        if len(parts) == 1:
            return parts[0]
        return parts[0] * row[0][1] + parts[1] * row[1][1]


def _streams(seed: float) -> list[tuple[torch.Generator, float]]:
    """The streams of a seed and their weights, as `anim_runtime.ops.noise.between` has them."""
    low = math.floor(seed)
    if seed == low:
        return [(sampler_generator(low), 1.0)]
    angle = (seed - low) * math.pi / 2.0
    return [(sampler_generator(low), math.cos(angle)), (sampler_generator(low + 1), math.sin(angle))]

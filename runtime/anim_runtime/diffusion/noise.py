"""Gaussian noise as a function of its seed: the same whatever the device, the batch or the order."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from anim_runtime.ops.noise import between
from anim_runtime.sending import sent

#: streams of one seed; the second is for what a sampler adds at every step
INITIAL, SAMPLER = 0, 1


def initial_noise(seed: float, shape: tuple[int, int, int], device: torch.device) -> torch.Tensor:
    """Noise float32 `[1, channels, height, width]`, mean 0, deviation 1.

    Drawn on the CPU from Philox 4x64 (Salmon et al. 2011) keyed by the seed, then uploaded; a seed
    between two whole ones gives noise between theirs.
    """

    def drawn(whole: int) -> NDArray[np.float32]:
        key = np.array([whole % 2**64, INITIAL], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=key)).standard_normal(shape, dtype=np.float32)

    return sent(torch.from_numpy(between(seed, drawn)).unsqueeze(0), device)


def sampler_generator(seed: float) -> torch.Generator:
    """The CPU generator of the noise that ancestral and SDE samplers add, apart from the initial noise.

    It is a stream, not a picture: a seed between two whole ones has the lower one's.
    """
    key = np.array([math.floor(seed) % 2**64, SAMPLER], dtype=np.uint64)
    derived = np.random.Philox(key=key).random_raw()
    return torch.Generator("cpu").manual_seed(int(derived) % 2**63)

"""Gaussian noise as a function of its seed: the same whatever the device, the batch or the order."""

from __future__ import annotations

import numpy as np
import torch

#: streams of one seed; the second is for what a sampler adds at every step
INITIAL, SAMPLER = 0, 1


def initial_noise(seed: int, shape: tuple[int, int, int], device: torch.device) -> torch.Tensor:
    """Noise float32 `[1, channels, height, width]`, mean 0, deviation 1.

    Drawn on the CPU from Philox 4x64 (Salmon et al. 2011) keyed by the seed, then uploaded.
    """
    key = np.array([seed % 2**64, INITIAL], dtype=np.uint64)
    drawn = np.random.Generator(np.random.Philox(key=key)).standard_normal(shape, dtype=np.float32)
    return torch.from_numpy(drawn).unsqueeze(0).to(device)


def sampler_generator(seed: int) -> torch.Generator:
    """The CPU generator of the noise that ancestral and SDE samplers add, apart from the initial noise."""
    key = np.array([seed % 2**64, SAMPLER], dtype=np.uint64)
    derived = np.random.Philox(key=key).random_raw()
    return torch.Generator("cpu").manual_seed(int(derived) % 2**63)

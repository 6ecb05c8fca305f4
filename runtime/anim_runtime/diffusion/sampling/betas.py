"""The variances of a model's noise, from its scheduler config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def zero_snr_betas(config: Mapping[str, Any]) -> list[float]:
    """Betas of the config's schedule, rescaled to zero terminal SNR (arXiv:2305.08891, algorithm 1).

    The last cumulative alpha is 2^-24 and not 0, so that sigmas stay finite, as diffusers has it.
    """
    alphas_bar = np.sqrt(np.cumprod(1.0 - _betas(config)))
    first, last = alphas_bar[0], alphas_bar[-1]
    scaled = ((alphas_bar - last) * first / (first - last)) ** 2
    scaled[-1] = 2.0**-24
    ratios = np.concatenate((scaled[:1], scaled[1:] / scaled[:-1]))
    return [float(b) for b in 1.0 - ratios]


def _betas(config: Mapping[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    if config.get("trained_betas") is not None:
        return np.asarray(config["trained_betas"], dtype=np.float64)
    count = int(config.get("num_train_timesteps", 1000))
    start, end = float(config.get("beta_start", 0.0001)), float(config.get("beta_end", 0.02))
    kind = config.get("beta_schedule", "linear")
    if kind == "linear":
        return np.linspace(start, end, count)
    if kind == "scaled_linear":
        return np.linspace(start**0.5, end**0.5, count) ** 2
    if kind == "squaredcos_cap_v2":
        times = np.arange(count + 1) / count
        bars = np.cos((times + 0.008) / 1.008 * np.pi / 2) ** 2
        return np.asarray(np.minimum(1.0 - bars[1:] / bars[:-1], 0.999), dtype=np.float64)
    raise ValueError(f"the scheduler config names the beta schedule `{kind}`, which is not known")

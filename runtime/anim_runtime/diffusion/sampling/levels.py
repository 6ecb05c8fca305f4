"""The noise levels of a schedule, as numbers that are known before the first step.

Latents at a level are `alpha * picture + sigma * noise`. Models of variances are led with alpha 1 throughout
(Karras et al. 2022, arXiv:2206.00364), those of straight lines with alpha 1 - sigma (arXiv:2209.03003).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: what a model tells of latents: their noise, their velocity (Salimans and Ho 2022), the picture, or the
#: way from the picture to the noise
Prediction: TypeAlias = Literal["epsilon", "v_prediction", "sample", "flow"]


@dataclass(frozen=True, slots=True)
class Level:
    """One level: what the model is told of it, and the shares of the picture and of the noise."""

    timestep: float
    alpha: float
    sigma: float

    @property
    def ratio(self) -> float:
        """Noise over picture; infinite where nothing of a picture is left."""
        return self.sigma / self.alpha if self.alpha > 0.0 else math.inf


END = Level(0.0, 1.0, 0.0)
"""The picture itself."""


class Ladder(Protocol):
    """The levels of a run, from noise down to `END`, and those between them."""

    levels: tuple[Level, ...]
    prediction: Prediction

    def at(self, ratio: float) -> Level:
        """The level of that much noise over picture."""
        ...


class VarianceLadder:
    """Levels of models of variances: those of a diffusers scheduler with `sigmas`, which has its timesteps
    set and no annotations, hence Any.
    """

    def __init__(self, scheduler: Any) -> None:
        sigmas = [float(sigma) for sigma in scheduler.sigmas]
        times = [float(time) for time in scheduler.timesteps]
        rungs = zip(times, sigmas[: len(times)], strict=True)
        self.levels = (*(Level(time, 1.0, sigma) for time, sigma in rungs), END)
        self.prediction: Prediction = scheduler.config.prediction_type
        kept = scheduler.alphas_cumprod.double().numpy()
        #: of every timestep that the model was trained on
        self._logs: NDArray[np.float64] = 0.5 * (np.log1p(-kept) - np.log(kept))

    def at(self, ratio: float) -> Level:
        """The level of that sigma, its timestep between whole ones by the logarithm."""
        time = float(np.interp(math.log(ratio), self._logs, np.arange(len(self._logs))))
        return Level(time, 1.0, ratio)


class FlowLadder:
    """Levels of models of straight lines, spaced as the model's scheduler config says for pictures of
    `tokens` patches (Esser et al. 2024, arXiv:2403.03206). `even` takes the steps evenly down to the last
    1/steps of the way, as Flux and its kin have it; Stable Diffusion 3 goes on to the least level.
    """

    prediction: Prediction = "flow"

    def __init__(self, config: Mapping[str, Any], steps: int, tokens: int, even: bool) -> None:
        self._times = float(config.get("num_train_timesteps", 1000))
        moved = _shift(config, tokens)
        if even:
            sigmas = np.linspace(1.0, 1.0 / steps, steps)
        else:
            # the ends are moved once for the model's own table and again with the rest, as it is trained
            sigmas = np.linspace(1.0, 1.0 / self._times, 2)
            ends = sigmas if config.get("use_dynamic_shifting") else moved(sigmas)
            sigmas = np.linspace(ends[0], ends[1], steps)
        sigmas = moved(sigmas)
        terminal = config.get("shift_terminal")
        if terminal and steps > 1:
            sigmas = 1.0 - (1.0 - sigmas) * (1.0 - float(terminal)) / (1.0 - sigmas[-1])
        self.levels = (*(self._level(float(sigma)) for sigma in sigmas), END)

    def at(self, ratio: float) -> Level:
        """The level of that much noise over picture."""
        return self._level(ratio / (1.0 + ratio))

    def _level(self, sigma: float) -> Level:
        return Level(sigma * self._times, 1.0 - sigma, sigma)


class _Shift(Protocol):
    def __call__(self, sigmas: NDArray[np.float64], /) -> NDArray[np.float64]: ...


def _shift(config: Mapping[str, Any], tokens: int) -> _Shift:
    """How levels are moved towards noise: by a number, or by the size of the picture, of which larger ones
    need more noise to be hidden.
    """
    if config.get("use_dynamic_shifting"):
        mu = _mu(config, tokens)
        factor = mu if config.get("time_shift_type", "exponential") == "linear" else math.exp(mu)
    else:
        factor = float(config.get("shift", 1.0))
    return lambda sigmas: factor * sigmas / (1.0 + (factor - 1.0) * sigmas)


def _mu(config: Mapping[str, Any], tokens: int) -> float:
    """The shift of a picture of so many patches: on the line between those of the least and the largest."""
    least, most = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
    low, high = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
    return float(low + (high - low) * (tokens - least) / (most - least))

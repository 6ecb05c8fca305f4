"""The samplers of k-diffusion (Crowson 2022), from the formulas of the papers, in double precision.

Each takes latents `x`, a model of `(x, sigma)` that gives the picture, sigmas down to 0, and noise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch

Model = Callable[[torch.Tensor, float], torch.Tensor]
Noise = Callable[[], torch.Tensor]


def sd_logs() -> np.ndarray:
    """Logarithms of sigma at every timestep of Stable Diffusion 1.x."""
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    kept = np.cumprod(1.0 - betas)
    return 0.5 * np.log((1.0 - kept) / kept)


def plain_sigmas(steps: int) -> list[float]:
    logs = sd_logs()
    times = np.linspace(999, 0, steps)
    return [*np.exp(np.interp(times, np.arange(1000), logs)).tolist(), 0.0]


def karras_sigmas(steps: int, rho: float = 7.0) -> list[float]:
    low, high = (math.exp(sd_logs()[place]) ** (1 / rho) for place in (0, -1))
    return [*(((high + t * (low - high)) ** rho) for t in np.linspace(0, 1, steps)), 0.0]


def exponential_sigmas(steps: int) -> list[float]:
    logs = sd_logs()
    return [*np.exp(np.linspace(logs[-1], logs[0], steps)).tolist(), 0.0]


def sgm_sigmas(steps: int) -> list[float]:
    times = np.round(np.arange(1000, 0, -1000 / steps)[:steps]) - 1
    return [*np.exp(np.interp(times, np.arange(1000), sd_logs())).tolist(), 0.0]


def downwards(start: float, end: float, eta: float) -> tuple[float, float]:
    if not eta:
        return end, 0.0
    up = min(end, eta * (end**2 * (start**2 - end**2) / start**2) ** 0.5)
    return (end**2 - up**2) ** 0.5, up


def slope(x: torch.Tensor, sigma: float, denoised: torch.Tensor) -> torch.Tensor:
    return (x - denoised) / sigma


def euler(x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float) -> torch.Tensor:
    for start, end in pairwise(sigmas):
        x = x + slope(x, start, model(x, start)) * (end - start)
    return x


def euler_a(x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float) -> torch.Tensor:
    for start, end in pairwise(sigmas):
        down, up = downwards(start, end, eta)
        x = x + slope(x, start, model(x, start)) * (down - start)
        if end > 0:
            x = x + noise() * up
    return x


def heun(x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float) -> torch.Tensor:
    for start, end in pairwise(sigmas):
        first = slope(x, start, model(x, start))
        ahead = x + first * (end - start)
        if end == 0:
            x = ahead
        else:
            second = slope(ahead, end, model(ahead, end))
            x = x + (first + second) / 2 * (end - start)
    return x


def dpm2(x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float) -> torch.Tensor:
    return dpm2_a(x, model, sigmas, noise, 0.0)


def dpm2_a(x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float) -> torch.Tensor:
    for start, end in pairwise(sigmas):
        down, up = downwards(start, end, eta)
        first = slope(x, start, model(x, start))
        if down == 0:
            x = x + first * (down - start)
            continue
        middle = math.exp((math.log(start) + math.log(down)) / 2)
        ahead = x + first * (middle - start)
        x = x + slope(ahead, middle, model(ahead, middle)) * (down - start)
        if eta:
            x = x + noise() * up
    return x


def lms(x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float) -> torch.Tensor:
    slopes: list[torch.Tensor] = []
    for place, start in enumerate(sigmas[:-1]):
        slopes = [slope(x, start, model(x, start)), *slopes][:4]
        points = [sigmas[place - back] for back in range(len(slopes))]
        for which, found in enumerate(slopes):
            others = [point for other, point in enumerate(points) if other != which]
            # the integral of Lagrange's polynomial, exactly
            basis = np.poly1d(others, r=True) / np.prod([points[which] - other for other in others] or [1.0])
            whole = np.polyint(basis)
            x = x + found * float(whole(sigmas[place + 1]) - whole(start))
    return x


def dpmpp_2m(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float
) -> torch.Tensor:
    old, before = None, 0.0
    for start, end in pairwise(sigmas):
        denoised = model(x, start)
        if end == 0:
            return denoised
        step = math.log(start / end)
        towards = denoised
        if old is not None:
            ratio = before / step
            towards = (1 + 1 / (2 * ratio)) * denoised - old / (2 * ratio)
        x = end / start * x - math.expm1(-step) * towards
        old, before = denoised, step
    return x


def _2m_sde(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float, way: str
) -> torch.Tensor:
    old, before = None, 0.0
    for start, end in pairwise(sigmas):
        denoised = model(x, start)
        if end == 0:
            return denoised
        step = math.log(start / end)
        reach = step * (1 + eta)
        x = end / start * math.exp(-eta * step) * x - math.expm1(-reach) * denoised
        if old is not None:
            ratio = before / step
            if way == "heun":
                x = x + (-math.expm1(-reach) / -reach + 1) / ratio * (denoised - old)
            else:
                x = x - 0.5 * math.expm1(-reach) / ratio * (denoised - old)
        if eta:
            x = x + noise() * end * math.sqrt(-math.expm1(-2 * eta * step))
        old, before = denoised, step
    return x


def dpmpp_2m_sde(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float
) -> torch.Tensor:
    return _2m_sde(x, model, sigmas, noise, eta, "midpoint")


def dpmpp_2m_sde_heun(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float
) -> torch.Tensor:
    return _2m_sde(x, model, sigmas, noise, eta, "heun")


def dpmpp_3m_sde(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float
) -> torch.Tensor:
    seen: list[torch.Tensor] = []
    steps: list[float] = []
    for start, end in pairwise(sigmas):
        denoised = model(x, start)
        if end == 0:
            return denoised
        step = math.log(start / end)
        reach = step * (eta + 1)
        x = math.exp(-reach) * x - math.expm1(-reach) * denoised
        second = math.expm1(-reach) / reach + 1
        if len(seen) >= 2:
            near, far = steps[0] / step, steps[1] / step
            one, two = (denoised - seen[0]) / near, (seen[0] - seen[1]) / far
            first = one + (one - two) * near / (near + far)
            curve = (one - two) / (near + far)
            x = x + second * first - (second / reach - 0.5) * curve
        elif seen:
            x = x + second * (denoised - seen[0]) / (steps[0] / step)
        if eta:
            x = x + noise() * end * math.sqrt(-math.expm1(-2 * step * eta))
        seen, steps = [denoised, *seen][:2], [step, *steps][:2]
    return x


def dpmpp_2s_a(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float
) -> torch.Tensor:
    for start, end in pairwise(sigmas):
        denoised = model(x, start)
        down, up = downwards(start, end, eta)
        if down == 0:
            x = x + slope(x, start, denoised) * (down - start)
        else:
            here, there = -math.log(start), -math.log(down)
            step = there - here
            middle = math.exp(-(here + 0.5 * step))
            ahead = middle / start * x - math.expm1(-step * 0.5) * denoised
            x = down / start * x - math.expm1(-step) * model(ahead, middle)
        if end > 0:
            x = x + noise() * up
    return x


def dpmpp_sde(
    x: torch.Tensor, model: Model, sigmas: Sequence[float], noise: Noise, eta: float
) -> torch.Tensor:
    for start, end in pairwise(sigmas):
        denoised = model(x, start)
        if end == 0:
            x = x + slope(x, start, denoised) * (end - start)
            continue
        here, there = -math.log(start), -math.log(end)
        middle = math.exp(-(here + 0.5 * (there - here)))
        # a Brownian path over sigma, at the middle and at the end of the step
        half = noise() * math.sqrt(start - middle)
        whole = half + noise() * math.sqrt(middle - end)
        down, up = downwards(start, middle, eta)
        ahead = down / start * x - math.expm1(here + math.log(down)) * denoised
        ahead = ahead + half / math.sqrt(start - middle) * up
        second = model(ahead, middle)
        down, up = downwards(start, end, eta)
        x = down / start * x - math.expm1(here + math.log(down)) * second
        x = x + whole / math.sqrt(start - end) * up
    return x

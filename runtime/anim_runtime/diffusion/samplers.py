"""Samplers by the names people use (AUTOMATIC1111's and Deforum's), as diffusers schedulers.

The mapping and its distance from k-diffusion, the samplers behind those names, were measured on an
analytic denoiser; rows with `note` are near, not equal. Importing this module does not import torch.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: what a model's scheduler_config.json says about the model itself; the rest belongs to the sampler
MODEL_FACTS = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "trained_betas",
    "prediction_type",
)


@dataclass(frozen=True, slots=True)
class Sampler:
    """One row: the diffusers class, its arguments, and what is special about it.

    `dense_timesteps` asks for A1111's grid `round(linspace(last, 0, steps))`, which no
    `timestep_spacing` of diffusers gives; `needs` is a package beyond the required ones;
    `step_args` go to every `step` call.
    """

    name: str
    scheduler: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    dense_timesteps: bool = False
    needs: str = ""
    step_args: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnknownSampler:
    """A name the table does not have, and the nearest one that it has."""

    name: str
    nearest: str
    reason: str = ""

    @property
    def message(self) -> str:
        """One sentence that says what to write instead."""
        why = self.reason or f"there is no sampler `{self.name}`"
        return f"{why}; the nearest is `{self.nearest}`"


_LINSPACE = {"timestep_spacing": "linspace"}
_ZERO = {"final_sigmas_type": "zero"}
_SDE = {"algorithm_type": "sde-dpmsolver++", **_ZERO}
_COMPVIS = {"steps_offset": 1, "set_alpha_to_one": False, "timestep_spacing": "leading"}
_SINGLE = {"solver_order": 2, "lower_order_final": True, **_ZERO}
_THIRD = {**_SDE, "solver_order": 3}
_NEAR_3M = "third order differs from k-diffusion by 3 to 5 percent"
_NEAR_2S = "deterministic where A1111's is ancestral"


def _spaced(name: str, scheduler: str, arguments: Mapping[str, Any], **more: Any) -> tuple[Sampler, ...]:
    """The row and its ` Karras` and ` Exponential` siblings."""
    karras = {**arguments, "use_karras_sigmas": True}
    exponential = {**arguments, "use_exponential_sigmas": True}
    plain = Sampler(name, scheduler, arguments, **more)
    more.pop("dense_timesteps", None)
    return (
        plain,
        Sampler(f"{name} Karras", scheduler, karras, **more),
        Sampler(f"{name} Exponential", scheduler, exponential, **more),
    )


_ROWS: tuple[Sampler, ...] = (
    *_spaced("Euler", "EulerDiscreteScheduler", _LINSPACE),
    Sampler("Euler a", "EulerAncestralDiscreteScheduler", _LINSPACE),
    *_spaced("LMS", "LMSDiscreteScheduler", _LINSPACE),
    *_spaced("Heun", "HeunDiscreteScheduler", _LINSPACE),
    *_spaced("DPM2", "KDPM2DiscreteScheduler", _LINSPACE),
    *_spaced("DPM2 a", "KDPM2AncestralDiscreteScheduler", _LINSPACE),
    *_spaced("DPM++ 2M", "DPMSolverMultistepScheduler", _ZERO, dense_timesteps=True),
    *_spaced("DPM++ 2M SDE", "DPMSolverMultistepScheduler", _SDE, dense_timesteps=True),
    *_spaced(
        "DPM++ 2M SDE Heun",
        "DPMSolverMultistepScheduler",
        {**_SDE, "solver_type": "heun"},
        dense_timesteps=True,
    ),
    *_spaced("DPM++ 3M SDE", "DPMSolverMultistepScheduler", _THIRD, dense_timesteps=True, note=_NEAR_3M),
    *_spaced("DPM++ SDE", "DPMSolverSDEScheduler", _LINSPACE, needs="torchsde"),
    *_spaced("DPM++ 2S a", "DPMSolverSinglestepScheduler", _SINGLE, note=_NEAR_2S),
    Sampler("UniPC", "UniPCMultistepScheduler", {"solver_order": 2, "use_karras_sigmas": True, **_ZERO}),
    Sampler("DDIM", "DDIMScheduler", {**_COMPVIS, "clip_sample": False}),
    Sampler("PLMS", "PNDMScheduler", {**_COMPVIS, "skip_prk_steps": True}),
    Sampler("LCM", "LCMScheduler", {"clip_sample": False}),
    Sampler("TCD", "TCDScheduler", {"clip_sample": False}, step_args={"eta": 0.3}),
    Sampler("DEIS", "DEISMultistepScheduler", {}),
    Sampler("SA-Solver", "SASolverScheduler", {}),
)
_ALIASES = {
    "euler_a": "Euler a",
    "euler ancestral": "Euler a",
    "k_euler": "Euler",
    "k_euler_ancestral": "Euler a",
    "k_lms": "LMS",
    "k_heun": "Heun",
    "k_dpm_2": "DPM2",
    "k_dpm_2_ancestral": "DPM2 a",
    "k_dpmpp_2m": "DPM++ 2M",
    "k_dpmpp_sde": "DPM++ SDE",
    "k_dpmpp_2s_ancestral": "DPM++ 2S a",
    "pndm": "PLMS",
}
_ABSENT = {
    "dpm fast": "DPM++ 2M Karras",
    "dpm adaptive": "DPM++ 2M Karras",
    "restart": "Heun Karras",
}

#: every sampler by its name, in the order a menu shows them
SAMPLERS: Mapping[str, Sampler] = {row.name: row for row in _ROWS}


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())


_BY_PLAIN = {_plain(n): r for n, r in SAMPLERS.items()} | {
    _plain(a): SAMPLERS[n] for a, n in _ALIASES.items()
}


def find_sampler(name: str) -> Sampler | UnknownSampler:
    """The row of that name (case and spacing do not count), or the nearest name."""
    wanted = _plain(name)
    found = _BY_PLAIN.get(wanted)
    if found is not None:
        return found
    if wanted in _ABSENT:
        return UnknownSampler(name, _ABSENT[wanted], f"`{name}` has no diffusers counterpart")
    near = difflib.get_close_matches(wanted, _BY_PLAIN, n=1, cutoff=0.0)
    return UnknownSampler(name, _BY_PLAIN[near[0]].name)


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


def build_scheduler(sampler: Sampler, config: Mapping[str, Any]) -> Any:
    """A diffusers scheduler for this sampler over a model's `scheduler_config.json`.

    Only the model's own facts are taken from the config. Raises ImportError if `sampler.needs` is absent.
    The type is diffusers', which ships no annotations: hence Any.
    """
    import diffusers

    facts = {name: config[name] for name in MODEL_FACTS if config.get(name) is not None}
    if config.get("rescale_betas_zero_snr"):
        facts["trained_betas"] = zero_snr_betas(config)
    arguments = dict(sampler.arguments)
    trailing = config.get("rescale_betas_zero_snr") or config.get("timestep_spacing") == "trailing"
    if trailing and arguments.get("timestep_spacing") == "leading":
        # the leading grid leaves out the last timesteps, where such a model starts from pure noise
        arguments |= {"timestep_spacing": "trailing", "steps_offset": 0}
    return getattr(diffusers, sampler.scheduler).from_config({**facts, **arguments})


class Schedules:
    """Schedulers of one model, made once per (sampler, steps) and copied for every batch."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = dict(config)
        self._made: dict[tuple[str, int], Any] = {}

    def take(self, sampler: Sampler, steps: int, seeds: Sequence[int]) -> Any:
        """A fresh scheduler with its timesteps set, for a batch of pictures with these seeds, which feed
        those schedulers that draw noise by themselves.
        """
        key = (sampler.name, steps)
        if key not in self._made:
            self._made[key] = self._prepare(sampler, steps)
        scheduler = copy.deepcopy(self._made[key])
        if hasattr(scheduler, "noise_sampler_seed"):
            # DPMSolverSDE takes no generator; with a list of seeds it grows a Brownian tree for each row
            scheduler.noise_sampler_seed = [seed % 2**31 for seed in seeds]
        return scheduler

    def _prepare(self, sampler: Sampler, steps: int) -> Any:
        scheduler = build_scheduler(sampler, self._config)
        last = int(scheduler.config.num_train_timesteps) - 1
        if sampler.dense_timesteps and steps > 1:
            # np.round goes to even; the grid is integral either way, and equal steps need steps <= last
            grid = np.linspace(last, 0, min(steps, last)).round().astype(np.int64)
            scheduler.set_timesteps(timesteps=grid.tolist())
        else:
            scheduler.set_timesteps(steps)
        return scheduler

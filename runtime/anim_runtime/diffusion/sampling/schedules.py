"""The schedules of a model: what its scheduler config says of it, and runs for each batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import torch

from anim_compiler.models.families import Family
from anim_runtime.diffusion.samplers import SAMPLERS, Sampler, UnknownSampler, find_sampler
from anim_runtime.diffusion.sampling.betas import zero_snr_betas
from anim_runtime.diffusion.sampling.levels import END, FlowLadder, Ladder, VarianceLadder
from anim_runtime.diffusion.sampling.library import LibraryRun, Prepared, copied
from anim_runtime.diffusion.sampling.noises import Noises
from anim_runtime.diffusion.sampling.rules import RULES
from anim_runtime.diffusion.sampling.runs import AncestralRun, Path, RuledRun, Run, ancestral_ways
from anim_runtime.diffusion.sampling.singlestep import DROWNED

#: what a model's scheduler_config.json says about the model itself; the rest belongs to the sampler
MODEL_FACTS = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "trained_betas",
    "prediction_type",
)
#: consistency models are distilled from so many steps, of which theirs are some
_CONSISTENCY, _DISTILLED_STEPS = ("LCMScheduler", "TCDScheduler"), 50

#: so many schedules are kept, the newest
KEPT = 256

_Made = TypeVar("_Made")


class Schedules:
    """Schedules of one model, made once for every kind of run: by the sampler, the number of steps, where the
    run begins, and the noise that is put back.
    """

    def __init__(self, config: Mapping[str, Any], family: Family | None, device: torch.device) -> None:
        self._config = dict(config)
        self._device = device
        self._even = family is None or family.name != "sd3"
        self.is_flow = is_flow(config)
        self._made: dict[tuple[Any, ...], Any] = {}

    def find(self, name: str) -> Sampler | UnknownSampler:
        """The sampler of that name for this model."""
        return find_sampler(name, flow=self.is_flow)

    def run(
        self,
        sampler: Sampler,
        steps: int,
        taken: int,
        eta: float | None,
        size: Sequence[int],
        seeds: Sequence[float],
    ) -> Run:
        """A run of the last `taken` of `steps` for latents of `size` (`[B,C,h,w]`), whose rows have these
        seeds.
        """
        noises = Noises(seeds, size, self._device)
        told = sampler.eta if eta is None or sampler.eta is None else eta
        rule = sampler.rule
        if not rule and (steps <= sampler.leaps or told != sampler.eta or (sampler.other and self._drowns())):
            rule = sampler.other
        if rule:
            path = self._path(sampler, rule, steps, taken, told or 0.0, tokens_of(size))
            return AncestralRun(path, noises) if path.ways else RuledRun(path, noises)
        prepared = self._kept((sampler.name, steps), lambda: self._prepared(sampler, steps))
        begin = (steps - taken) * int(prepared.scheduler.order)
        given = {} if told is None or "eta" not in prepared.takes else {"eta": told}
        return LibraryRun(prepared, begin, noises, given, draws=bool(told))

    def _path(self, sampler: Sampler, rule: str, steps: int, taken: int, eta: float, tokens: int) -> Path:
        def make() -> Path:
            key = ("ladder", sampler.name, steps, tokens if self.is_flow else 0)
            ladder = self._kept(key, lambda: self._ladder(sampler, steps, tokens))
            levels = ladder.levels[max(0, len(ladder.levels) - 1 - taken) :]
            moves, order = RULES[rule](ladder, levels, eta), 2 if sampler.twice else 1
            plain = rule == "euler ancestral" and not self.is_flow
            ways = ancestral_ways(levels, eta) if plain else ()
            return Path.of(moves, ladder.prediction, order, self._device, ways)

        return self._kept((sampler.name, steps, taken, eta, tokens if self.is_flow else 0), make)

    def _drowns(self) -> bool:
        """Whether runs begin with so much noise that slopes tell nothing there."""

        def beginning() -> float:
            euler = SAMPLERS["Euler"]
            return VarianceLadder(self._scheduler(euler, euler.scheduler, 2)).levels[0].ratio

        return self._kept(("beginning",), beginning) > DROWNED

    def _ladder(self, sampler: Sampler, steps: int, tokens: int) -> Ladder:
        leaps = steps <= sampler.leaps
        spaced = steps + 1 if leaps else steps
        ladder: Ladder = (
            FlowLadder(self._config, spaced, tokens, self._even)
            if self.is_flow
            else VarianceLadder(self._scheduler(sampler, "EulerDiscreteScheduler", spaced))
        )
        if leaps:
            ladder.levels = (*ladder.levels[:-2], END)
        return ladder

    def _prepared(self, sampler: Sampler, steps: int) -> Prepared:
        return Prepared.of(self._scheduler(sampler, sampler.scheduler, steps), self._device)

    def _scheduler(self, sampler: Sampler, name: str, steps: int) -> Any:
        """A scheduler of diffusers, which has no annotations, with its timesteps set."""
        made = self._kept((sampler.name, name), lambda: build_scheduler(sampler, self._config, name))
        scheduler = copied(made)
        last = int(scheduler.config.num_train_timesteps) - 1
        if steps > last and scheduler.config.get("steps_offset"):
            # every timestep is taken, and there is none beyond the last to move to
            scheduler.register_to_config(steps_offset=0)
        if steps == 1 and scheduler.config.get("timestep_spacing") in ("linspace", "leading"):
            # their only timestep is the last of all, which is told of hardly any noise
            scheduler.register_to_config(timestep_spacing="trailing")
        if sampler.grid == "trailing":
            _set_timesteps(scheduler, _trailing(last, steps))
        elif sampler.grid == "dense" and steps > 1:
            _set_timesteps(scheduler, _dense(last, steps))
        elif name in _CONSISTENCY and steps > _DISTILLED_STEPS:
            scheduler.set_timesteps(steps, original_inference_steps=steps)
        else:
            scheduler.set_timesteps(steps)
        return scheduler

    def _kept(self, key: tuple[Any, ...], make: Callable[[], _Made]) -> _Made:
        if key not in self._made:
            self._made[key] = make()
            if len(self._made) > KEPT:
                # an `eta` that is a curve makes a new one every frame
                del self._made[next(iter(self._made))]
        made: _Made = self._made[key]
        return made


def build_scheduler(sampler: Sampler, config: Mapping[str, Any], name: str = "") -> Any:
    """A diffusers scheduler for this sampler over a model's `scheduler_config.json`, by default of the
    sampler's own class. Only the model's own facts are taken from the config.
    """
    import diffusers

    facts = {name: config[name] for name in MODEL_FACTS if config.get(name) is not None}
    if config.get("rescale_betas_zero_snr"):
        facts["trained_betas"] = zero_snr_betas(config)
    arguments = dict(sampler.arguments)
    spacing = arguments.get("timestep_spacing")
    trailing = config.get("rescale_betas_zero_snr") or config.get("timestep_spacing") == "trailing"
    if trailing and spacing == "leading":
        # the leading grid leaves out the last timesteps, where such a model starts from pure noise
        arguments |= {"timestep_spacing": "trailing", "steps_offset": 0}
    if is_distilled(config) and spacing == "linspace":
        arguments["timestep_spacing"] = "trailing"
    return getattr(diffusers, name or sampler.scheduler).from_config({**facts, **arguments})


def is_flow(config: Mapping[str, Any]) -> bool:
    """Whether a model's scheduler config is one of straight lines."""
    named = str(config.get("_class_name", ""))
    return named.startswith("FlowMatch") or config.get("prediction_type") == "flow_prediction"


def is_distilled(config: Mapping[str, Any]) -> bool:
    """Whether a model wants its few steps at the ends of equal parts, as SD-Turbo and SDXL-Turbo say it."""
    euler = str(config.get("_class_name", "")).startswith("Euler")
    return euler and config.get("timestep_spacing") == "trailing"


def tokens_of(size: Sequence[int]) -> int:
    """The patches of 2×2 latents that transformers take a picture in."""
    return int((size[-2] // 2) * (size[-1] // 2))


def _dense(last: int, steps: int) -> list[int]:
    # np.round goes to even; the grid is integral either way, and equal steps need steps <= last
    return [int(time) for time in np.linspace(last, 0, min(steps, last)).round()]


def _trailing(last: int, steps: int) -> list[int]:
    return [int(time) - 1 for time in np.arange(last + 1, 0, -(last + 1) / steps)[:steps].round()]


def _set_timesteps(scheduler: Any, times: list[int]) -> None:
    scheduler.set_timesteps(timesteps=times)

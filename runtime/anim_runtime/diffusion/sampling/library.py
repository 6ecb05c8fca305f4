"""Runs by the schedulers of diffusers, which have no annotations: hence Any."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from anim_runtime.diffusion.sampling.noises import Noises


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scheduler with its timesteps set, which is copied for every run; `times` are these on the device."""

    scheduler: Any
    times: torch.Tensor
    #: what its step takes besides: `generator`, `variance_noise`, `eta`
    takes: frozenset[str]
    #: those shares that were asked for already
    known: dict[int, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, scheduler: Any, device: torch.device) -> Prepared:
        """That of a scheduler."""
        takes = frozenset(inspect.signature(scheduler.step).parameters)
        return cls(scheduler, scheduler.timesteps.to(device), takes)

    def shares(self, place: int) -> tuple[float, float]:
        """What of a picture and of noise there is in the latents of a call."""
        if place not in self.known:
            self.known[place] = _shares(self.scheduler, place)
        return self.known[place]


class LibraryRun:
    """A run from the call `begin` of all that a scheduler makes. What a scheduler tells of its levels stays
    on the host, so that a step does not wait for the device.
    """

    def __init__(
        self, prepared: Prepared, begin: int, noises: Noises, arguments: Mapping[str, Any], draws: bool
    ) -> None:
        self.timesteps = prepared.times[begin:]
        self._scheduler = copied(prepared.scheduler)
        self.order: int = self._scheduler.order
        self._times = list(prepared.scheduler.timesteps[begin:])
        self._prepared, self._begin = prepared, begin
        self._noises = noises
        self._given = dict(arguments)
        self._draws = draws and "variance_noise" in prepared.takes
        if "generator" in prepared.takes and not self._draws:
            # a list gives every row the noise of its own
            self._given["generator"] = noises.generators()
        if hasattr(self._scheduler, "set_begin_index"):
            self._scheduler.set_begin_index(begin)

    def begun(self, noise: torch.Tensor) -> torch.Tensor:
        """The noise, as strong as the scheduler begins with it."""
        started: torch.Tensor = noise * self._scheduler.init_noise_sigma
        return started

    def under(self, place: int, pictures: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """As the scheduler's own `add_noise`."""
        picture, much = self._prepared.shares(self._begin + place)
        return pictures * picture + noise * much

    def shown(self, latents: torch.Tensor, place: int) -> torch.Tensor:
        """As the scheduler scales them."""
        scaled: torch.Tensor = self._scheduler.scale_model_input(latents, self._times[place])
        return scaled

    def step(self, predicted: torch.Tensor, place: int, latents: torch.Tensor) -> torch.Tensor:
        """The scheduler's own step."""
        if self._draws:
            self._given["variance_noise"] = self._noises.draw()
        made: torch.Tensor = self._scheduler.step(
            predicted, self._times[place], latents, return_dict=False, **self._given
        )[0]
        return made


def copied(scheduler: Any) -> Any:
    """A scheduler of diffusers that remembers steps of its own: of what one holds, lists alone are changed in
    place.
    """
    own = copy.copy(scheduler)
    for name, value in vars(scheduler).items():
        if isinstance(value, list):
            setattr(own, name, list(value))
    return own


def _shares(scheduler: Any, place: int) -> tuple[float, float]:
    """The shares of picture and noise at a call, as the scheduler itself would mix them."""
    probe = copied(scheduler)
    if hasattr(probe, "set_begin_index"):
        probe.set_begin_index(place)
    one, none = torch.ones(1), torch.zeros(1)
    time = scheduler.timesteps[place : place + 1]
    return float(probe.add_noise(one, none, time)), float(probe.add_noise(none, one, time))

"""A sampler's way from noise to a picture, as the engine's loop goes it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import torch

from anim_runtime.diffusion.sampling.levels import Level, Prediction
from anim_runtime.diffusion.sampling.moves import Move, Sum
from anim_runtime.diffusion.sampling.noises import Noises
from anim_runtime.sending import sent_numbers


class Run(Protocol):
    """One batch's run. `place` counts the calls of the model from the run's first."""

    #: what the model is told at each call, on the device: `[calls]`
    timesteps: torch.Tensor
    #: calls a step
    order: int

    def begun(self, noise: torch.Tensor) -> torch.Tensor:
        """The latents of noise alone, before the first of all steps."""
        ...

    def under(self, place: int, pictures: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Latents of pictures under the noise of a call."""
        ...

    def shown(self, latents: torch.Tensor, place: int) -> torch.Tensor:
        """The latents as the model takes them at a call."""
        ...

    def step(self, predicted: torch.Tensor, place: int, latents: torch.Tensor) -> torch.Tensor:
        """The latents after a call, of what the model predicted: float32, both."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """How a model's view of latents at a level is reckoned: they are shown to it over `over`, and the picture
    that it sees is `latents / by + predicted * told`.
    """

    over: float
    by: float
    told: float

    def picture(self, latents: torch.Tensor, predicted: torch.Tensor) -> torch.Tensor:
        """What the model sees in latents."""
        return latents / self.by + predicted * self.told

    @classmethod
    def at(cls, level: Level, prediction: Prediction) -> View:
        """Reckoned at single precision in the order of diffusers, so that pictures stay what they were."""
        sigma = torch.tensor(level.sigma)
        over = 1.0 if prediction == "flow" else float((sigma**2 + 1) ** 0.5)
        if prediction == "sample":
            return cls(over, math.inf, 1.0)
        if prediction == "v_prediction":
            return cls(over, float(sigma**2 + 1), float(-sigma / (sigma**2 + 1) ** 0.5))
        return cls(over, 1.0, -level.sigma)


@dataclass(frozen=True, slots=True)
class Path:
    """The calls of a run by a rule, and what belongs to each; `timesteps` are on the device, `ways` those of
    an `AncestralRun`.
    """

    moves: tuple[Move, ...]
    views: tuple[View, ...]
    timesteps: torch.Tensor
    order: int
    ways: tuple[tuple[float, float], ...] = ()

    @classmethod
    def of(
        cls,
        moves: Sequence[Move],
        prediction: Prediction,
        order: int,
        device: torch.device,
        ways: tuple[tuple[float, float], ...] = (),
    ) -> Path:
        """That of some moves."""
        views = tuple(View.at(move.level, prediction) for move in moves)
        times = sent_numbers([move.level.timestep for move in moves], device)
        return cls(tuple(moves), views, times, order, ways)


class RuledRun:
    """A run by a rule made here: nothing in it waits for the device."""

    def __init__(self, path: Path, noises: Noises) -> None:
        self.timesteps = path.timesteps
        self.order = path.order
        self._moves = path.moves
        self._views = path.views
        self._memory = max(move.memory for move in path.moves)
        self._noises = noises
        self._base: torch.Tensor | None = None
        self._stays = False
        self._seen: list[torch.Tensor] = []
        self._drawn: list[torch.Tensor] = []

    def begun(self, noise: torch.Tensor) -> torch.Tensor:
        """The noise, as strong as at the first level."""
        return noise * self._moves[0].level.sigma

    def under(self, place: int, pictures: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """The weighted sum that a level is."""
        level = self._moves[place].level
        return pictures * level.alpha + noise * level.sigma

    def shown(self, latents: torch.Tensor, place: int) -> torch.Tensor:
        """Of models of variances at variance 1."""
        return latents / self._views[place].over

    def step(self, predicted: torch.Tensor, place: int, latents: torch.Tensor) -> torch.Tensor:
        """By the move of that call."""
        move, view = self._moves[place], self._views[place]
        self._seen = [view.picture(latents, predicted), *self._seen][: self._memory]
        if move.mended is not None and self._base is not None:
            self._base = self._summed(move.mended, self._base)
        elif not self._stays or self._base is None:
            self._base = latents
        if move.to.noise:
            self._drawn = [self._noises.draw(), *self._drawn][:2]
        self._stays = move.stays
        return self._summed(move.to, self._base)

    def _summed(self, parts: Sum, base: torch.Tensor) -> torch.Tensor:
        made = base * parts.latents
        for weight, picture in zip(parts.seen, self._seen, strict=False):
            if weight:
                made = made + picture * weight
        for weight, noise in zip(parts.noise, self._drawn, strict=False):
            if weight:
                made = made + noise * weight
        return made


class AncestralRun(RuledRun):
    """Euler's with new noise, for models of variances: the sum in the order of diffusers' own class, so that
    pictures stay what they were, to the last bit.
    """

    def __init__(self, path: Path, noises: Noises) -> None:
        super().__init__(path, noises)
        self._ways = path.ways

    def step(self, predicted: torch.Tensor, place: int, latents: torch.Tensor) -> torch.Tensor:
        """The slope at this level, all the way down, and noise."""
        view, sigma = self._views[place], self._moves[place].level.sigma
        way, up = self._ways[place]
        made = latents + (latents - view.picture(latents, predicted)) / sigma * way
        return made + self._noises.draw() * up if up else made


def ancestral_ways(levels: Sequence[Level], eta: float) -> tuple[tuple[float, float], ...]:
    """The way of each step in sigma and its new noise, at single precision."""
    return tuple(_ancestral_way(start.sigma, end.sigma, eta) for start, end in pairwise(levels))


def _ancestral_way(start: float, end: float, eta: float) -> tuple[float, float]:
    """The way of a step in sigma and the new noise, at single precision."""
    first, last = torch.tensor(start), torch.tensor(end)
    up = (last**2 * (first**2 - last**2) / first**2) ** 0.5 * eta
    down = (last**2 - up**2) ** 0.5
    return float(down - first), float(up)

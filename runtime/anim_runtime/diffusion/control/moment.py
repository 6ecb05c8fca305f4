"""A step of the denoiser as a ControlNet sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch

from anim_runtime.diffusion.denoiser import Residuals
from anim_runtime.diffusion.told import Told


@dataclass(frozen=True, slots=True)
class Moment:
    """The denoiser's batch of latents `[B,C,h,w]`, the timestep, what the batch is told, and the guidance
    float32 `[B]` that models with an embedding for it are given. The pictures stand in it `copies` times; the
    last time toward the text.
    """

    latents: torch.Tensor
    timestep: torch.Tensor
    told: Told
    guidance: torch.Tensor | None = None
    copies: int = 1


class Net(Protocol):
    """One ControlNet of any family."""

    #: as the film calls it
    name: str

    def shown(self, hint: torch.Tensor, height: int, width: int, latent: tuple[int, int]) -> torch.Tensor:
        """A hint `[B,3,H,W]` of 0..1 as the network takes it, for frames and latents of that size. It is
        made once a picture, and is the same tensor at each of its steps.
        """
        ...

    def __call__(self, moment: Moment, shown: torch.Tensor) -> Residuals:
        """What it adds at weight 1."""
        ...

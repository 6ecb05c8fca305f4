"""The denoiser under classifier-free guidance (Ho and Salimans 2022), for several pictures at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch

from anim_runtime.diffusion.denoiser import Adapters, Controls, Denoiser
from anim_runtime.diffusion.request import Request
from anim_runtime.sending import sent_numbers


class Guide(Protocol):
    """The denoiser under guidance, for all of a picture at once or not."""

    def __call__(
        self, latents: torch.Tensor, timestep: torch.Tensor, done: float = 0.0, until: float = 1.0
    ) -> torch.Tensor:
        """What is predicted of latents at a call; see `Guidance`."""
        ...


class Guides(Protocol):
    """A kind of guides."""

    def __call__(
        self,
        denoiser: Denoiser,
        requests: Sequence[Request],
        tokens: tuple[int, ...],
        adapters: Adapters | None = None,
        controls: Controls | None = None,
    ) -> Guide:
        """The guide of a batch; see `Guidance`."""
        ...


class Guidance:
    """One denoiser call a step: without the text and toward it in one batch of two a picture, or one each.

    LoRAs get the weights of the batch, ControlNets its hints.
    """

    def __init__(
        self,
        denoiser: Denoiser,
        requests: Sequence[Request],
        tokens: tuple[int, ...],
        adapters: Adapters | None = None,
        controls: Controls | None = None,
    ) -> None:
        self._denoiser = denoiser
        self._controls = controls if controls is not None and requests[0].hints else None
        self._guided = requests[0].signature.guided and not denoiser.embeds_guidance
        texts = [request.negative for request in requests] if self._guided else []
        texts += [request.positive for request in requests]
        self._told = denoiser.told(texts, tokens)
        scales = [request.how.cfg_scale for request in requests]
        device = self._told.streams[0].device
        self._scales = sent_numbers(scales, device)
        copies = 2 if self._guided else 1
        if adapters is not None:
            adapters.weigh([request.loras for request in requests], copies)
        if self._controls is not None:
            self._controls.prepare(requests, copies)

    def __call__(
        self, latents: torch.Tensor, timestep: torch.Tensor, done: float = 0.0, until: float = 1.0
    ) -> torch.Tensor:
        """What the model predicts of latents `[B,C,h,w]`, float32 and of the same shape; the step goes from
        `done` to `until` (0..1) of the sampling.
        """
        batch = (torch.cat([latents, latents]) if self._guided else latents).to(self._denoiser.dtype)
        scales = self._scales if self._denoiser.embeds_guidance else None
        residuals = None
        if self._controls is not None:
            residuals = self._controls.residuals(batch, timestep, self._told, done, until, scales)
        raw = self._denoiser(batch, timestep, self._told, guidance=scales, residuals=residuals)
        predicted = raw.float()
        if not self._guided:
            return predicted
        without, toward = predicted.chunk(2)
        return self._denoiser.guided(without, toward, self._scales)

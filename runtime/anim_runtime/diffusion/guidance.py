"""The denoiser under classifier-free guidance (Ho and Salimans 2022), for several pictures at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from anim_runtime.diffusion.request import Request


class Guidance:
    """One denoiser call a step: without the text and toward it in one batch of two a picture, or one each.

    The denoiser comes from diffusers without annotations: hence Any.
    """

    def __init__(self, denoiser: Any, requests: Sequence[Request], tokens: int, dtype: torch.dtype) -> None:
        self._denoiser = denoiser
        self._dtype = dtype
        self._guided = requests[0].how.cfg_scale != 1.0
        texts = [request.negative for request in requests] if self._guided else []
        texts += [request.positive for request in requests]
        self._states = torch.cat([_repeated(text, tokens) for text in texts]).to(dtype)
        scales = [request.how.cfg_scale for request in requests]
        self._scales = torch.tensor(scales, dtype=torch.float32, device=self._states.device).view(-1, 1, 1, 1)

    def __call__(self, latents: torch.Tensor, timestep: torch.Tensor) -> torch.Tensor:
        """What the model predicts of latents `[B,C,h,w]`, float32 and of the same shape."""
        batch = torch.cat([latents, latents]) if self._guided else latents
        raw = self._denoiser(
            batch.to(self._dtype), timestep, encoder_hidden_states=self._states, return_dict=False
        )[0]
        predicted: torch.Tensor = raw.float()
        if not self._guided:
            return predicted
        without, toward = predicted.chunk(2)
        return without + self._scales * (toward - without)


def _repeated(text: torch.Tensor, tokens: int) -> torch.Tensor:
    # cross attention has no order over keys: a text repeated whole is attended to as the text alone
    times = -(-tokens // text.shape[1])
    return text if times == 1 else text.repeat(1, times, 1)[:, :tokens]

"""Qwen-Image: a transformer over packed patches and the states of a language model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from anim_runtime.diffusion.denoiser import Residuals, plainly_guided
from anim_runtime.diffusion.families.packing import PATCH, packed, unpacked
from anim_runtime.diffusion.families.steps import per_row
from anim_runtime.diffusion.told import Conditioning, Told, longest, padded


class QwenDenoiser:
    """A diffusers `QwenImageTransformer2DModel`; untyped, hence Any."""

    embeds_guidance = False

    def __init__(self, transformer: Any) -> None:
        self.model = transformer
        self.dtype: torch.dtype = transformer.dtype

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """The words, filled with zeros that do not count."""
        lengths = [row.tokens for row in rows]
        told = padded(rows, longest(lengths), self.dtype)
        # attention without a mask is faster, and alike where nothing is filled
        return told if len(set(lengths)) > 1 else Told(told.streams, told.pooled)

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        """The velocity at latents `[B,16,h,w]` of even height and width."""
        height, width = latents.shape[-2:]
        predicted: torch.Tensor = self.model(
            hidden_states=packed(latents),
            timestep=per_row(timestep, latents) / 1000.0,
            encoder_hidden_states=told.streams[0],
            encoder_hidden_states_mask=self.mask(told),
            img_shapes=[[(1, height // PATCH, width // PATCH)]] * latents.shape[0],
            controlnet_block_samples=list(residuals.blocks) if residuals and residuals.blocks else None,
            return_dict=False,
        )[0]
        return unpacked(predicted, height, width)

    def mask(self, told: Told) -> torch.Tensor | None:
        """Which words count, bool `[B, tokens]`; None if all do."""
        if told.counts is None:
            return None
        places = torch.arange(told.streams[0].shape[1], device=told.streams[0].device)
        return places < told.counts[0].unsqueeze(1)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """Away from what is predicted without the text, each patch as long as it is toward the text: the
        family is made to be guided so.
        """
        height, width = toward.shape[-2:]
        wanted = packed(toward).norm(dim=-1, keepdim=True)
        away = packed(plainly_guided(without, toward, scales))
        return unpacked(away * (wanted / away.norm(dim=-1, keepdim=True)), height, width)

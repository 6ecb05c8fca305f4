"""Stable Diffusion 3: a transformer over patches and the words of two CLIPs and T5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from anim_runtime.diffusion.denoiser import Residuals, plainly_guided
from anim_runtime.diffusion.families.groups import grouped, in_groups
from anim_runtime.diffusion.families.steps import per_row
from anim_runtime.diffusion.told import Conditioning, Told


class SD3Denoiser:
    """A diffusers `SD3Transformer2DModel`; untyped, hence Any."""

    embeds_guidance = False

    def __init__(self, transformer: Any) -> None:
        self.model = transformer
        self.dtype: torch.dtype = transformer.dtype
        self._width = int(transformer.config.joint_attention_dim)

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """The words of all encoders one after the other, `[B, tokens of both, width of T5]`."""
        return grouped([self._joined(row) for row in rows], self.dtype)

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
        steps = per_row(timestep, latents)
        blocks = list(residuals.blocks) if residuals is not None else []

        def draw(part: Told) -> torch.Tensor:
            predicted: torch.Tensor = self.model(
                hidden_states=latents,
                timestep=steps,
                encoder_hidden_states=part.streams[0],
                pooled_projections=part.pooled,
                block_controlnet_hidden_states=blocks or None,
                return_dict=False,
            )[0]
            return predicted

        return in_groups(told, draw)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """Away from what is predicted without the text."""
        return plainly_guided(without, toward, scales)

    def _joined(self, row: Conditioning) -> Conditioning:
        pad = torch.nn.functional.pad
        wide = [pad(stream, (0, self._width - stream.shape[2])) for stream in row.streams]
        return Conditioning((torch.cat(wide, dim=1),), row.pooled)

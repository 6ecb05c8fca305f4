"""Flux.1: a transformer over packed patches and the words of T5, with CLIP's vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from anim_runtime.diffusion.denoiser import Residuals, plainly_guided
from anim_runtime.diffusion.families.groups import grouped, in_groups
from anim_runtime.diffusion.families.packing import packed, positions, unpacked
from anim_runtime.diffusion.families.steps import per_row
from anim_runtime.diffusion.told import Conditioning, Told


class FluxDenoiser:
    """A diffusers `FluxTransformer2DModel`; untyped, hence Any. The one of Flux.1 dev embeds the guidance."""

    def __init__(self, transformer: Any) -> None:
        self.model = transformer
        self.dtype: torch.dtype = transformer.dtype
        self.embeds_guidance = bool(transformer.config.guidance_embeds)
        self._positions: dict[tuple[int, int, torch.device], torch.Tensor] = {}

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """The words of T5, as many as each text has."""
        return grouped(rows, self.dtype)

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
        patches, steps = packed(latents), per_row(timestep, latents) / 1000.0
        where = self.positions(height, width, latents.device)
        scales = guidance if self.embeds_guidance else None

        def draw(part: Told) -> torch.Tensor:
            words = part.streams[0]
            predicted: torch.Tensor = self.model(
                hidden_states=patches,
                timestep=steps,
                guidance=scales,
                pooled_projections=part.pooled,
                encoder_hidden_states=words,
                txt_ids=where.new_zeros((words.shape[1], 3)),
                img_ids=where,
                return_dict=False,
                **_given(residuals),
            )[0]
            return predicted

        return unpacked(in_groups(told, draw), height, width)

    def positions(self, height: int, width: int, device: torch.device) -> torch.Tensor:
        """Where each patch of latents of that size lies, as its ControlNets are told too."""
        key = (height, width, device)
        if key not in self._positions:
            self._positions[key] = positions(height, width, device)
        return self._positions[key]

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """Away from what is predicted without the text."""
        return plainly_guided(without, toward, scales)


def _given(residuals: Residuals | None) -> dict[str, list[torch.Tensor]]:
    """What ControlNets add, by the names of the model's arguments; an empty list is none."""
    if residuals is None:
        return {}
    told = {
        "controlnet_block_samples": list(residuals.blocks),
        "controlnet_single_block_samples": list(residuals.single),
    }
    return {name: blocks for name, blocks in told.items() if blocks}

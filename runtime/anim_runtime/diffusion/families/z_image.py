"""Z-Image: one stream of words and patches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from anim_runtime.diffusion.denoiser import Residuals, plainly_guided
from anim_runtime.diffusion.families.steps import per_row
from anim_runtime.diffusion.told import Conditioning, Told, longest, padded


class ZDenoiser:
    """A diffusers `ZImageTransformer2DModel`, which takes rows as lists; untyped, hence Any."""

    embeds_guidance = False

    def __init__(self, transformer: Any) -> None:
        self.model = transformer
        self.dtype: torch.dtype = transformer.dtype

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """The words; how many count is in `counts`, kept on the CPU, where rows are cut to them."""
        lengths = [row.tokens for row in rows]
        told = padded(rows, longest(lengths), self.dtype)
        return Told(told.streams, told.pooled, (torch.tensor([length[0] for length in lengths]),))

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        """The velocity at latents `[B,16,h,w]` of even height and width.

        The model counts time from noise to picture and looks that way: the other families do the opposite.
        """
        blocks = None
        if residuals is not None and residuals.blocks:
            blocks = dict(enumerate(residuals.blocks))
        drawn = self.model(
            list(latents.unsqueeze(2).unbind(0)),
            1.0 - per_row(timestep, latents) / 1000.0,
            _words(told),
            controlnet_block_samples=blocks,
            return_dict=False,
        )[0]
        return -torch.stack(list(drawn)).squeeze(2)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """Away from what is predicted without the text: `cfg_scale` 1 more than diffusers' own scale for
        this family, which counts from the text.
        """
        return plainly_guided(without, toward, scales)


def _words(told: Told) -> list[torch.Tensor]:
    words = told.streams[0]
    if told.counts is None:
        return list(words.unbind(0))
    return [row[:count] for row, count in zip(words.unbind(0), told.counts[0].tolist(), strict=True)]

"""Stable Diffusion XL: a U-Net that is also told sizes and the text as one vector."""

from __future__ import annotations

from typing import Any

import torch

from anim_runtime.diffusion.denoiser import UNetDenoiser
from anim_runtime.diffusion.told import Told

#: pixels that a latent is wide and high
PX = 8


class XLDenoiser(UNetDenoiser):
    """A diffusers `UNet2DConditionModel` with `text_time` embeddings; untyped, hence Any.

    It is told that the picture has the size that it is drawn at, and not cropped (Podell et al. 2023, §2.2).
    """

    def __init__(self, unet: Any) -> None:
        super().__init__(unet)
        self._sizes: dict[tuple[int, int, torch.device], torch.Tensor] = {}

    def added(self, latents: torch.Tensor, told: Told) -> dict[str, torch.Tensor | None]:
        """The sizes and the vectors, as a ControlNet of the family takes them too."""
        height, width = latents.shape[-2] * PX, latents.shape[-1] * PX
        key = (height, width, latents.device)
        if key not in self._sizes:
            # original size, where the crop begins, wanted size
            self._sizes[key] = torch.tensor(
                [[height, width, 0, 0, height, width]], dtype=self.dtype, device=latents.device
            )
        sizes = self._sizes[key].expand(latents.shape[0], -1)
        return {"text_embeds": told.pooled, "time_ids": sizes}

    def _besides(self, latents: torch.Tensor, told: Told) -> dict[str, Any]:
        return {"added_cond_kwargs": self.added(latents, told)}

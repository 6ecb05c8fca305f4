"""Pictures to latents and back, for models with a variational autoencoder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch

#: pixels that an autoencoder works on at once; larger batches go through it picture by picture, because
#: its first layers hold hundreds of numbers a pixel and gain little from company
AT_ONCE_PX = 8 * 256 * 256


class Codec(Protocol):
    """A pair of maps between pictures `[B,3,H,W]` of 0..1 and latents of about unit variance."""

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        ...

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the latents of a picture of that size in pixels."""
        ...

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents of pictures."""
        ...

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures of that size, of 0..1, of latents."""
        ...


class VaeCodec:
    """A diffusers `AutoencoderKL` as a codec; the edge is untyped, hence Any.

    The mode of the posterior is taken, not a sample: a still picture stays still.
    """

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        self._factor = 2 ** (len(vae.config.block_out_channels) - 1)
        self._scale = float(vae.config.scaling_factor)
        self._shift = float(getattr(vae.config, "shift_factor", None) or 0.0)

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return int(self._vae.config.latent_channels)

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Rounded up: ragged edges are repeated outwards and cut off again."""
        return -(-height // self._factor), -(-width // self._factor)

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents float32 `[B,C,h,w]` of pictures `[B,3,H,W]` of 0..1."""
        height, width = images.shape[-2:]
        rows, columns = self.latent_size(height, width)
        edges = (0, columns * self._factor - width, 0, rows * self._factor - height)
        if any(edges):
            images = torch.nn.functional.pad(images, edges, mode="replicate")
        latents = _in_turn(self._mode, images, height * width)
        return (latents - self._shift) * self._scale

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures float32 `[B,3,height,width]` of 0..1 of latents `[B,C,h,w]`."""
        images = _in_turn(self._pixels, latents / self._scale + self._shift, height * width)
        return (images / 2.0 + 0.5)[..., :height, :width].clamp(0.0, 1.0)

    def _mode(self, images: torch.Tensor) -> torch.Tensor:
        posterior = self._vae.encode((images * 2.0 - 1.0).to(self._vae.dtype)).latent_dist
        latents: torch.Tensor = posterior.mode().float()
        return latents

    def _pixels(self, latents: torch.Tensor) -> torch.Tensor:
        raw = self._vae.decode(latents.to(self._vae.dtype), return_dict=False)[0]
        images: torch.Tensor = raw.float()
        return images


def _in_turn(work: Callable[[torch.Tensor], torch.Tensor], rows: torch.Tensor, area_px: int) -> torch.Tensor:
    """What `work` makes of a batch of pictures of that area: all at once, or else each by itself."""
    if len(rows) * area_px <= AT_ONCE_PX:
        return work(rows)
    return torch.cat([work(row) for row in rows.chunk(len(rows))])

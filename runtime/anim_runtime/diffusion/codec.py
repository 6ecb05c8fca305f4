"""Pictures to latents and back, for models with a variational autoencoder."""

from __future__ import annotations

import math
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
    """A diffusers autoencoder of pictures (`AutoencoderKL`, `AutoencoderTiny`) as a codec; the edge is
    untyped, hence Any.

    The mode of the posterior is taken, not a sample: a still picture stays still. Height and width of latents
    are multiples of `align`, for models that take several at once.
    """

    def __init__(self, vae: Any, align: int = 1) -> None:
        self.vae = vae
        self._factor = 2 ** (len(vae.config.block_out_channels) - 1)
        self._align = align
        self._scale = float(vae.config.scaling_factor)
        self._shift = float(getattr(vae.config, "shift_factor", None) or 0.0)

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return int(self.vae.config.latent_channels)

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Rounded up: ragged edges are repeated outwards and cut off again."""
        step = self._factor * self._align
        return -(-height // step) * self._align, -(-width // step) * self._align

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents float32 `[B,C,h,w]` of pictures `[B,3,H,W]` of 0..1."""
        height, width = images.shape[-2:]
        rows, columns = self.latent_size(height, width)
        edges = (0, columns * self._factor - width, 0, rows * self._factor - height)
        if any(edges):
            images = torch.nn.functional.pad(images, edges, mode="replicate")
        return self._scaled(_in_turn(self._mode, images, height * width))

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures float32 `[B,3,height,width]` of 0..1 of latents `[B,C,h,w]`."""
        images = _in_turn(self._pixels, self._unscaled(latents), height * width)
        return (images / 2.0 + 0.5)[..., :height, :width].clamp(0.0, 1.0)

    def _scaled(self, latents: torch.Tensor) -> torch.Tensor:
        return (latents - self._shift) * self._scale

    def _unscaled(self, latents: torch.Tensor) -> torch.Tensor:
        return latents / self._scale + self._shift

    def _mode(self, images: torch.Tensor) -> torch.Tensor:
        told = self.vae.encode((images * 2.0 - 1.0).to(self.vae.dtype))
        # a tiny autoencoder has no posterior
        latents: torch.Tensor = told.latent_dist.mode() if hasattr(told, "latent_dist") else told.latents
        return latents.float()

    def _pixels(self, latents: torch.Tensor) -> torch.Tensor:
        raw = self.vae.decode(latents.to(self.vae.dtype), return_dict=False)[0]
        images: torch.Tensor = raw.float()
        if raw.dtype == torch.float16:
            # what is beyond its range is no number, and no white either
            images = images.nan_to_num(nan=math.nan, posinf=math.nan, neginf=math.nan)
        return images


class FilmVaeCodec(VaeCodec):
    """A diffusers `AutoencoderKLQwenImage`: pictures are films of one frame, and every channel of a latent
    has a mean and a deviation of its own.
    """

    def __init__(self, vae: Any, align: int = 1) -> None:
        self.vae = vae
        self._factor = 2 ** len(vae.config.temperal_downsample)
        self._align = align
        numbers = torch.tensor([vae.config.latents_mean, vae.config.latents_std], device=vae.device)
        self._mean, self._deviation = numbers.view(2, 1, -1, 1, 1).unbind(0)

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return int(self.vae.config.z_dim)

    def _scaled(self, latents: torch.Tensor) -> torch.Tensor:
        return (latents - self._mean.to(latents.device)) / self._deviation.to(latents.device)

    def _unscaled(self, latents: torch.Tensor) -> torch.Tensor:
        # the model may have been loaded elsewhere
        return latents * self._deviation.to(latents.device) + self._mean.to(latents.device)

    def _mode(self, images: torch.Tensor) -> torch.Tensor:
        return super()._mode(images.unsqueeze(2)).squeeze(2)

    def _pixels(self, latents: torch.Tensor) -> torch.Tensor:
        return super()._pixels(latents.unsqueeze(2)).squeeze(2)


def _in_turn(work: Callable[[torch.Tensor], torch.Tensor], rows: torch.Tensor, area_px: int) -> torch.Tensor:
    """What `work` makes of a batch of pictures of that area: all at once, or else each by itself."""
    if len(rows) * area_px <= AT_ONCE_PX:
        return work(rows)
    return torch.cat([work(row) for row in rows.chunk(len(rows))])

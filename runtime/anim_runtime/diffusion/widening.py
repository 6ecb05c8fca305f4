"""Autoencoders whose numbers leave the range of float16, with some pictures only: they go on in float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from anim_runtime.diffusion.codec import Codec


class WideningCodec:
    """A codec that is looked after while it computes in float16. Each picture is looked at, which waits for
    the device: hence only where it can happen. Tiny autoencoders hold their numbers by themselves.
    """

    def __init__(self, codec: Codec, told: Callable[[str], None]) -> None:
        self.plain = codec
        #: the autoencoder, where there is one: untyped, hence Any
        self.vae: Any = getattr(codec, "vae", codec)
        self._told = told

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return self.plain.channels

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the latents of a picture of that size in pixels."""
        return self.plain.latent_size(height, width)

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents of pictures."""
        return self._held(images, lambda: self.plain.encode(images))

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures of that size, of 0..1, of latents."""
        return self._held(latents, lambda: self.plain.decode(latents, height, width))

    def _held(self, given: torch.Tensor, work: Callable[[], torch.Tensor]) -> torch.Tensor:
        made = work()
        if not self._may_overflow() or _is_finite(made) or not _is_finite(given):
            return made
        self.vae.to(torch.float32)
        self._told("the model's VAE overflows float16: it goes on in float32")
        return work()

    def _may_overflow(self) -> bool:
        is_half = getattr(self.vae, "dtype", None) == torch.float16
        return is_half and type(self.vae).__name__ != "AutoencoderTiny"


def _is_finite(numbers: torch.Tensor) -> bool:
    return bool(torch.isfinite(numbers).all())

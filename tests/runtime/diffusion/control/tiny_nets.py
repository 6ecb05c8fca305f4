"""Tiny random ControlNets that do something, and engines around tiny random models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from tests.runtime.diffusion.families import parts

from anim_runtime.diffusion.codec import VaeCodec
from anim_runtime.diffusion.control.loading import net_of
from anim_runtime.diffusion.control.nets import ControlNets
from anim_runtime.diffusion.denoiser import Denoiser, UNetDenoiser
from anim_runtime.diffusion.families.xl import XLDenoiser
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken
from anim_runtime.spent import Spent, clock_of

#: the widths of the layers that a hint goes through
CHANNELS = (4, 8, 8, 8)


class Silent:
    """Text encoders of an engine that is only given encoded texts."""

    tell: Callable[[str], None] = print

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        """Nothing is encoded in these tests."""
        raise NotImplementedError

    def tokens(self, text: str) -> tuple[int, ...]:
        """Nothing is counted either."""
        raise NotImplementedError

    def forget(self) -> None:
        """There is nothing to forget."""

    def rest(self) -> None:
        """There is no memory to give back."""


def loud(net: Any, seed: int) -> Any:
    """The network with random weights where ControlNets begin with zeros."""
    generator = torch.Generator().manual_seed(seed)
    for weights in net.parameters():
        if not bool(weights.any()):
            weights.data = 0.3 * torch.randn(weights.shape, generator=generator)
    return net.eval().requires_grad_(requires_grad=False)


def unet_net(unet: Any, seed: int = 0) -> Any:
    """A `ControlNetModel` for a U-Net."""
    import diffusers

    torch.manual_seed(seed)
    known: Any = diffusers.ControlNetModel
    return loud(known.from_unet(unet, conditioning_embedding_out_channels=CHANNELS), seed)


def engine(denoiser: Denoiser, vae: Any, nets: Sequence[tuple[str, str, Any]]) -> DiffusionEngine:
    """An engine around parts; each network with its name and kind."""
    codec = VaeCodec(vae)
    made = [net_of(name, kind, net, denoiser, codec) for name, kind, net in nets]
    return DiffusionEngine(
        name="tiny",
        fingerprint="tiny",
        device=torch.device("cpu"),
        prompts=Silent(),
        denoiser=denoiser,
        codec=codec,
        scheduler_config=dict(parts.ddim().config),
        spent=Spent(clock_of("cpu")),
        controls=ControlNets(made),
    )


def sd1() -> tuple[Any, Any]:
    """A U-Net as Stable Diffusion 1 has, and its VAE."""
    torch.manual_seed(3)
    return parts.unet(16).eval(), parts.vae().eval()


def sdxl() -> tuple[Any, Any]:
    """The same of XL."""
    torch.manual_seed(4)
    return parts.xl_unet(16, 24).eval(), parts.vae().eval()


def denoiser_of(unet: Any) -> Denoiser:
    """The U-Net as the engine asks it."""
    return XLDenoiser(unet) if unet.config.addition_embed_type else UNetDenoiser(unet)


def conditioning(seed: int, *, pooled: int = 0) -> Conditioning:
    """A random encoded text of seven tokens."""
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn((1, 7, 16), generator=generator)
    vector = torch.randn((1, pooled), generator=generator) if pooled else None
    return Conditioning((states,), vector)


def picture(seed: int, height: int = 64, width: int = 64) -> torch.Tensor:
    """Random dots."""
    return torch.rand((1, 3, height, width), generator=torch.Generator().manual_seed(seed))

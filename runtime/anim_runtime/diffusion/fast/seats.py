"""Parts of a model that take turns on the device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.denoiser import Denoiser, Residuals
from anim_runtime.diffusion.encoders import TextPart
from anim_runtime.diffusion.fast.ways import WAYS, Seat, Way
from anim_runtime.diffusion.told import Conditioning, Told


def moved(module: Any, device: torch.device) -> None:
    """Moves a module; diffusers and transformers are untyped, hence Any."""
    module.to(device)
    if device.type == "cpu" and torch.cuda.is_available():
        torch.cuda.empty_cache()


class Seats:
    """Who is on the device. A part that is about to work asks for its seat; those that may not be there
    meanwhile go to the CPU, and `left` is called: what was recorded of the device reads their weights.
    """

    def __init__(
        self,
        device: torch.device,
        way: Way = WAYS[0],
        move: Callable[[Any, torch.device], None] = moved,
        left: Callable[[], None] = lambda: None,
    ) -> None:
        self.way = way
        self.left = left
        self._device = device
        self._move = move
        self._parts: dict[Seat, list[Any]] = {"text": [], "denoiser": [], "codec": []}
        self._there: set[Seat] = set()

    def add(self, seat: Seat, module: Any, *, is_there: bool = True) -> None:
        """Takes a part, which is on the device or on the CPU; one that is no module needs no seat."""
        if isinstance(module, torch.nn.Module):
            self._parts[seat].append(module)
            if is_there:
                self._there.add(seat)
            if seat in self._there:
                # text encoders come one after the other, and share their seat
                for one in self._parts[seat]:
                    self._move(one, self._device)

    def release(self, seat: Seat) -> None:
        """Leave a part to itself from now on, on the CPU: something else moves it."""
        self.clear([other for other in self._there if other != seat])
        self._parts[seat] = []

    def take(self, seat: Seat) -> None:
        """Have a part on the device, and nothing that may not be there with it."""
        group = next(group for group in self.way.groups if seat in group)
        self.clear(group)
        if seat not in self._there:
            self._there.add(seat)
            for module in self._parts[seat]:
                self._move(module, self._device)

    def clear(self, but: Sequence[Seat] = ()) -> None:
        """Send parts to the CPU, all but some."""
        for seat in sorted(self._there.difference(but)):
            self._there.discard(seat)
            for module in self._parts[seat]:
                self._move(module, torch.device("cpu"))
            if self._parts[seat]:
                self.left()


class SeatedDenoiser:
    """A denoiser that asks for its seat before it works."""

    def __init__(self, denoiser: Denoiser, seats: Seats) -> None:
        self.plain = denoiser
        self.model: Any = denoiser.model
        self.dtype = denoiser.dtype
        self.embeds_guidance = denoiser.embeds_guidance
        self._seats = seats

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """As the denoiser takes them. LoRAs are merged into it behind this, so that it has to be there."""
        self._seats.take("denoiser")
        return self.plain.told(rows, tokens)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """As the denoiser guides."""
        return self.plain.guided(without, toward, scales)

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        """What the denoiser predicts; see `Denoiser`."""
        self._seats.take("denoiser")
        return self.plain(latents, timestep, told, guidance=guidance, residuals=residuals)


class SeatedCodec:
    """A codec that asks for its seat before it works."""

    def __init__(self, codec: Codec, seats: Seats) -> None:
        self.plain = codec
        #: the autoencoder, where there is one: untyped, hence Any
        self.vae: Any = getattr(codec, "vae", codec)
        self._seats = seats

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return self.plain.channels

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the latents of a picture of that size in pixels."""
        return self.plain.latent_size(height, width)

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents of pictures."""
        self._seats.take("codec")
        return self.plain.encode(images)

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures of that size, of 0..1, of latents."""
        self._seats.take("codec")
        return self.plain.decode(latents, height, width)


def seated_text(part: TextPart, seats: Seats, *, is_there: bool) -> TextPart:
    """A text encoder that asks for its seat before it is loaded, and whenever it reads; `is_there` says
    whether it is loaded onto the device.
    """

    def load() -> Any:
        # it is loaded onto the device, where nothing may be in its way
        group = next(group for group in seats.way.groups if "text" in group)
        seats.clear(group)
        encoder = part.load()
        seats.add("text", encoder, is_there=is_there)
        encoder.register_forward_pre_hook(lambda module, given: seats.take("text"))
        return encoder

    return replace(part, load=load)

"""What every family of models looks like to the sampler's loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import torch

from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken, Told, repeated

if TYPE_CHECKING:
    from anim_runtime.diffusion.adapters.lora_file import LoraFile
    from anim_runtime.diffusion.request import Request


@dataclass(frozen=True, slots=True)
class Residuals:
    """What ControlNets add inside the denoiser, in its own order: `down` and `mid` of a U-Net, or `blocks` of
    a transformer and `single` of those of its blocks that have one stream.
    """

    down: tuple[torch.Tensor, ...] = ()
    mid: torch.Tensor | None = None
    blocks: tuple[torch.Tensor, ...] = ()
    single: tuple[torch.Tensor, ...] = ()


class Denoiser(Protocol):
    """A model that predicts noise, velocity or the picture, as its scheduler expects."""

    #: what it computes in
    dtype: torch.dtype
    #: the module of diffusers that it runs, without annotations
    model: Any
    #: whether it takes the guidance scale as a number, so that no second call without the text is needed
    embeds_guidance: bool

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """The conditionings of a batch as this model takes them, `tokens` long."""
        ...

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        """What is predicted of latents `[B,C,h,w]` of `dtype`: the same shape and dtype. `guidance` float32
        `[B]` is given to models that embed it.
        """
        ...

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """What guidance of `scales` float32 `[B]` makes of two predictions float32 `[B,C,h,w]`, without the
        text and toward it.
        """
        ...


def plainly_guided(without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """As most families are guided: away from what is predicted without the text."""
    return without + scales.view(-1, 1, 1, 1) * (toward - without)


class Prompts(Protocol):
    """The text encoders of an engine; every text is encoded once."""

    #: takes in one line what the user should know of how a text was read
    tell: Callable[[str], None]

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        """The conditioning of a prompt."""
        ...

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of a prompt's conditioning, stream by stream, without encoding it."""
        ...

    def forget(self) -> None:
        """Encode every text again when it comes."""
        ...

    def rest(self) -> None:
        """Give back the device's memory that the encoders take, until a new text comes."""
        ...


class Adapters(Protocol):
    """The LoRAs of an engine."""

    #: as films call them, in the order of the weights
    names: tuple[str, ...]

    def weigh(self, pictures: Sequence[tuple[float, ...]], copies: int = 1) -> None:
        """The weights with which the denoiser works from now on, a tuple a picture; all pictures stand so
        many times in its batch.
        """
        ...

    def weigh_text(self, weights: tuple[float, ...]) -> None:
        """The weights with which the text encoders work from now on."""
        ...

    def heard(self, weights: tuple[float, ...], component: str = "") -> tuple[float, ...]:
        """The weights as texts are encoded under them, by that text encoder (`text_encoder_2`) or by any: 0
        for a LoRA that leaves it alone, nothing at all where every one of them is 0.
        """
        ...

    @property
    def kernels(self) -> Hashable:
        """What decides, besides the denoiser's own inputs, which kernels it runs."""
        ...

    def exchange(self, files: Sequence[LoraFile]) -> bool:
        """Takes other LoRAs in the place of these; whether texts are encoded in another way now."""
        ...


class Controls(Protocol):
    """The ControlNets of an engine."""

    def prepare(self, rows: Sequence[Request], copies: int) -> None:
        """Takes the hints of a batch; `copies` is how often its rows stand in the denoiser's batch."""
        ...

    def residuals(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        done: float,
        until: float,
        guidance: torch.Tensor | None = None,
    ) -> Residuals | None:
        """What the denoiser is given at a step that goes from `done` to `until` (0..1) of the sampling; None
        at steps at which no control acts. `guidance` is what the denoiser is given.
        """
        ...


class UNetDenoiser:
    """A diffusers `UNet2DConditionModel` that takes a text by cross attention alone; untyped, hence Any.

    One that was distilled into a consistency model embeds the guidance.
    """

    def __init__(self, unet: Any) -> None:
        self.model = unet
        self.dtype: torch.dtype = unet.dtype
        self.embeds_guidance = bool(unet.config.time_cond_proj_dim)

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """The states, each row repeated up to `tokens`."""
        return repeated(rows, tokens, self.dtype)

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        """What the U-Net predicts of latents `[B,4,h,w]`."""
        predicted: torch.Tensor = self.model(
            latents,
            timestep,
            encoder_hidden_states=told.streams[0],
            timestep_cond=self.scales(guidance),
            return_dict=False,
            **self._besides(latents, told),
            **given(residuals),
        )[0]
        return predicted

    def scales(self, guidance: torch.Tensor | None) -> torch.Tensor | None:
        """The embedding of the scales of guidance `[B]`, `[B, width]` (Luo et al. 2023, LCM)."""
        if guidance is None or not self.embeds_guidance:
            return None
        half = int(self.model.config.time_cond_proj_dim) // 2
        steps = torch.arange(half, dtype=torch.float32, device=guidance.device)
        waves = (guidance.float() - 1.0).view(-1, 1) * 1000.0 * torch.exp(-math.log(1e4) / (half - 1) * steps)
        return torch.cat((waves.sin(), waves.cos()), dim=1).to(self.dtype)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """Away from what is predicted without the text."""
        return plainly_guided(without, toward, scales)

    def _besides(self, latents: torch.Tensor, told: Told) -> dict[str, Any]:
        """What besides the text the U-Net is told, by the names of its arguments."""
        del latents, told
        return {}


def given(residuals: Residuals | None) -> dict[str, Any]:
    """What ControlNets add, by the names of a U-Net's arguments; tensors and tuples of them, hence Any."""
    if residuals is None:
        return {}
    return {
        "down_block_additional_residuals": residuals.down,
        "mid_block_additional_residual": residuals.mid,
    }

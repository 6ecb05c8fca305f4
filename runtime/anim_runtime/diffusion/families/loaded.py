"""A model in memory, whatever its family: what an engine is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anim_runtime.diffusion.codec import Codec
    from anim_runtime.diffusion.denoiser import Denoiser
    from anim_runtime.diffusion.encoders import TextPart


@dataclass(frozen=True, slots=True)
class Loaded:
    """The parts of a model of `family`, on the engine's device, in evaluation mode.

    `denoiser.model` is its U-Net or transformer, `codec.vae` its autoencoder, if it has one: what saves
    memory or time is set on these. `texts` are in the order of diffusers' components; the encoders are not
    loaded yet. `scheduler_config` is the model's `scheduler_config.json`. Any: it is JSON.
    """

    family: str
    denoiser: Denoiser
    codec: Codec
    texts: tuple[TextPart | None, ...]
    scheduler_config: Mapping[str, Any]
    #: how wide the states are that the denoiser reads
    text_width: int = 0

"""Which text encoders each family has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import torch

from anim_runtime.diffusion.encoding.chat import qwen_image_prompts, z_image_prompts
from anim_runtime.diffusion.encoding.clip import Clip, ClipPrompts
from anim_runtime.diffusion.encoding.flux import FluxPrompts
from anim_runtime.diffusion.encoding.inversion import Embedding, vectors_for
from anim_runtime.diffusion.encoding.kept import FamilyEncoder
from anim_runtime.diffusion.encoding.runs import Runs
from anim_runtime.diffusion.encoding.sd3 import ThreePrompts
from anim_runtime.diffusion.encoding.sdxl import XlPrompts
from anim_runtime.diffusion.encoding.t5 import T5
from anim_runtime.diffusion.encoding.text_model import Forward, TextModel
from anim_runtime.diffusion.encoding.words import Names

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoders import TextPart


@dataclass(frozen=True, slots=True)
class Given:
    """What a family's encoders are put together from; see `encoders.prompts_of`."""

    parts: tuple[TextPart | None, ...]
    device: torch.device
    embeddings: tuple[Embedding, ...]
    runs: Runs
    tokens: int | None
    width: int

    def part(self, place: int) -> TextPart:
        """The text encoder at a place, which this family cannot do without; ValueError if it is missing."""
        part = self.parts[place] if place < len(self.parts) else None
        if part is None:
            raise ValueError(f"its text encoder {place + 1} is missing")
        return part

    def names(self, place: int, *keys: str, is_optional: bool = False) -> Names:
        """The embeddings that the encoder at that place knows; files call it by one of `keys`."""
        width = self.part(place).width
        return vectors_for(self.embeddings, place, keys, width, self.device, is_optional)

    def text_model(self, place: int, forward: Forward, *keys: str) -> TextModel:
        """The encoder at a place."""
        names = self.names(place, *keys)
        return TextModel(self.part(place), place, self.device, names, forward)

    def clip(self, place: int, *keys: str, normed: bool, skipped: int = 0, pooled: bool = False) -> Clip:
        """The CLIP at a place."""
        return Clip(
            self.part(place),
            place,
            self.device,
            self.names(place, *keys),
            self.runs,
            normed=normed,
            skipped=skipped,
            pooled=pooled,
        )

    def t5(self, place: int, lengths: tuple[int, ...]) -> T5:
        """The T5 at a place."""
        names = self.names(place, "t5xxl", "t5", is_optional=True)
        return T5(self.part(place), place, self.device, names, self.runs, lengths)


ENCODERS: Mapping[str, Callable[[Given], FamilyEncoder]] = MappingProxyType(
    {
        "postcard": ClipPrompts,
        "sd1": ClipPrompts,
        "sd2": ClipPrompts,
        "sdxl": XlPrompts,
        "sd3": ThreePrompts,
        "flux": FluxPrompts,
        "qwen-image": qwen_image_prompts,
        "z-image": z_image_prompts,
    }
)
"""By the names of `FAMILIES`."""

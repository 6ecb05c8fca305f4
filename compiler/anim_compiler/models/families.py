"""The families of image models, and what a film may ask of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Family:
    """One architecture. `native_px` is the length of the edge of the squares that it was trained on; width
    and height are multiples of `multiple_px`; `prompt_tokens` is how many tokens of a prompt count, None for
    any number.
    """

    name: str
    title: str
    native_px: int
    multiple_px: int = 8
    #: it is trained on straight lines between picture and noise (rectified flow), not on variances
    is_flow: bool = False
    prompt_tokens: int | None = None
    has_clip_skip: bool = False

    @property
    def most_px(self) -> float:
        """The largest area that is drawn at once where nobody says how: from 1.6 times that which it was
        trained on a U-Net repeats what the picture is of, a transformer, trained on several sizes, from 2.6.
        """
        return (2.6 if self.is_flow else 1.6) * self.native_px**2


_ROWS: Final = (
    Family("postcard", "the built-in model", 192),
    Family("sd1", "Stable Diffusion 1.x", 512, has_clip_skip=True),
    Family("sd2", "Stable Diffusion 2.x", 768, has_clip_skip=True),
    Family("sdxl", "Stable Diffusion XL", 1024, has_clip_skip=True),
    Family("sd3", "Stable Diffusion 3", 1024, 16, is_flow=True, has_clip_skip=True),
    Family("flux", "Flux.1", 1024, 16, is_flow=True, prompt_tokens=512),
    Family("qwen-image", "Qwen-Image", 1024, 16, is_flow=True, prompt_tokens=1024),
    Family("z-image", "Z-Image", 1024, 16, is_flow=True, prompt_tokens=512),
)

FAMILIES: Final[Mapping[str, Family]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every family that can be rendered, by its name."""

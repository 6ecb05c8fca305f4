"""Pictures larger than those that a model was trained on: whole, in windows, or in two stages."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, Literal, TypeAlias

import torch
import torch.nn.functional as functional

from anim_compiler.models.families import Family
from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.request import Hint, Request
from anim_runtime.diffusion.sampling.windows import Windows, windows_of

Way: TypeAlias = Literal["whole", "tiled", "two_stage"]

SECOND: Final = 0.45
"""The strength of the second stage: enough to make detail, too little to make things anew."""

SHARED: Final = 4
"""Windows share one part in so many with their neighbours."""


class Sizes:
    """How large pictures a model can draw at once. The built-in model, which is at home at any size, and
    models of no known family draw all of them whole; so do seamless pictures, whose edges meet.
    """

    def __init__(self, family: Family | None, codec: Codec, *, tiling: bool) -> None:
        self._family = family
        self._codec = codec
        self._always_whole = family is None or tiling or family.name == "postcard"
        self.native_px = 0 if family is None else family.native_px

    def way(self, request: Request) -> Way:
        """How a picture is drawn, by what it asks for and by its size."""
        asked, area = request.how.large, request.height * request.width
        if self._always_whole or self._family is None or asked == "whole":
            return "whole"
        if asked == "auto" and area <= self._family.most_px:
            return "whole"
        if area <= self.native_px**2 or len(self.windows(*self._latents(request)).corners) == 1:
            return "whole"
        # parts of a picture that stay what they are cannot be drawn small first
        return (
            "two_stage" if request.from_noise and request.strengths is None and asked != "tiled" else "tiled"
        )

    def windows(self, rows: int, columns: int) -> Windows:
        """The windows of latents of that size."""
        edge = self._codec.latent_size(self.native_px, self.native_px)[0]
        step = 2 if self._family is not None and self._family.is_flow else 1
        edge -= edge % step
        return windows_of(rows, columns, edge, edge // SHARED, step)

    def smaller(self, request: Request) -> Request:
        """The same picture at about the size that the model was trained on."""
        share = self.native_px / math.sqrt(request.height * request.width)
        multiple = 1 if self._family is None else max(16, self._family.multiple_px)
        height, width = (
            max(multiple, round(edge * share / multiple) * multiple)
            for edge in (request.height, request.width)
        )
        hints = tuple(_resized(hint, height, width) for hint in request.hints)
        return replace(request, height=height, width=width, hints=hints, image=None, strength=1.0)

    def told(self, way: Way, height: int, width: int) -> str:
        """In one line, how pictures of that size are drawn and why."""
        title = "the model" if self._family is None else self._family.title
        count = len(self.windows(*self._codec.latent_size(height, width)).corners)
        first = "small first and then " if way == "two_stage" else ""
        return (
            f"pictures of {width}x{height} are drawn {first}in {count} windows, since {title} was trained on"
            f" {self.native_px}x{self.native_px}; `large = whole` in `diffuse` draws them at once"
        )

    def _latents(self, request: Request) -> tuple[int, int]:
        return self._codec.latent_size(request.height, request.width)


def over(request: Request, image: torch.Tensor) -> Request:
    """The second stage of a picture, over the first one float32 `[1,3,h,w]`."""
    enlarged = functional.interpolate(
        image, (request.height, request.width), mode="bicubic", antialias=True
    ).clamp(0.0, 1.0)
    return replace(request, image=enlarged, strength=SECOND, strengths=None)


def _resized(hint: Hint, height: int, width: int) -> Hint:
    small = functional.interpolate(hint.picture, (height, width), mode="bilinear", antialias=True)
    return replace(hint, picture=small)

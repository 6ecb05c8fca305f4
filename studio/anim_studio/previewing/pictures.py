"""The pictures of a preview: small ones of the frames, with their place in the film written on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anim_studio.cli.values import format_time

if TYPE_CHECKING:
    from PIL.Image import Image

    from anim_compiler.plan import Plan
    from anim_runtime.frames import Frames

LONGEST = 480
"""Pixels of a preview's longer edge, at most: what a chat shows without a click."""

LEAST = 320
"""Smaller pictures are enlarged to this, by whole numbers, so that a draft is more than a stamp."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a preview, uint8 `[H,W,3]`, RGB, and the film's frame that it shows."""

    pixels: NDArray[np.uint8]
    frame: int


def shots(plan: Plan, made: Frames, size: tuple[int, int]) -> Iterator[Shot]:
    """The plan's frames, in order, at a size."""
    from PIL import Image

    from anim_runtime.encode.levels import to_8_bit

    for frame in range(plan.frames):
        picture = Image.fromarray(to_8_bit(made.shown(frame)))
        yield Shot(np.asarray(resized(picture, size)), plan.begin + frame)


def shown_size(width: int, height: int) -> tuple[int, int]:
    """How large pictures of that size are shown; both edges even, as video wants them."""
    longest = max(width, height)
    scale = LONGEST / longest if longest > LONGEST else max(1, -(-LEAST // longest))
    return even(width * scale), even(height * scale)


def even(pixels: float) -> int:
    """The nearest even number of pixels, 2 at least."""
    return max(2, round(pixels / 2) * 2)


def resized(picture: Image, size: tuple[int, int]) -> Image:
    """A picture at another size."""
    from PIL import Image

    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def labelled(pixels: NDArray[np.uint8], frame: int, fps: Fraction) -> NDArray[np.uint8]:
    """The picture with its time and frame in the lower left corner, on a dark ground."""
    from PIL import Image, ImageDraw

    from anim_studio.draw.font import set_words, width_of

    picture = Image.fromarray(pixels)
    draw = ImageDraw.Draw(picture, "RGBA")
    size = max(9, picture.height // 18)
    words = f"{format_time(float(frame / fps))}  frame {frame}"
    height, width = size + size // 2, width_of(words, size) + size
    top = picture.height - height
    draw.rectangle((0, top, width, picture.height), fill=(0, 0, 0, 150))
    set_words(draw, (size / 2, picture.height - size * 0.45), words, (255, 255, 255), size)
    return np.asarray(picture)

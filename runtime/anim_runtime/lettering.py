"""Texts as pictures: lines laid out and drawn by FreeType through Pillow, with outline and shadow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_grammar.files import font as built_in
from anim_runtime.problems import RenderProblem

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

#: the largest drawing of a text: 32 megapixels, 512 MB as float32 with alpha
LARGEST_PX = 32_000_000
#: characters of a text that are drawn
MOST_CHARACTERS = 10_000
#: the shadow falls to the lower right: the share of its length on each axis
_ASIDE = math.sqrt(0.5)
#: letters up to so many px are drawn so many times as large
_FINE = ((48.0, 4), (128.0, 2))
#: a shadow's blur, as a share of its length
_SOFT = 0.5


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is drawn. `size` is the letters' height (em) in px, as are `outline`, `shadow`, `width` (0:
    no line is broken) and `inset`, the room around; `font` is None for the built-in one, `line_height` is in
    sizes, colours are names of CSS or `#rrggbb[aa]`.
    """

    font: Path | None
    size: float
    color: str
    align: str
    line_height: float
    outline: float
    outline_color: str
    shadow: float
    shadow_color: str
    width: float
    inset: int


def drawn(text: str, style: Style) -> Tensor:
    """The text as a premultiplied picture float32 `[1,4,h,w]`, `style.inset` px of room on every side.

    The box inside has the height of its lines (ascent and descent of the font, `line_height` sizes from one
    to the next) and the width of the longest one, or `style.width`: it does not depend on which letters a
    line holds, so that a counter does not jump. RenderProblem if the drawing would be too large.
    """
    face = _face(style.font, style.size)
    lines = _lines(text[:MOST_CHARACTERS], face, style.width)
    wide = style.width if style.width > 0 else max(face.length(line) for line in lines)
    ascent, descent = face.metrics()
    step = style.size * style.line_height
    box = (math.ceil(wide), math.ceil(ascent + descent + step * (len(lines) - 1)))
    size = (max(1, box[0]) + 2 * style.inset, max(1, box[1]) + 2 * style.inset)
    if size[0] * size[1] > LARGEST_PX:
        hint = "make its `size` smaller, or break it with `width`"
        raise RenderProblem(f"a text of {size[0]}x{size[1]} pixels is too large to draw", hint, 3)
    places = [
        (style.inset + _indent(line, face, wide, style.align), style.inset + ascent + step * number)
        for number, line in enumerate(lines)
    ]
    rows = tuple(zip(lines, places, strict=True))
    return torch.from_numpy(_composed(rows, size, face, style)).permute(2, 0, 1).unsqueeze(0).contiguous()


_Rows = tuple[tuple[str, tuple[float, float]], ...]


def _composed(rows: _Rows, size: tuple[int, int], face: _Face, style: Style) -> NDArray[np.float32]:
    """Shadow, outline and letters on each other: float32 `[h,w,4]`, premultiplied."""
    made = np.zeros((size[1], size[0], 4), np.float32)
    if style.shadow > 0:
        _over(made, _fallen(rows, size, face, style), style.shadow_color)
    if style.outline > 0:
        _over(made, np.asarray(_mask(rows, size, face, style.outline)), style.outline_color)
    _over(made, np.asarray(_mask(rows, size, face, 0.0)), style.color)
    return made


def _mask(rows: _Rows, size: tuple[int, int], face: _Face, stroke: float, aside: float = 0.0) -> Image:
    """What letters cover, 0..255, each line at its baseline: drawn larger, and averaged."""
    from PIL import Image, ImageDraw

    fine = face.fine
    mask = Image.new("L", (size[0] * fine, size[1] * fine))
    pen = ImageDraw.Draw(mask)
    for line, (x, y) in rows:
        if line:
            place = ((x + aside) * fine, (y + aside) * fine)
            pen.text(place, line, fill=255, font=face.font, anchor="ls", stroke_width=stroke * fine)
    return mask.reduce(fine) if fine > 1 else mask


def _fallen(rows: _Rows, size: tuple[int, int], face: _Face, style: Style) -> NDArray[np.uint8]:
    """What the shadow covers: the letters with their outline, aside and blurred."""
    from PIL import ImageFilter

    mask = _mask(rows, size, face, style.outline, style.shadow * _ASIDE)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(style.shadow * _SOFT)))


def _over(made: NDArray[np.float32], mask: NDArray[np.uint8], color: str) -> None:
    """Lays a colour over a premultiplied picture where the mask is white."""
    red, green, blue, alpha = _rgba(color)
    cover = mask.astype(np.float32) * np.float32(alpha / 255.0)
    made *= (1.0 - cover)[..., None]
    made += cover[..., None] * np.array((red, green, blue, 1.0), np.float32)


def _rgba(color: str) -> tuple[float, float, float, float]:
    from PIL import ImageColor

    if color == "transparent":
        return 0.0, 0.0, 0.0, 0.0
    found = ImageColor.getrgb(color)
    red, green, blue = (value / 255.0 for value in found[:3])
    return red, green, blue, found[3] / 255.0 if len(found) > 3 else 1.0


# --- lines ---


def _lines(text: str, face: _Face, width: float) -> list[str]:
    """The lines of a text, those that are longer than `width` px broken between words."""
    lines = text.expandtabs(4).splitlines() or [""]
    return lines if width <= 0 else [part for line in lines for part in _broken(line, face, width)]


def _broken(line: str, face: _Face, width: float) -> list[str]:
    """One line in parts that fit, as many words in each as there is room for; a word is never cut."""
    parts: list[str] = []
    for word in line.split():
        longer = f"{parts[-1]} {word}" if parts else word
        if parts and face.length(longer) <= width:
            parts[-1] = longer
        else:
            parts.append(word)
    return parts or [""]


def _indent(line: str, face: _Face, wide: float, align: str) -> float:
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return (wide - face.length(line)) * share


# --- fonts ---


@dataclass(frozen=True, slots=True)
class _Face:
    """A font to draw with: `fine` times as large as the letters will be.

    FreeType rounds letters and the room between them to whole pixels: small ones are drawn larger, so that
    they keep their shapes and distances, and a text that grows does not tremble.
    """

    font: FreeTypeFont
    fine: int

    def length(self, line: str) -> float:
        """How long a line is, px."""
        return float(self.font.getlength(line)) / self.fine if line else 0.0

    def metrics(self) -> tuple[float, float]:
        """How far letters reach above and below their baseline, px."""
        ascent, descent = self.font.getmetrics()
        return ascent / self.fine, descent / self.fine


@lru_cache(maxsize=16)
def _face(path: Path | None, size: float) -> _Face:
    """A font at a size; RenderProblem (exit code 2) if the file is none.

    Letters are set one after another with the font's kerning; scripts that need shaping (Arabic, Devanagari)
    or run from right to left come out unshaped and from left to right.
    """
    from PIL import ImageFont

    file = built_in() if path is None else path
    fine = next((times for most, times in _FINE if size <= most), 1)
    try:
        return _Face(ImageFont.truetype(str(file), size * fine, layout_engine=ImageFont.Layout.BASIC), fine)
    except (OSError, ValueError) as problem:
        raise RenderProblem(
            f"`{file.name}` cannot be read as a font", "give a .ttf or .otf file", 2
        ) from problem

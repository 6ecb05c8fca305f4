"""A canvas of pixels: drawn three times as large and scaled down, which smooths every edge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from anim_studio.draw.canvas import Anchor, Colour, Point
from anim_studio.draw.font import set_words

SCALE = 3


class RasterCanvas:
    """Pillow has no antialiasing of its own for lines, so lines and areas are supersampled.

    Words are set after the scaling, by the font's own antialiasing, which reads better.
    """

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), background)
        self._draw = ImageDraw.Draw(self._image)
        self._words: list[tuple[Point, str, Colour, float, Anchor]] = []

    def area(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A polyline with round joints."""
        self._draw.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=colour,
            width=max(1, round(width * SCALE)),
            joint="curve",
        )

    def text(self, at: Point, words: str, colour: Colour, size: float, anchor: Anchor = "start") -> None:
        """One line of text on its baseline."""
        self._words.append((at, words, colour, size, anchor))

    def image(self) -> Image.Image:
        """The picture, RGB, 8 bits."""
        picture = self._image.resize(self._size, Image.Resampling.BOX)
        draw = ImageDraw.Draw(picture)
        for at, words, colour, size, anchor in self._words:
            set_words(draw, at, words, colour, size, anchor)
        return picture

    def save(self, path: Path) -> None:
        """Writes a PNG."""
        self.image().save(path, format="PNG")

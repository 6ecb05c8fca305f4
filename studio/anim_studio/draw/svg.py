"""A canvas that writes SVG 1.1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from anim_dsl.visible import escaped
from anim_studio.draw.canvas import Anchor, Colour, Point


class SvgCanvas:
    """Collects elements; coordinates are written with two decimals, a fiftieth of a visible step."""

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self._width, self._height = width, height
        self._elements = [f'<rect width="{width}" height="{height}" fill="{_hex(background)}"/>']

    def area(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._elements.append(f'<polygon points="{_points(points)}" fill="{_hex(fill)}"/>')

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A polyline with round joints."""
        self._elements.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{_hex(colour)}" '
            f'stroke-width="{width:g}" stroke-linejoin="round"/>'
        )

    def text(self, at: Point, words: str, colour: Colour, size: float, anchor: Anchor = "start") -> None:
        """One line of text on its baseline."""
        self._elements.append(
            f'<text x="{at[0]:.2f}" y="{at[1]:.2f}" fill="{_hex(colour)}" font-size="{size:g}" '
            f'text-anchor="{anchor}">{escape(escaped(words))}</text>'
        )

    def markup(self) -> str:
        """The whole document."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self._width}" height="{self._height}" '
            f'viewBox="0 0 {self._width} {self._height}" font-family="Aileron, Helvetica, Arial, sans-serif">'
        )
        return "\n".join((head, *self._elements, "</svg>\n"))

    def save(self, path: Path) -> None:
        """Writes the document as UTF-8 with newline line ends."""
        path.write_bytes(self.markup().encode("utf-8"))


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)

"""What a drawing needs of a picture: lines, areas and words, in pixels from the top left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

Point: TypeAlias = tuple[float, float]
#: red, green, blue in 0..255
Colour: TypeAlias = tuple[int, int, int]
Anchor: TypeAlias = Literal["start", "middle", "end"]


class Canvas(Protocol):
    """Where a chart is drawn; a PNG and an SVG are made by the same calls."""

    def area(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        ...

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A polyline."""
        ...

    def text(self, at: Point, words: str, colour: Colour, size: float, anchor: Anchor = "start") -> None:
        """One line of text; `at` is on its baseline, at its start, middle or end."""
        ...

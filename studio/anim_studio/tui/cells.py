"""A row of terminal cells that is drawn on, and becomes a strip."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Cells:
    """`width` cells, each with a sign and a style's name; a sign of two cells leaves the second empty."""

    def __init__(self, width: int, style: str, sign: str = " ") -> None:
        self.signs = [sign] * width
        self.styles = [style] * width

    def __len__(self) -> int:
        return len(self.signs)

    def put(self, column: int, text: str, style: str, past: int | None = None) -> int:
        """Writes a text from a column on, up to the column `past`, cut with `…` where it is longer; returns
        the column behind it.
        """
        limit = len(self.signs) if past is None else min(past, len(self.signs))
        place = column
        for sign, wide in _wide(fitted(text, limit - column)):
            if place >= 0:
                self._set(place, sign, wide, style)
            place += wide
        return place

    def fill(self, column: int, past: int, sign: str, style: str) -> None:
        """The same sign of one cell from one column to another."""
        for place in range(max(column, 0), min(past, len(self.signs))):
            self._set(place, sign, 1, style)

    def _set(self, place: int, sign: str, wide: int, style: str) -> None:
        self._split(place)
        self._split(place + wide)
        self.signs[place], self.styles[place] = sign, style
        if wide == 2:
            self.signs[place + 1], self.styles[place + 1] = "", style

    def _split(self, place: int) -> None:
        """Half a wide sign is two spaces."""
        if 0 < place < len(self.signs) and not self.signs[place]:
            self.signs[place - 1] = self.signs[place] = " "

    def strip(self, styles: Mapping[str, Style]) -> Strip:
        """The row with its styles looked up."""
        rows = groupby(zip(self.styles, self.signs, strict=True), key=lambda cell: cell[0])
        segments = [Segment("".join(sign for _, sign in run), styles[style]) for style, run in rows]
        return Strip(segments, len(self.signs))


def fitted(text: str, width: int) -> str:
    """A text in so many cells, what is too much replaced by `…`; signs without a width are left out."""
    if width <= 0:
        return ""
    if text.isascii() and text.isprintable() and len(text) <= width:
        return text
    signs = list(_wide(text))
    if sum(wide for _, wide in signs) <= width:
        return "".join(sign for sign, _ in signs)
    kept, left = "", width - 1
    for sign, wide in signs:
        if wide > left:
            break
        kept, left = kept + sign, left - wide
    return f"{kept}…"


def cut(text: str, width: int) -> str:
    """A text in at most so many cells; `…` stands for what is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def _wide(text: str) -> list[tuple[str, int]]:
    """Signs that are seen, with their widths; what controls the terminal is none of them."""
    return [(sign, wide) for sign in text if (wide := cell_len(sign)) > 0 and sign.isprintable()]

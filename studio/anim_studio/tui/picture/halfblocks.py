"""Two pixels a cell: pictures as lines of `▀`, whose colour is the upper pixel and whose ground is the lower
one.

Textual's way is a `Segment` and a `Style` for every cell, which takes a fifth of a second for a picture. Here
a line is written from numbers straight into the terminal's own signs, and becomes segments only where
somebody asks for them: another widget that covers a part of it, a picture of the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from rich.cells import cell_len, get_character_cell_size
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from anim_studio.tui.picture.shades import Codes, Shades, own_number

UPPER = "▀"
#: from dark to bright, by how much of a cell each letter inks
_LETTERS = np.array(list(" .,:;i1tfLCG08@"))

#: of a row's stretches of one colour and one ground: text, colour, ground
_Runs: TypeAlias = Iterator[tuple[str, int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One row of cells: what stands in each, and the codes of its colour and its ground, int32 `[columns]`.

    A sign of two cells is followed by an empty one.
    """

    signs: list[str]
    colours: Codes
    grounds: Codes
    shades: Shades

    def same(self, other: Line) -> bool:
        """Whether both look alike on the terminal."""
        return (
            self.signs == other.signs
            and self.shades == other.shades
            and np.array_equal(self.colours, other.colours)
            and np.array_equal(self.grounds, other.grounds)
        )

    def runs(self) -> _Runs:
        """Its stretches of one colour and one ground, from the left."""
        colours, grounds, signs = self.colours, self.grounds, self.signs
        if not signs:
            return
        changes = (colours[1:] != colours[:-1]) | (grounds[1:] != grounds[:-1])
        starts = [0, *(np.flatnonzero(changes) + 1).tolist()]
        ends = [*starts[1:], len(signs)]
        for start, end, colour, ground in zip(
            starts, ends, colours[starts].tolist(), grounds[starts].tolist(), strict=True
        ):
            yield "".join(signs[start:end]), colour, ground


class CellStrip(Strip):
    """A row of cells for Textual that writes itself; its segments are made when they are asked for."""

    __slots__ = ("_line", "_made")

    def __init__(self, line: Line) -> None:
        self._line = line
        self._made: list[Segment] | None = None
        super().__init__((), len(line.signs))

    @property
    def line(self) -> Line:
        """What it shows."""
        return self._line

    def same(self, other: CellStrip) -> bool:
        """Whether both look alike on the terminal."""
        return self._line.same(other._line)

    def render(self, console: Console) -> str:
        """The row in the terminal's signs."""
        if self._render_cache is None:
            self._render_cache = written(self._line)
        return self._render_cache

    @property
    def _segments(self) -> list[Segment]:
        if self._made is None:
            self._made = segments(self._line)
        return self._made

    @_segments.setter
    def _segments(self, given: list[Segment]) -> None:
        """Textual's own constructor hands an empty list in."""


def lines(codes: Codes, shades: Shades) -> list[Line]:
    """The rows of cells of pixels, given as codes int32 `[2 * rows, columns]`."""
    upper, lower = codes[::2], codes[1::2]
    if shades is Shades.LETTERS:
        grey = ((upper & 255) + (lower & 255)) / 2
        signs = _LETTERS[np.round(grey / 255 * (len(_LETTERS) - 1)).astype(np.intp)]
    else:
        # a cell of one colour needs no sign: nothing shows through between the halves
        signs = np.where(upper == lower, " ", UPPER)
    rows = zip(signs.tolist(), upper, lower, strict=True)
    return [Line(row, above, below, shades) for row, above, below in rows]


def lettered(line: Line, column: int, text: str, colour: int, ground: Codes | int) -> Line:
    """The line with a text over its cells from `column` on, as far as there is room; control signs are left
    out.
    """
    room = len(line.signs) - column
    cells = _cells(text)[: max(0, room)]
    if column < 0 or not cells:
        return line
    if cells[-1] and cell_len(cells[-1]) > 1:
        cells[-1] = " "  # half of a wide sign
    end = column + len(cells)
    colours, grounds = line.colours.copy(), line.grounds.copy()
    colours[column:end], grounds[column:end] = colour, ground
    return replace(
        line, signs=[*line.signs[:column], *cells, *line.signs[end:]], colours=colours, grounds=grounds
    )


def _cells(text: str) -> list[str]:
    """What stands in each cell of a text: a wide sign takes two, marks go to the sign that they stand on."""
    cells: list[str] = []
    for sign in text:
        width = get_character_cell_size(sign) if sign.isprintable() else -1
        if width > 0:
            cells += [sign, *[""] * (width - 1)]
        elif width == 0 and cells:
            cells[-1 if cells[-1] else -2] += sign
    return cells


def written(line: Line) -> str:
    """The line in the terminal's signs: a colour is named where it changes, and both end with the line."""
    if line.shades is Shades.LETTERS:
        return "".join(line.signs)
    name = _naming(line.shades)
    parts: list[str] = []
    last_colour: int | None = None
    last_ground: int | None = None
    for text, colour, ground in line.runs():
        if colour != last_colour and not text.isspace():
            if ground != last_ground:
                parts.append(f"\x1b[{name(colour, 0)};{name(ground, 10)}m{text}")
            else:
                parts.append(f"\x1b[{name(colour, 0)}m{text}")
            last_colour = colour
        elif ground != last_ground:
            parts.append(f"\x1b[{name(ground, 10)}m{text}")
        else:
            parts.append(text)
        last_ground = ground
    return "".join([*parts, "\x1b[0m"])


def segments(line: Line) -> list[Segment]:
    """The line as Rich has it."""
    if line.shades is Shades.LETTERS:
        return [Segment("".join(line.signs))]
    colour = _colouring(line.shades)
    return [Segment(text, Style(color=colour(up), bgcolor=colour(down))) for text, up, down in line.runs()]


def _naming(shades: Shades) -> Callable[[int, int], str]:
    """What sets a colour, or with 10 more the ground (ECMA-48 SGR; ISO 8613-6 for 38 and 48)."""
    if shades is Shades.ANSI:
        return lambda code, more: _own_name(code, more) if code < 0 else _of_sixteen(code, more)
    if shades is Shades.XTERM:
        return lambda code, more: _own_name(code, more) if code < 0 else f"{38 + more};5;{code}"

    def true(code: int, more: int) -> str:
        if code < 0:
            return _own_name(code, more)
        return f"{38 + more};2;{code >> 16};{code >> 8 & 255};{code & 255}"

    return true


def _own_name(code: int, more: int) -> str:
    number = own_number(code) or 0
    return str(39 + more) if number < 0 else _of_sixteen(number, more)


def _of_sixteen(number: int, more: int) -> str:
    return str((30 if number < 8 else 82) + number + more)


def _colouring(shades: Shades) -> Callable[[int], Color]:
    def colour(code: int) -> Color:
        number = own_number(code)
        if number is not None:
            return Color.default() if number < 0 else Color.from_ansi(number)
        if shades in (Shades.ANSI, Shades.XTERM):
            return Color.from_ansi(code)
        return Color.from_rgb(code >> 16, code >> 8 & 255, code & 255)

    return colour

"""Offsets in a text and the positions that editors count: lines from 0, columns in units of an encoding.

LSP 3.17, "Position": a line ends with `\n`, `\r\n` or `\r`; a column beyond its line counts as its end; the
client says whether columns count bytes of UTF-8, units of UTF-16 or characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from lsprotocol.types import Position, Range

from anim_dsl.source import Span

UTF8: Final = "utf-8"
UTF16: Final = "utf-16"
UTF32: Final = "utf-32"

_LINE_END = re.compile(r"\r\n|\r|\n")


class Positions:
    """The places of one text, as a client of that encoding counts them."""

    __slots__ = ("_plain", "_starts", "_text", "_width")

    def __init__(self, text: str, encoding: str = UTF16) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        self._width = _WIDTHS.get(encoding, _utf16)
        self._plain = encoding == UTF32 or text.isascii()

    @property
    def lines(self) -> int:
        """How many lines the text has, an empty last one counted."""
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """Where an offset is; one beyond the text counts as its end."""
        offset = max(0, min(offset, len(self._text)))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._plain:
            return Position(line, offset - start)
        return Position(line, self._width(self._text[start:offset]))

    def offset(self, position: Position) -> int:
        """The offset of a position; one beyond its line counts as the line's end, one within a character
        as the character's start.
        """
        return self.units(position)[0]

    def units(self, position: Position) -> tuple[int, int]:
        """The offset of a position, and how many units of the character there stand before it: not 0 only
        for a position within a character, which no client should send.
        """
        if position.line < 0:
            return 0, 0
        if position.line >= len(self._starts):
            return len(self._text), 0
        start, end = self._starts[position.line], self._line_end(position.line)
        column = max(0, position.character)
        if self._plain:
            return min(start + column, end), 0
        for offset in range(start, end):
            wide = self._width(self._text[offset])
            if column < wide:
                return offset, column
            column -= wide
        return end, 0

    def range(self, span: Span) -> Range:
        """The range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def span(self, range: Range) -> Span:
        """The span of a range; one that ends before it starts is turned round."""
        start, end = self.offset(range.start), self.offset(range.end)
        return Span(min(start, end), max(start, end))

    def whole(self) -> Range:
        """The range of the whole text."""
        return self.range(Span(0, len(self._text)))

    def line_span(self, line: int) -> Span:
        """The characters of a line, counted from 0, without its line end."""
        return Span(self._starts[line], self._line_end(line))

    def _line_end(self, line: int) -> int:
        """Where the characters of a line end, its line end left out."""
        if line + 1 >= len(self._starts):
            return len(self._text)
        end = self._starts[line + 1] - 1
        return end - 1 if self._text[end] == "\n" and self._text[max(0, end - 1) : end] == "\r" else end


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


_WIDTHS = {UTF8: _utf8, UTF16: _utf16, UTF32: len}

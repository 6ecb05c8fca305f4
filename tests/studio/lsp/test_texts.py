"""Texts as editors change them, and positions as they count them."""

from __future__ import annotations

import random

import pytest
from lsprotocol.types import (
    Position,
    Range,
    TextDocumentContentChangePartial,
    TextDocumentContentChangeWholeDocument,
)

from anim_dsl.source import Span
from anim_studio.lsp.positions import UTF8, UTF16, UTF32, Positions
from anim_studio.lsp.texts import changed

ENCODINGS = {UTF8: ("utf-8", 1), UTF16: ("utf-16-le", 2), UTF32: ("utf-32-le", 4)}


def _units(text: str, encoding: str) -> int:
    codec, size = ENCODINGS[encoding]
    return len(text.encode(codec)) // size


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_changes_of_any_text(encoding: str) -> None:
    """Beside the same changes of a plain string, of which the position is counted by encoding it."""
    draw = random.Random(3)
    pieces = ("a", "zoom = 1", "\n", "\r\n", "é", "🌧", "\t", "\u2028", "\x0c", "字", "👩\u200d🚀", " ")
    text = ""
    for _ in range(300):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.choice((0, 0, 1, 3)))
        # never between the two halves of a line end, which is no position
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue
        put = "".join(draw.choices(pieces, k=draw.randint(0, 3)))
        where = Range(_position(text, start, encoding), _position(text, end, encoding))
        made = changed(text, [TextDocumentContentChangePartial(where, put)], encoding)
        text = text[:start] + put + text[end:]
        assert made == text


def _position(text: str, offset: int, encoding: str) -> Position:
    lines = text[:offset].replace("\r\n", "\n").split("\n")
    return Position(len(lines) - 1, _units(lines[-1], encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_positions_and_offsets_are_each_others_inverse(encoding: str) -> None:
    text = "a🌧é\r\n\r\n\tzoom\n字 = 1\r"
    positions = Positions(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert positions.offset(positions.position(offset)) == offset
    assert positions.lines == 5
    assert positions.position(len(text)) == Position(4, 0)
    assert positions.range(Span(0, 1)) == Range(Position(0, 0), Position(0, 1))


def test_positions_beyond_a_line_are_its_end() -> None:
    positions = Positions("ab\r\ncd")
    assert positions.offset(Position(0, 99)) == 2
    assert positions.offset(Position(99, 0)) == 6
    assert positions.span(Range(Position(1, 9), Position(0, 1))) == Span(1, 6)


def test_a_character_that_comes_in_halves() -> None:
    text = changed("x", [_at(0, 1, "\ud83c"), _at(0, 2, "\udf27")], UTF16)
    assert text == "x🌧"
    # a change between its halves, which no editor should make
    assert changed(text, [_at(0, 2, "y")], UTF16) == "x\ud83cy\udf27"
    assert changed(changed(text, [_at(0, 2, "y")], UTF16), [_at(0, 2, "", 1)], UTF16) == "x🌧"


def _at(line: int, column: int, text: str, removed: int = 0) -> TextDocumentContentChangePartial:
    return TextDocumentContentChangePartial(
        Range(Position(line, column), Position(line, column + removed)), text
    )


def test_a_whole_text() -> None:
    assert changed("before", [TextDocumentContentChangeWholeDocument("after 🌧")], UTF16) == "after 🌧"

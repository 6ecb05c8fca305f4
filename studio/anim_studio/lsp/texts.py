"""The text of an open document, changed as an editor says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lsprotocol.types import (
    TextDocumentContentChangeEvent,
    TextDocumentContentChangePartial,
)

from anim_studio.lsp.positions import UTF16, Positions

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def changed(text: str, changes: Sequence[TextDocumentContentChangeEvent], encoding: str) -> str:
    """The text after changes, each of which counts in what the one before it made."""
    for change in changes:
        if isinstance(change, TextDocumentContentChangePartial):
            text = _replaced(text, change, encoding)
        else:
            text = whole(change.text)
    return text


def whole(text: str) -> str:
    """A text as JSON brought it: halves of characters that stand side by side are one character. A half
    alone stays; the parser says that it is none.
    """
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _replaced(text: str, change: TextDocumentContentChangePartial, encoding: str) -> str:
    positions = Positions(text, encoding)
    first, last = positions.units(change.range.start), positions.units(change.range.end)
    if last < first:
        first, last = last, first
    before, _ = _halves(text, *first, encoding)
    _, after = _halves(text, *last, encoding)
    return whole(before + change.text + after)


def _halves(text: str, offset: int, units: int, encoding: str) -> tuple[str, str]:
    """The text before and behind a place; one within a character of UTF-16 parts it into its halves."""
    if not units or encoding != UTF16:
        return text[:offset], text[offset:]
    high, low = _pair(ord(text[offset]))
    return text[:offset] + high, low + text[offset + 1 :]


def _pair(code: int) -> tuple[str, str]:
    """The two units of UTF-16 of a character beyond the first 65,536."""
    rest = code - 0x10000
    return chr(0xD800 + (rest >> 10)), chr(0xDC00 + (rest & 0x3FF))

"""Foreign text made safe and countable for a terminal."""

from __future__ import annotations

import json
import re
from unicodedata import combining, east_asian_width

_NARROWEST = 20  # a column of less is no easier to read than long lines

TAB = 4
"""A tab is shown as so many spaces."""


def escaped(text: str) -> str:
    """The text with control, bidirectional and other invisible characters written out, tabs as spaces."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written(char) for char in text)


def _written(char: str) -> str:
    number = ord(char)
    if char == "\t":
        return " " * TAB
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{{{number:x}}}"


def json_escaped(text: str) -> str:
    """The text of a JSON document, laid out with newlines only, with such characters as `\\u…`: it means
    the same.
    """
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else _as_json(char) for char in text)


def _as_json(char: str) -> str:
    return json.dumps(char)[1:-1]


def shortened(text: str, most: int = 72) -> str:
    """The text with words of more than so many characters cut: nobody reads them, and no line holds them."""

    def cut(word: re.Match[str]) -> str:
        long = word[0]
        quoted = long[0] == long[-1] and long[0] in '`"'
        return f"{long[: most - 2]}…{long[-1]}" if quoted else f"{long[: most - 1]}…"

    return re.sub(rf"\S{{{most + 1},}}", cut, text)


def width(text: str) -> int:
    """How many cells an escaped text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, columns: int | None, indent: int) -> list[str]:
    """An escaped text on lines of at most so many cells, all but the first indented.

    The first line has `indent` cells before it already. A word that is longer than a line stays whole.
    """
    if columns is None or indent + width(text) <= columns or columns < indent + _NARROWEST:
        return [text]
    lines, room = [""], columns - indent
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(joined) > room:
            lines.append(word)
        else:
            lines[-1] = joined
    return [lines[0], *(" " * indent + line for line in lines[1:])]

"""Foreign text made safe and countable for a terminal."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

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


def width(text: str) -> int:
    """How many cells an escaped text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)

"""Why a file tells nothing, and its bytes as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anim_compiler.world import TOO_LARGE
from anim_dsl.source import Span

MOST_BYTES = 8_000_000
"""So large may a file of times or curves be."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a file lacks: a sentence and what to do; the code of the diagnostic, if not that of its kind, and
    where it stands, if not at the path.
    """

    message: str
    hint: str
    code: str = ""
    at: Span | None = None


def content(path: Path, name: str, most: int = MOST_BYTES) -> bytes | Unreadable:
    """The bytes of a file that is not too large; `name` is what messages call it."""
    try:
        size = path.stat().st_size
        if size > most:
            said = f"`{name}` is {size / 1e6:.1f} MB; such a file may be {most / 1e6:g} MB"
            return Unreadable(said, "keep the part that the film needs", TOO_LARGE)
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return Unreadable(f"`{name}` cannot be read: {reason}", "look whether it may be read", "E4003")


def text(data: bytes, name: str) -> str | Unreadable:
    """The text of a file: UTF-8 with or without its mark, UTF-16 with it."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        found = data.decode(encoding)
    except UnicodeDecodeError:
        return Unreadable(f"`{name}` is not UTF-8", "save it as UTF-8")
    if "\0" in found:
        return Unreadable(f"`{name}` is not a text: it holds zero bytes", "give a text file, as UTF-8")
    return found

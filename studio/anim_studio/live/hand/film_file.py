"""A film's file, read and written whole: its byte order mark, line ends, mode and links stay."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from anim_compiler.whole_file import write_over
from anim_compiler.world import MOST_BYTES
from anim_studio.live.hand.script import Refused


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: its bytes, and the text that the compiler sees in them."""

    data: bytes
    text: str

    def with_text(self, text: str) -> Read:
        """The same file with another text."""
        mark = codecs.BOM_UTF8 if self.data.startswith(codecs.BOM_UTF8) else b""
        return Read(mark + text.encode(), text)


def read_file(path: Path) -> Read:
    """A film's file. Raises Refused if it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"`{path.name}` cannot be read: {_reason(error)}", "see whether it is there") from error
    try:
        return Read(data, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(f"`{path.name}` is not UTF-8", "save it as UTF-8") from error


def write_if_unchanged(path: Path, before: Read, after: Read) -> bool:
    """Writes a file that still holds what was read; False if somebody wrote another one in between. Raises
    Refused.
    """
    if len(after.data) > MOST_BYTES:
        raise Refused("the film's text would be larger than 1 MiB", "make it shorter")
    try:
        return write_over(path, after.data, instead_of=before.data)
    except OSError as error:
        told = f"`{path.name}` cannot be written: {_reason(error)}"
        raise Refused(told, "make room for it or allow it, then try again") from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()

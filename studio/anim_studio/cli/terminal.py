"""What a command says and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TextIO

from anim_dsl.visible import escaped

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_ASCII = {"✓": "+", "✗": "x", "·": "-", "–": "-", "×": "x", "…": "...", "⚠": "!"}

#: colours, and what moves the cursor or turns the direction of writing; newlines and tabs are ours
_UNSEEN = re.compile(
    r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Two streams and what they can show; nothing below `studio` writes to either."""

    out: TextIO
    err: TextIO
    out_colour: bool
    err_colour: bool

    def say(self, text: str = "") -> None:
        """A line of the result, on standard output."""
        self.out.write(_fit(text, self.out, keeps_colours=self.out_colour) + "\n")
        self.out.flush()

    def note(self, text: str = "") -> None:
        """A line about the work, on standard error."""
        self.err.write(_fit(text, self.err, keeps_colours=self.err_colour) + "\n")
        self.err.flush()

    def complain(self, message: str, hint: str = "") -> None:
        """Why a command ends, and what to do, on standard error; names of files come in as they are."""
        self.note(f"{self.paint_note('error', 'bold red')}: {escaped(message)}")
        if hint:
            self.note(f"  {self.paint_note('= hint:', 'cyan')} {escaped(hint)}")

    def paint(self, text: str, style: str) -> str:
        """Text in a colour of standard output, if it has colours."""
        return _painted(text, style) if self.out_colour else text

    def paint_note(self, text: str, style: str) -> str:
        """Text in a colour of standard error, if it has colours."""
        return _painted(text, style) if self.err_colour else text


def open_terminal(colour: bool | None = None) -> Terminal:
    """The process's own streams; `colour` None lets each stream decide for itself."""
    for stream in (sys.stdout, sys.stderr):
        # a Windows console with an old code page must not raise because of a check mark
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]
    shows = (sys.stdout.isatty(), sys.stderr.isatty()) if colour is None else (colour, colour)
    return Terminal(sys.stdout, sys.stderr, *shows)


def shows_unicode(stream: TextIO) -> bool:
    """Whether the stream's encoding has the signs that the commands print."""
    try:
        "✓━×…".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _fit(text: str, stream: TextIO, *, keeps_colours: bool) -> str:
    text = _UNSEEN.sub(lambda found: _shown(found[0], keeps_colours), text)
    if shows_unicode(stream):
        return text
    for sign, plain in _ASCII.items():
        text = text.replace(sign, plain)
    return text


def _shown(unseen: str, keeps_colours: bool) -> str:
    """A colour of ours as it is; what a name or a tag brought along is written out."""
    return unseen if keeps_colours and len(unseen) > 1 else escaped(unseen)


def _painted(text: str, style: str) -> str:
    return f"\x1b[{';'.join(_CODES[s] for s in style.split())}m{text}\x1b[0m"

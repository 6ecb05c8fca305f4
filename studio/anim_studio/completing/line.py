"""A command line that is being written, taken apart as a shell does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

_QUOTES = "'\""


@dataclass(frozen=True, slots=True)
class Line:
    """The words before the cursor behind `anim`: those that are done, and the one that is being written."""

    done: tuple[str, ...]
    current: str
    #: the quote that is open at the cursor, and how much of the word stands before it
    quote: str = ""
    before_quote: int = 0

    @property
    def command(self) -> str:
        """The command; empty while it is being written."""
        return self.done[0] if self.done else ""

    def without_globals(self) -> Line:
        """The line without the options that may stand before a command."""
        words = self.done
        while words and words[0].startswith("--"):
            has_value = words[0] in ("--colour", "--color")
            if has_value and len(words) == 1:
                break
            words = words[2 if has_value else 1 :]
        return replace(self, done=words)

    @property
    def film(self) -> Path | None:
        """The first film that is named and there."""
        named = (Path(word).expanduser() for word in self.done[1:] if word.endswith(".anim"))
        return next((path for path in named if path.is_file()), None)


def split(text: str) -> Line:
    """The words of a line up to the cursor, the command's own name left out; an open quote is no mistake."""
    words: list[str] = []
    word, quote, begun = "", "", False
    place = before = 0
    while place < len(text):
        sign = text[place]
        if quote:
            if sign == quote:
                quote = ""
            else:
                word += sign
        elif sign in _QUOTES:
            quote, begun, before = sign, True, len(word)
        elif sign == "\\" and place + 1 < len(text):
            place += 1
            word, begun = word + text[place], True
        elif sign.isspace():
            if begun or word:
                words.append(word)
            word, begun = "", False
        else:
            word += sign
        place += 1
    return Line(tuple(words[1:]), word if words else "", quote, before if quote else 0)

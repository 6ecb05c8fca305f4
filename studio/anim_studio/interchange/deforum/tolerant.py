"""Settings files as people publish them: JSON with places, and with what editors and hands leave in it.

Comments, commas that are too many or missing, Python's `True` and `None`, `NaN`, single quotes, back-slashes
of Windows paths and stray words between the settings are read over, and each kind is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from anim_dsl.source import Span

Plain: TypeAlias = "str | float | int | bool | dict[str, Found] | list[Found] | None"

_BLANK = re.compile(r"\s+|//[^\n]*|#[^\n]*|/\*[\s\S]*?\*/")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])")
_WORD = re.compile(r"[^\s,:{}\[\]\"']+")
_WORDS: dict[str, bool | float | None] = {
    "true": True,
    "false": False,
    "null": None,
    "none": None,
    "nan": float("nan"),
    "infinity": float("inf"),
    "-infinity": float("-inf"),
}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "'": "'"}
#: a path with single back-slashes, which would be read as escapes
_WINDOWS = re.compile(r"[A-Za-z]:\\(?![\\/\"'])")
_DEEPEST = 50


class NotReadable(Exception):
    """Text that is no JSON even so; `at` is where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class Found:
    """A value and its place; `offsets` are those of a text's characters where escapes stand in it."""

    value: Plain
    span: Span
    offsets: tuple[int, ...] = ()

    def within(self, start: int, end: int) -> Span:
        """The place in the file of a range of a text's characters."""
        if not isinstance(self.value, str):
            return self.span
        inside = self.span.start + 1
        if not self.offsets:
            return Span(inside + start, max(inside + end, inside + start))
        last = len(self.offsets) - 1
        return Span(self.offsets[min(start, last)], self.offsets[min(max(end, start), last)])


@dataclass(frozen=True, slots=True)
class Read:
    """A file's outermost object, and what was read over."""

    values: dict[str, Found]
    slips: tuple[str, ...]


def read_object(text: str) -> Read:
    """The object that a text holds. Raises NotReadable."""
    reader = _Reader(text)
    reader.blank()
    start = text.find("{", reader.at)
    if start < 0 or text[reader.at : start].strip():
        raise NotReadable("a settings file begins with `{`", reader.at)
    found = reader.value(0)
    assert isinstance(found.value, dict)
    reader.blank()
    if reader.at < len(text):
        reader.slip("text after the last `}`")
    return Read(found.value, tuple(reader.slips))


class _Reader:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.slips: dict[str, None] = {}

    def slip(self, what: str) -> None:
        self.slips[what] = None

    def blank(self) -> None:
        while match := _BLANK.match(self.text, self.at):
            if not match.group().isspace():
                self.slip("comments")
            self.at = match.end()

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Found:
        self.blank()
        start, char = self.at, self.peek()
        if depth > _DEEPEST:
            raise NotReadable("this is nested too deeply", start)
        if char == "{":
            return Found(self._object(depth), Span(start, self.at))
        if char == "[":
            return Found(self._list(depth), Span(start, self.at))
        if char in ('"', "'") and char:
            return self._string(char)
        return self._bare()

    def _object(self, depth: int) -> dict[str, Found]:
        self.at += 1
        found: dict[str, Found] = {}
        while self._goes_on("}"):
            name = self._string(self.peek()) if self.peek() in ('"', "'") else None
            if name is None:
                self._stray()
                continue
            self.blank()
            if self.peek() != ":":
                raise NotReadable('a setting is written `"name": value`', self.at)
            self.at += 1
            assert isinstance(name.value, str)
            found.pop(name.value, None)
            found[name.value] = self.value(depth + 1)
        return found

    def _list(self, depth: int) -> list[Found]:
        self.at += 1
        found: list[Found] = []
        while self._goes_on("]"):
            found.append(self.value(depth + 1))
        return found

    def _goes_on(self, close: str) -> bool:
        """Steps over commas; whether another element follows. The end of the file closes what is open."""
        commas = 0
        self.blank()
        while self.peek() == ",":
            commas += 1
            self.at += 1
            self.blank()
        if commas > 1 or (commas and self.peek() == close):
            self.slip("commas too many")
        if self.peek() == close:
            self.at += 1
            return False
        if not self.peek():
            raise NotReadable(f"the file ends before its `{close}`", len(self.text))
        return True

    def _stray(self) -> None:
        match = _WORD.match(self.text, self.at)
        if match is None:
            raise NotReadable(f"`{self.peek()}` cannot stand here", self.at)
        self.slip("words between the settings")
        self.at = match.end()

    def _bare(self) -> Found:
        start = self.at
        number = _NUMBER.match(self.text, start)
        if number is not None:
            self.at = number.end()
            text = number.group()
            whole = text.lstrip("+-").isdigit() and len(text) < 20
            return Found(int(text) if whole else float(text), Span(start, self.at))
        word = _WORD.match(self.text, start)
        if word is None:
            raise NotReadable("there is no value here", start)
        self.at = word.end()
        if word.group().lower() not in _WORDS:
            raise NotReadable(f"`{word.group()[:40]}` stands without quotes", start)
        if word.group() not in ("true", "false", "null"):
            self.slip(f"`{word.group()}`, which JSON does not have")
        return Found(_WORDS[word.group().lower()], Span(start, self.at))

    def _string(self, quote: str) -> Found:
        start = self.at
        if quote == "'":
            self.slip("single quotes")
        self.at += 1
        is_literal = _WINDOWS.match(self.text, self.at) is not None
        if is_literal:
            self.slip("back-slashes that stand alone")
        chars: list[str] = []
        offsets: list[int] = []
        while (char := self.peek()) != quote:
            if not char:
                raise NotReadable("a text is not closed", start)
            offsets.append(self.at)
            chars.append(self._escape() if char == "\\" and not is_literal else char)
            self.at += 1
        offsets.append(self.at)
        self.at += 1
        text = "".join(chars)
        is_plain = offsets[-1] - offsets[0] == len(text)
        return Found(_joined(text), Span(start, self.at), () if is_plain else tuple(offsets))

    def _escape(self) -> str:
        """The character of an escape; leaves the reader on its last one."""
        char = self.text[self.at + 1 : self.at + 2]
        if char == "u" and re.match(r"[0-9a-fA-F]{4}", self.text[self.at + 2 : self.at + 6]):
            code = int(self.text[self.at + 2 : self.at + 6], 16)
            self.at += 5
            return chr(code)
        if char in _ESCAPES and char:
            self.at += 1
            return _ESCAPES[char]
        self.slip("back-slashes that stand alone")
        return "\\"


def _joined(text: str) -> str:
    """Halves of characters beyond 16 bits, as JSON writes them, put together; lone ones replaced."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""The words of Parseq's formulas: numbers with units, names, texts, signs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anim_dsl.source import Span


class FormulaError(Exception):
    """What cannot be read or computed, and where in the formula."""

    def __init__(self, message: str, span: Span, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.span, self.hint = message, span, hint


_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\n]*)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[fsb]?(?![0-9A-Za-z_.]))
    |(?P<name>[A-Za-z_][A-Za-z_0-9]*)
    |(?P<text>"(?:[^\n\\"]|\\["\\/ntbfr])*")
    |(?P<sign><=|>=|==|!=|&&|\|\||[<>(),=+*/%^:-])""",
    re.VERBOSE,
)
_WORDS = {"and": "&&w", "or": "||w", "if": "if", "else": "else"}
_MOST_TOKENS = 4000


@dataclass(frozen=True, slots=True)
class Token:
    """A word: what it is to the reader, its text, its place."""

    kind: str
    text: str
    span: Span


def tokens(text: str) -> list[Token]:
    """The words of a formula, an `end` after them. Raises `FormulaError`."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            hint = "texts stand in double quotes" if text[at] in "\"'" else ""
            raise FormulaError(f"Parseq's formulas have no `{text[at]}` here", Span(at, at + 1), hint)
        if match.lastgroup != "space":
            found.append(Token(_kind(match), match[0], Span(at, match.end())))
        if len(found) > _MOST_TOKENS:
            raise FormulaError("the formula is longer than this reads", Span(0, len(text)))
        at = match.end()
    found.append(Token("end", "", Span(len(text), len(text))))
    return found


def _kind(match: re.Match[str]) -> str:
    """What a token is to the reader: its kind, or for signs and words of the language itself."""
    if match.lastgroup == "sign":
        return match[0]
    if match.lastgroup == "name":
        return _WORDS.get(match[0], "name")
    return str(match.lastgroup)

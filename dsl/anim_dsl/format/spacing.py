"""Tokens on one line: how each is spelled, and where spaces stand."""

from __future__ import annotations

from collections.abc import Iterable

from anim_dsl.lexer import QUANTITY_PART
from anim_dsl.tokens import CLOSERS, OPENERS, Token, ends_operand

_SIGNS = ("PLUS", "MINUS")


def spelled(token: Token) -> str:
    """A token as it is written canonically: units, `2D` and `768X512` in lower case."""
    match token.type:
        case "QUANTITY":
            return QUANTITY_PART.sub(lambda part: part.group(1) + part.group(2).lower(), token.text)
        case "SIZE" | "DIM":
            return token.text.lower()
        case "LONG_STRING":
            return token.text.replace("\r\n", "\n")
        case "COMMENT":
            return token.text.rstrip()
        case _:
            return token.text


def flat(tokens: Iterable[Token]) -> str:
    """Tokens on one line."""
    line = Line()
    for token in tokens:
        line.add(token)
    return line.text


class Line:
    """A line that grows by tokens; `text` is what it is so far."""

    def __init__(self, before: Token | None = None) -> None:
        self.parts: list[str] = []
        self.before = before
        self.is_signed = False  # whether the last token is the sign of the one to come

    @property
    def text(self) -> str:
        """The line so far."""
        return "".join(self.parts)

    def add(self, token: Token, *, glued: bool = False) -> None:
        """Appends a token with the space that belongs before it; `glued` leaves the space out."""
        before = self.before
        if before is not None and not glued and not self.is_signed and _has_space(before, token):
            self.parts.append(" ")
        self.parts.append(spelled(token))
        self.is_signed = token.type in _SIGNS and (before is None or not ends_operand(before))
        self.before = token


def _has_space(before: Token, after: Token) -> bool:
    kind = after.type
    if before.type in OPENERS or kind in CLOSERS or kind in ("COMMA", "COLON"):
        return False
    if "DOT" in (before.type, kind):
        return False
    return not (kind == "LPAR" and before.type == "NAME")

"""The tokens of a film's text."""

from __future__ import annotations

from typing import NamedTuple

from anim_dsl.source import Span

END = "$END"

BINARY_OPERATORS = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "MOD", "POW", "COMPARE"})
JOINING_WORDS = frozenset({"AND", "OR", "IF", "ELSE", "PER", "WITH"})
RESERVED = frozenset({"and", "or", "not", "if", "else", "per", "with", "as", "let", "def"})
TEXTS = frozenset({"STRING", "LONG_STRING"})
OPENERS = {"LPAR": "RPAR", "LSQB": "RSQB"}
CLOSERS = {"RPAR": "LPAR", "RSQB": "LSQB"}
SIGNS = {"LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "LBRACE": "{", "RBRACE": "}"}


class Token(NamedTuple):
    """A kind, the characters and where they stand; `value` holds what is already built from them.

    `type` is a terminal of `anim.lark`, or one of the kinds that are only nearly a token
    (`BAD_NUMBER`, `OPEN_STRING`, `CURLY_STRING` …), so that messages can be about them.
    """

    type: str
    text: str
    start: int
    end: int
    value: object = None

    @property
    def span(self) -> Span:
        """The characters of the token."""
        return Span(self.start, self.end)


def ends_operand(token: Token) -> bool:
    """Whether a value can end with this token, so that no operand can follow without a sign between."""
    return token.type in _OPERAND_ENDS


_OPERAND_ENDS = frozenset(
    {"NAME", "NUMBER", "QUANTITY", "PERCENT", "SIZE", "DIM", "RPAR", "RSQB", "BLOCK", "TIME", *TEXTS}
)

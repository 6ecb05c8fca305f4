"""The Pygments lexer: the language's own tokens, so that it reads a film as the parser does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, TypeAlias

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Number,
    Operator,
    Punctuation,
    Whitespace,
    _TokenType,
)

from anim_dsl.lexer import QUANTITY_PART, lex
from anim_dsl.tokens import TEXTS, Token
from anim_studio.lexing.names import Names
from anim_studio.lexing.texts import text_parts

Piece: TypeAlias = tuple[int, _TokenType, str]
"""Where a piece begins, what it is, and its characters."""

_KINDS: dict[str, _TokenType] = {
    "COMMENT": Comment.Single,
    "NEWLINE": Whitespace,
    "SIZE": Number,
    "DIM": Keyword.Type,
    **dict.fromkeys(("LET", "DEF"), Keyword.Declaration),
    **dict.fromkeys(("AND", "OR", "NOT"), Operator.Word),
    **dict.fromkeys(("IF", "ELSE", "PER", "WITH", "AS"), Keyword),
    **dict.fromkeys(
        ("PLUS", "MINUS", "STAR", "SLASH", "MOD", "POW", "COMPARE", "EQUAL", "AUGMENT"), Operator
    ),
    **dict.fromkeys(("COLON", "COMMA", "DOT", "SEMICOLON"), Punctuation),
    **dict.fromkeys(("LPAR", "RPAR", "LSQB", "RSQB", "LBRACE", "RBRACE"), Punctuation),
}
_WHOLE = re.compile(r"[0-9]+\Z")


class AnimLexer(Lexer):
    """Films of anim: every character comes back, and what the language does not know is an `Error`."""

    name = "anim"
    url = ""
    aliases: ClassVar = ["anim"]
    filenames: ClassVar = ["*.anim"]
    mimetypes: ClassVar = ["text/x-anim"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[Piece]:
        """The pieces of a text in order, without a gap."""
        yield from pieces(text, 0, len(text))

    @staticmethod
    def analyse_text(text: str) -> float:
        """How sure it is that a text without a name is a film: Unity's and Maya's `.anim` are none."""
        if text.startswith(("%YAML", "//Maya", "animVersion")):
            return 0.0
        return 0.4 if _FILM.search(text) else 0.0


_FILM = re.compile(
    r"^(?:prompt\s*\{|camera\s+(?:\w+\s+)?[23]d\s*\{|scene\s+\w+\s+\w+\s*\{|output\s+\")", re.MULTILINE
)


def pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of a range of a text; spaces between tokens are pieces as well."""
    comments: list[Token] = []
    names = Names(lex(text, start, end, comments))
    at = start
    for token, role in names.merged(comments):
        if token.start > at:
            yield at, Whitespace, text[at : token.start]
        yield from _parts(text, token, role)
        at = token.end
    if at < end:
        yield at, Whitespace, text[at:end]


def _parts(text: str, token: Token, role: _TokenType | None) -> Iterator[Piece]:
    if role is not None:
        yield token.start, role, token.text
    elif token.type in TEXTS:
        yield from text_parts(text, token, pieces)
    elif token.type == "QUANTITY":
        yield from _quantity(token)
    elif token.type == "PERCENT":
        yield token.start, Number, token.text[:-1]
        yield token.end - 1, Keyword.Type, "%"
    elif token.type == "NUMBER":
        yield token.start, Number.Integer if _WHOLE.match(token.text) else Number.Float, token.text
    else:
        yield token.start, _KINDS.get(token.type, Error), token.text


def _quantity(token: Token) -> Iterator[Piece]:
    for part in QUANTITY_PART.finditer(token.text):
        yield token.start + part.start(1), Number, part[1]
        yield token.start + part.start(2), Keyword.Type, part[2]

"""Semantic tokens: every word of a film as what it is (`anim_studio.lsp.legend`)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final

from lsprotocol.types import SemanticTokens, SemanticTokensParams, SemanticTokensRangeParams

from anim_dsl.lexer import lex
from anim_dsl.source import Span
from anim_dsl.tokens import RESERVED, Token
from anim_dsl.words import WORDS
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.legend import MODIFIERS, TYPES
from anim_studio.lsp.roles import Role, Roles, by_name, roles_of

_NUMBERS: Final = frozenset({"NUMBER", "QUANTITY", "PERCENT", "SIZE", "DIM"})
_STRINGS: Final = frozenset({"STRING", "LONG_STRING", "OPEN_STRING", "OPEN_LONG_STRING"})
_WORDS: Final = frozenset({"NAME", *(word.upper() for word in RESERVED)})
#: `:1.2` before the parenthesis that closes a weight
_WEIGHT: Final = re.compile(r":\s*[+-]?(?:\d+\.?\d*|\.\d+)(?=\s*\))")
_ASSIGNS: Final = frozenset({"EQUAL", "AUGMENT"})

_Piece = tuple[Span, Role]


def semantic_tokens(made: Analysed, _: SemanticTokensParams) -> SemanticTokens:
    """The tokens of the whole film."""
    return SemanticTokens(_encoded(_pieces(made, Span(0, len(made.text))), made))


def semantic_tokens_in(made: Analysed, params: SemanticTokensRangeParams) -> SemanticTokens:
    """The tokens of a range."""
    span = made.positions.span(params.range)
    return SemanticTokens(_encoded(_pieces(made, span), made))


def _pieces(made: Analysed, range: Span) -> Iterator[_Piece]:
    comments: list[Token] = []
    tokens = lex(made.text, comments=comments)
    roles = roles_of(made)
    found = [*_words(tokens, made.text, roles), *((token.span, ("comment", ())) for token in comments)]
    found.sort(key=lambda piece: piece[0])
    yield from (piece for piece in found if piece[0].end > range.start and piece[0].start < range.end)


def _words(tokens: list[Token], text: str, roles: Roles) -> Iterator[_Piece]:
    for number, token in enumerate(tokens):
        if token.type in _STRINGS:
            yield from _in_string(token.span, text, roles)
            continue
        after = tokens[number + 1].type if number + 1 < len(tokens) else ""
        before = tokens[number - 1].type if number else "NEWLINE"
        role = _role(token, before, after, roles)
        if role is not None:
            yield token.span, role


def _role(token: Token, before: str, after: str, roles: Roles) -> Role | None:
    if token.type in _NUMBERS:
        return "number", ()
    if token.type not in _WORDS:
        return None
    told = roles.at.get(token.start)
    if told is not None:
        return told
    if token.type != "NAME":
        return "keyword", ()
    # where the text is not understood, by how it looks
    begins = before in ("NEWLINE", "SEMICOLON", "LBRACE")
    if begins and after in _ASSIGNS:
        return "property", ()
    if begins and token.text in WORDS:
        return "keyword", ()
    return by_name(token.text) or (("function", ()) if after == "LPAR" else None)


def _in_string(whole: Span, text: str, roles: Roles) -> Iterator[_Piece]:
    """A text: its characters, its weights, and what is inserted in it."""
    first = bisect_left(roles.inserts, whole)
    at = whole.start
    for insert in roles.inserts[first:]:
        if insert.end > whole.end:
            break
        # an insert within another's text is told there
        if insert.start >= at:
            yield from _plain(Span(at, insert.start), text)
            yield from _words(lex(text, insert.start, insert.end), text, roles)
            at = insert.end
    yield from _plain(Span(at, whole.end), text)


def _plain(span: Span, text: str) -> Iterator[_Piece]:
    at = span.start
    for weight in _WEIGHT.finditer(text, span.start, span.end):
        yield from _nonempty(Span(at, weight.start()), ("string", ()))
        yield Span(weight.start(), weight.end()), ("operator", ())
        at = weight.end()
    yield from _nonempty(Span(at, span.end), ("string", ()))


def _nonempty(span: Span, role: Role) -> Iterator[_Piece]:
    if span.end > span.start:
        yield span, role


# --- as the protocol has them ---


def _encoded(pieces: Iterable[_Piece], made: Analysed) -> list[int]:
    """Five numbers a token: lines and columns from the one before, length, type, modifiers."""
    data: list[int] = []
    line = column = 0
    for span, (kind, modifiers) in pieces:
        bits = sum(1 << MODIFIERS.index(each) for each in modifiers)
        for part in _lines(span, made.text):
            start, end = made.positions.position(part.start), made.positions.position(part.end)
            if start.line != end.line or end.character <= start.character:
                continue
            same = start.line == line
            data += [
                start.line - line,
                start.character - (column if same else 0),
                end.character - start.character,
                TYPES.index(kind),
                bits,
            ]
            line, column = start.line, start.character
    return data


def _lines(span: Span, text: str) -> Iterator[Span]:
    """A span cut at line ends, which few clients take within a token."""
    at = span.start
    for line in re.split(r"(\r\n|\r|\n)", text[span.start : span.end]):
        if line.strip("\r\n"):
            yield Span(at, at + len(line))
        at += len(line)

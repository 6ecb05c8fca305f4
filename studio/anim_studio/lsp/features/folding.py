"""What can be folded: whatever stands between braces or brackets, long texts, key lists and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lsprotocol.types import FoldingRange, FoldingRangeKind, FoldingRangeParams

from anim_dsl.lexer import lex
from anim_dsl.source import Span
from anim_dsl.syntax import Keys, Let, Setting, Statement, Word
from anim_dsl.tokens import Token
from anim_studio.lsp.analysed import Analysed

_OPENERS: Final = {"LBRACE": "RBRACE", "LPAR": "RPAR", "LSQB": "RSQB"}
_REGION: Final = re.compile(r"#\s*(end)?region\b")


def folding_ranges(made: Analysed, _: FoldingRangeParams) -> list[FoldingRange]:
    """The parts of a film that can be folded, by line; the line that closes a block stays to be seen."""
    comments: list[Token] = []
    tokens = lex(made.text, comments=comments)
    found = {(start, end, kind) for start, end, kind in _all(made, tokens, comments) if end > start}
    return [
        FoldingRange(start, end, kind=kind) for start, end, kind in sorted(found, key=lambda row: row[:2])
    ]


def _all(
    made: Analysed, tokens: list[Token], comments: list[Token]
) -> Iterator[tuple[int, int, FoldingRangeKind | None]]:
    for opened, closed in _pairs(tokens):
        yield _line(made, opened.start), _line(made, closed.start) - 1, None
    for token in tokens:
        if token.type in ("LONG_STRING", "OPEN_LONG_STRING"):
            yield _line(made, token.start), _line(made, token.end), None
    for keys in _key_lists(made.document.statements):
        yield _line(made, keys.start), _line(made, keys.end), None
    for first, last in _runs([_line(made, token.start) for token in comments if _is_alone(made, token)]):
        yield first, last, FoldingRangeKind.Comment
    for first, last in _regions(made, comments):
        yield first, last, FoldingRangeKind.Region


def _line(made: Analysed, offset: int) -> int:
    return made.positions.position(offset).line


def _pairs(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    """Brackets with those that close them; one that nothing closes ends with what it stands in."""
    opened: list[Token] = []
    for token in tokens:
        if token.type in _OPENERS:
            opened.append(token)
        elif token.type in _OPENERS.values():
            while opened:
                last = opened.pop()
                if _OPENERS[last.type] == token.type:
                    yield last, token
                    break


def _key_lists(statements: tuple[Statement, ...]) -> Iterator[Span]:
    """Keys that go over several lines without braces around them."""
    for statement in statements:
        if isinstance(statement, Setting | Let) and isinstance(statement.value, Keys):
            yield Span(statement.name.span.start, statement.value.span.end)
        if isinstance(statement, Word | Setting) and statement.block is not None:
            yield from _key_lists(statement.block.statements)


def _regions(made: Analysed, comments: list[Token]) -> Iterator[tuple[int, int]]:
    """Lines between `# region` and `# endregion`."""
    begun: list[int] = []
    for token in comments:
        mark = _REGION.match(token.text)
        if mark is None or not _is_alone(made, token):
            continue
        if mark[1] is None:
            begun.append(_line(made, token.start))
        elif begun:
            yield begun.pop(), _line(made, token.start)


def _is_alone(made: Analysed, comment: Token) -> bool:
    """Whether nothing stands before a comment on its line."""
    start = made.positions.line_span(_line(made, comment.start)).start
    return not made.text[start : comment.start].strip()


def _runs(lines: list[int]) -> Iterator[tuple[int, int]]:
    """Lines that follow one another."""
    first = last = -2
    for line in lines:
        if line == last + 1:
            last = line
            continue
        if last > first:
            yield first, last
        first = last = line
    if last > first:
        yield first, last

"""A film as a list for programs that compare lines: each setting and key on a line, with where it belongs.

Layout and comments are left out, so that a line differs only where the film says something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from anim_dsl.format import MisformatError, format_source
from anim_dsl.lexer import lex
from anim_dsl.merge.sides import sides_of
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Block, Def, Expr, KeyLine, Keys, Let, Setting, Statement, Word


def listing(source: Source) -> str | None:
    """`camera 3d: zoom 4s: 1.2` and so on, in written order; None for a film with syntax errors. A film with
    conflicts is both lists, with markers around the lines in which they differ.
    """
    try:
        text = format_source(source)
    except MisformatError:  # told where it is laid out; here the text itself will do
        return None
    if not isinstance(text, str):
        return _of_sides(source)
    document, _ = parse(Source(source.name, text))
    return "".join(f"{line}\n" for line in _lines(document.statements, text, ""))


def _of_sides(source: Source) -> str | None:
    sides = sides_of(source.text)
    if sides is None:
        return None
    ours, theirs = (listing(Source(source.name, text)) for text in (sides.ours, sides.theirs))
    return None if ours is None or theirs is None else sides.marked(ours, theirs)


def _lines(statements: tuple[Statement, ...], text: str, place: str) -> Iterator[str]:
    for statement in statements:
        match statement:
            case Setting(_, _, value, block):
                yield from _valued(Span(statement.span.start, value.span.start), value, block, text, place)
            case Let(_, value) | Def(_, _, value):
                yield from _valued(Span(statement.span.start, value.span.start), value, None, text, place)
            case KeyLine(keys):
                yield from _keys(keys, text, place.removesuffix(": "))
            case Word(_, _, value, block):
                yield from _word(statement, value, block, text, place)
            case _:
                assert_never(statement)


def _valued(head: Span, value: Expr, block: Block | None, text: str, place: str) -> Iterator[str]:
    if isinstance(value, Keys):
        yield from _keys(value, text, place + _plain(text, head).removesuffix("=").rstrip())
    else:
        yield place + _plain(text, Span(head.start, value.span.end))
    if block is not None:
        name = _plain(text, head).removesuffix("=").rstrip()
        yield from _lines(block.statements, text, f"{place}{name}: ")


def _word(statement: Word, value: Expr | None, block: Block | None, text: str, place: str) -> Iterator[str]:
    head = _plain(text, Span(statement.span.start, statement.span.end if block is None else block.span.start))
    if block is None or value is not None or not block.statements:
        yield place + head
    if block is not None:
        short = head if value is None else head.partition("=")[0].rstrip()
        yield from _lines(block.statements, text, f"{place}{short}: ")


def _keys(keys: Keys, text: str, place: str) -> Iterator[str]:
    for key in keys.keys:
        yield f"{place} {_plain(text, key.span)}"
    if keys.easing is not None:
        yield f"{place} with {_plain(text, keys.easing.span)}"


def _plain(text: str, span: Span) -> str:
    """A piece of a film on one line: line ends and what is indented behind them become a space, and comments
    go; what stands inside a text stays.
    """
    parts: list[str] = []
    end = span.start
    for token in lex(text, span.start, span.end):
        if token.type == "NEWLINE":
            continue
        gap = text[end : token.start]
        parts.append(" " if parts and gap else "")
        parts.append(token.text.replace("\n", "\\n"))
        end = token.end
    return "".join(parts)

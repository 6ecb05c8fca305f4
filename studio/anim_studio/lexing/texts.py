"""The pieces of a text between quotes: escapes, inserts, and the weights of prompts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pygments.token import Error, Number, String, _TokenType

from anim_dsl.tokens import Token

_MARK = re.compile(
    r"(?P<escape>\\(?:u\{[0-9a-fA-F]{1,8}\}|[\"\\nt{}()\[\]]))"
    r"|(?P<wrong>\\[\s\S])"
    r"|(?P<insert>\{)"
    r"|(?P<lone>\})"
    r"|(?<=:)[ \t]*(?P<weight>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?=\s*\))"
)
_BRACE = re.compile(r"\"[^\"\n]*\"|[{}]")
_PAD = re.compile(r":\s*0[1-9][0-9]?\s*\Z")
_ROLES: dict[str, _TokenType] = {
    "escape": String.Escape,
    "wrong": Error,
    "lone": Error,
    "weight": Number,
}


def text_parts(
    text: str, token: Token, expression: Callable[[str, int, int], Iterator[tuple[int, _TokenType, str]]]
) -> Iterator[tuple[int, _TokenType, str]]:
    """The pieces of a `STRING` or `LONG_STRING`; `expression` gives those of what is inserted."""
    plain = String.Double
    at = done = token.start + (3 if token.type == "LONG_STRING" else 1)
    end = token.end - (at - token.start)
    yield token.start, plain, text[token.start : at]
    while mark := _MARK.search(text, at, end):
        kind = str(mark.lastgroup)
        start, at = mark.span(kind)
        close = _closing(text, start, end) if kind == "insert" else None
        if start > done:
            yield done, plain, text[done:start]
        if close is None:
            yield start, _ROLES.get(kind, Error), text[start:at]
            if kind == "insert":  # as for the parser, nothing after it is more than text
                done = at
                break
        else:
            yield start, String.Interpol, "{"
            yield from _insert(text, start + 1, close, expression)
            yield close, String.Interpol, "}"
            at = close + 1
        done = at
    if done < end:
        yield done, plain, text[done:end]
    yield end, plain, text[end : token.end]


def _insert(
    text: str,
    start: int,
    end: int,
    expression: Callable[[str, int, int], Iterator[tuple[int, _TokenType, str]]],
) -> Iterator[tuple[int, _TokenType, str]]:
    pad = _PAD.search(text, start, end)
    stop = pad.start() if pad else end
    yield from expression(text, start, stop)
    if pad:
        yield stop, String.Interpol, text[stop:end]


def _closing(text: str, start: int, end: int) -> int | None:
    """Where the brace stands that closes the one at `start`."""
    depth = 0
    for mark in _BRACE.finditer(text, start, end):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if depth == 0:
            return mark.start()
    return None

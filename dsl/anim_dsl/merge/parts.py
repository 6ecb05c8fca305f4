"""A statement or a key taken apart into what can change on its own: its head, its value, its block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from anim_dsl.lexer import lex
from anim_dsl.merge.essence import merged_text
from anim_dsl.merge.items import Items, Node, of_block, of_keys
from anim_dsl.source import Span
from anim_dsl.syntax import Block, Def, Expr, Key, KeyLine, Keys, Let, Setting, Word


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a statement: its text, and what it holds if it is a block or a list of keys.

    `before` and `after` stand around the items of what it holds: braces, parentheses, `with ease`.
    """

    text: str
    items: Items | None = None
    is_block: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """`camera 3d { … }` is a head and a block, `zoom = 0s: 1, 4s: 2` a head and a value; a key has its time
    as head and its easing as rest.
    """

    head: Part
    value: Part
    rest: Part


def parts_of(node: Node, text: str) -> Parts:
    """The parts of a node, which together are its text."""
    match node:
        case Key(at, value):
            return Parts(
                Part(text[at.span.start : value.span.start]),
                Part(text[value.span.start : value.span.end]),
                Part(text[value.span.end : node.span.end]),
            )
        case KeyLine(keys):
            return _three(node.span, keys, None, text)
        case Setting(_, _, value, block):
            return _three(node.span, value, block, text)
        case Let(_, value) | Def(_, _, value):
            return _three(node.span, value, None, text)
        case Word():
            return _three(node.span, node.value, node.block, text)
        case _:
            assert_never(node)


def _three(span: Span, value: Expr | None, block: Block | None, text: str) -> Parts:
    ends = span.end if block is None else block.span.start
    start, stop = (ends, ends) if value is None else (value.span.start, value.span.end)
    inner = Part("") if value is None else _value(value, text)
    rest = Part(text[stop : span.end])
    if block is not None:
        rest = Part(rest.text, of_block(text, block), True, text[stop : block.span.start + 1], "}")
    return Parts(Part(text[span.start : start]), inner, rest)


def _value(value: Expr, text: str) -> Part:
    said = text[value.span.start : value.span.end]
    if not isinstance(value, Keys) or not value.keys:
        return Part(said)
    if said.startswith("{"):
        return Part(said, of_keys(text, value), True, "{", "}")
    before = text[value.span.start : value.keys[0].span.start]
    after = text[value.keys[-1].span.end : value.span.end]
    return Part(said, of_keys(text, value), False, before, after)


def merged_head(base: str | None, ours: str, theirs: str) -> str | None:
    """What stands before a value or block, word by word: a scene's name and its length can change apart."""
    whole = merged_text(base, ours, theirs)
    if whole is not None or base is None:
        return whole
    words = [lex(text) for text in (base, ours, theirs)]
    if len({len(tokens) for tokens in words}) > 1:
        return None
    result, at = "", 0
    for before, mine, other in zip(*words, strict=True):
        word = merged_text(before.text, mine.text, other.text)
        if word is None:
            return None
        result += ours[at : mine.start] + word
        at = mine.end
    return result + ours[at:]

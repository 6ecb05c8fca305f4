"""What a piece of a film says, whatever its layout: its tokens and comments."""

from __future__ import annotations

from anim_dsl.lexer import lex
from anim_dsl.tokens import Token

_LAYOUT = frozenset({"NEWLINE", "SEMICOLON"})


def essence(text: str) -> tuple[str, ...]:
    """The tokens and comments of a text in order; two texts that differ in layout only have the same."""
    comments: list[Token] = []
    tokens = [token for token in lex(text, comments=comments) if token.type not in _LAYOUT]
    if comments:
        tokens = sorted([*tokens, *comments], key=lambda token: token.start)
    return tuple(token.text.rstrip() for token in tokens)


def merged_text(base: str | None, ours: str, theirs: str) -> str | None:
    """One piece of a text as both sides want it, or None if they want different things.

    `base` is None where both sides added it. A change of layout gives way to a change of what is said.
    """
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    mine, other = essence(ours), essence(theirs)
    if mine == other:
        return ours
    if base is None:
        return None
    before = essence(base)
    if mine == before:
        return theirs
    return ours if other == before else None

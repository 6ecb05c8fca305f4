"""`\"\"\"` texts moved along with the statement that they stand in; what they say stays the same."""

from __future__ import annotations

import re

from anim_dsl.diagnostic import Edit
from anim_dsl.edit.apply import apply_edits
from anim_dsl.format.align import INDENT
from anim_dsl.lexer import lex
from anim_dsl.source import Span
from anim_dsl.texts import trimmed
from anim_dsl.tokens import Token

_SPACE = re.compile(r"[ \t]*")


def moved(before: str, after: str) -> str:
    """The laid-out text `after` of `before`, its long texts shifted by as much as their lines were.

    prompt {                    prompt {
        0s: \"\"\"                    0s: \"\"\"
            a cat          →        a cat
            \"\"\"                      \"\"\"
    }                           }
    """
    if '"""' not in after:
        return after
    pairs = zip(_long_texts(before), _long_texts(after), strict=True)
    return apply_edits(after, [_edit(before, old, after, new) for old, new in pairs])


def _long_texts(text: str) -> list[Token]:
    return [token for token in lex(text) if token.type == "LONG_STRING"]


def _edit(before: str, old: Token, after: str, new: Token) -> Edit:
    was, now = _indent(before, old.start), _indent(after, new.start)
    if was == now or "\n" not in new.text:
        return Edit(new.span, new.text)
    _, common = trimmed(after, Span(new.start + 3, new.end - 3))
    first, *lines = new.text.split("\n")
    margin = next((line[:common] for line in lines if line.strip()), "")
    # a tab has no width of its own: what it indents stands one level further in than its statement
    is_tabbed = "\t" in margin + was
    room = len(now) + len(INDENT) if is_tabbed else max(len(now), common + len(now) - len(was))
    shifted = (_shifted(line, common, room, len(INDENT) if is_tabbed else 1) for line in lines)
    return Edit(new.span, "\n".join([first, *shifted]))


def _shifted(line: str, common: int, room: int, step: int) -> str:
    """A line whose first `common` spaces become `room`; one that has fewer stays that many steps behind."""
    spaces = _SPACE.match(line)
    has = len(spaces.group()) if spaces else 0
    rest = line[min(has, common) :]
    return " " * max(0, room - step * max(0, common - has)) + rest if rest else ""


def _indent(text: str, offset: int) -> str:
    spaces = _SPACE.match(text, text.rfind("\n", 0, offset) + 1, offset)
    return spaces.group() if spaces else ""

"""Whether two texts are the same film: the same tree apart from places, and the same comments."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from anim_dsl.diagnostic import has_errors
from anim_dsl.parse import comments, parse
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Document


def is_faithful(source: Source, text: str) -> bool:
    """Whether a new text says what the source said, comment for comment."""
    new = Source(source.name, text)
    before, _ = parse(source)
    after, diagnostics = parse(new)
    return not has_errors(diagnostics) and same_tree(before, after) and remarks(source) == remarks(new)


def remarks(source: Source) -> list[str]:
    """The comments of a film in order, without spaces at their ends."""
    return [comment.text.rstrip() for comment in comments(source)]


def same_tree(a: Document, b: Document) -> bool:
    """Whether two trees are equal apart from spans and sources."""
    waiting: list[tuple[object, object]] = [(a.statements, b.statements), (a.broken, b.broken)]
    while waiting:
        left, right = waiting.pop()
        if type(left) is not type(right):
            return False
        if isinstance(left, tuple) and isinstance(right, tuple):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif is_dataclass(left):
            waiting += [
                (getattr(left, field.name), getattr(right, field.name))
                for field in fields(left)
                if not isinstance(getattr(left, field.name), Span)
            ]
        elif left != right:
            return False
    return True

"""Edits applied to a text, in any order."""

from __future__ import annotations

from collections.abc import Iterable

from anim_dsl.diagnostic import Edit


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made; the order in which they are given does not matter.

    Raises ValueError if two of them overlap.
    """
    parts: list[str] = []
    done = 0
    for edit in _ordered(edits):
        if edit.span.start < done:
            raise ValueError(f"two edits overlap at {edit.span.start}")
        parts += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    return "".join([*parts, text[done:]])


def compatible(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Those edits that can be made together: equal ones once, and of two that touch the first."""
    kept: list[Edit] = []
    for edit in _ordered(dict.fromkeys(edits)):
        last = kept[-1].span if kept else None
        if last is None or edit.span.start > last.end or (edit.span.start == last.end and last != edit.span):
            kept.append(edit)
    return tuple(kept)


def _ordered(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: (edit.span, edit.text))

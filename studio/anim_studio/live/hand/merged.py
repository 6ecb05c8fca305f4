"""Two changes of one text, made into one where they touch different lines."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def merged(base: str, ours: str, theirs: str) -> str | None:
    """`theirs` with what `ours` changed in `base`; None if both changed the same lines or neighbours."""
    if theirs == base:
        return ours
    lines, own, other = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    first, last, new = _change(lines, own)
    shift = 0
    for tag, begin, end, other_begin, other_end in _steps(lines, other):
        if tag == "equal":
            continue
        if begin <= last and end >= first:
            return None
        if end <= first:
            shift += (other_end - other_begin) - (end - begin)
    return "".join([*other[: first + shift], *new, *other[last + shift :]])


def _change(lines: list[str], own: list[str]) -> tuple[int, int, list[str]]:
    """The lines from which to which one text was changed, and what stands there in the other."""
    first = 0
    while first < min(len(lines), len(own)) and lines[first] == own[first]:
        first += 1
    tail = 0
    while tail < min(len(lines), len(own)) - first and lines[-1 - tail] == own[-1 - tail]:
        tail += 1
    return first, len(lines) - tail, own[first : len(own) - tail]


def _steps(lines: list[str], other: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, lines, other, autojunk=False).get_opcodes()

"""Excerpts made no wider than a terminal, so that a mark stays under what it marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anim_dsl.visible import width

_NARROWEST = 20  # a window of less shows nothing

Row = tuple[str, str, str]
"""A line's number or nothing, its text, and the sign of the marks in it or nothing."""


def fitted(rows: Sequence[Row], room: int) -> Iterator[Row]:
    """The rows with every line of text that is wider than `room` cells cut around its first mark."""
    at = 0
    while at < len(rows):
        after = at + 1
        while after < len(rows) and rows[after][2]:
            after += 1
        group = rows[at:after]
        yield from group if room < _NARROWEST or width(group[0][1]) <= room else _cut(group, room)
        at = after


def _cut(group: Sequence[Row], room: int) -> Iterator[Row]:
    (number, text, style), *marks = group
    starts = [len(mark) - len(mark.lstrip(" ")) for _, mark, _ in marks]
    left = max(0, min(min(starts, default=0) - room // 3, width(text) - room))
    shown, begin = _window(text, left, room)
    yield number, shown, style
    for (_, mark, sign), start in zip(marks, starts, strict=True):
        signs = len(mark) - start - len(mark[start:].lstrip(sign))
        said = mark[start + signs :]
        here = max(0, start - begin)
        seen = max(1, min(signs, room - here))
        yield "", f"{' ' * min(here, room - 1)}{sign * seen}{said}", sign


def _window(text: str, left: int, room: int) -> tuple[str, int]:
    """The part of a line that is shown from the cell `left` on, and the cell at which it begins."""
    begin = cells = 0
    kept: list[str] = []
    for char in text:
        size = width(char)
        if cells < left:
            begin = cells = cells + size
        elif cells + size - begin <= room:
            kept.append(char)
            cells += size
        else:
            kept[-1:] = ["…"]
            break
    if begin and kept:
        kept[:1] = ["…".ljust(width(kept[0]))]
    return "".join(kept), begin

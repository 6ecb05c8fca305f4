"""Conflicts written as git writes them, and taken out of a text again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from anim_dsl.merge.pieces import Conflict, Marking, Piece, Style

_REGION = re.compile(r"^<{7,}[^\n]*\n.*?^>{7,}[^\n]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)


def written(pieces: Iterable[Piece], marking: Marking) -> str:
    """The text with markers around its conflicts."""
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
            continue
        if parts and parts[-1] and not parts[-1].endswith("\n"):
            parts.append("\n")
        parts.append(_marked(piece, marking))
    return "".join(parts)


def _marked(conflict: Conflict, marking: Marking) -> str:
    base, ours, theirs = (_closed(text) for text in (conflict.base, conflict.ours, conflict.theirs))
    front = ""
    if marking.style is Style.ZDIFF3:
        lines = zip(ours.splitlines(keepends=True), theirs.splitlines(keepends=True), strict=False)
        front = "".join(mine for mine, _ in takewhile(lambda pair: pair[0] == pair[1], lines))
        ours, theirs = ours[len(front) :], theirs[len(front) :]
    size = marking.size
    marked = [front, f"{'<' * size} {marking.ours}\n", ours]
    if marking.style is not Style.MERGE:
        marked += [f"{'|' * size} {marking.base}\n", base]
    return "".join([*marked, "=" * size, "\n", theirs, ">" * size, f" {marking.theirs}\n"])


def _closed(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def chosen(pieces: Iterable[Piece], side: str) -> str:
    """The text if every conflict is settled for one side: `base`, `ours` or `theirs`."""
    return "".join(piece if isinstance(piece, str) else str(getattr(piece, side)) for piece in pieces)


def without_conflicts(text: str) -> str:
    """A text without what stands between markers: of a base that is itself a merge, what is settled."""
    return _REGION.sub("", text)

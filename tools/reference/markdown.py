"""Pieces of Markdown: tables, fences, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars inside cells are escaped."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def fence(text: str, info: str = "text") -> str:
    """A code block."""
    return f"```{info}\n{text.rstrip()}\n```"


def code(text: str) -> str:
    """Inline code; empty stays empty."""
    return f"`{text}`" if text else ""


def anchor(heading: str) -> str:
    """The anchor that GitHub and most other readers of Markdown give a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

"""The lines of a text that a diagnostic is about, with marks under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from anim_dsl.secrets import masked
from anim_dsl.source import Source, Span
from anim_dsl.visible import escaped, width

_WIDEST = 120
_BEFORE = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to underline with a sign (`^` or `-`), and the words after the sign."""

    span: Span
    text: str
    sign: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows of `(line number or "", text, style)`, and the width of the line numbers.

    `style` is the sign of a mark's row, and empty for a line of the text.
    """

    rows: tuple[tuple[str, str, str], ...]
    gutter: int


def excerpt(source: Source, marks: Sequence[Mark]) -> Excerpt:
    """The marked lines in order; where lines are left out stands a `⋮`."""
    ordered = sorted(marks, key=lambda mark: (source.place(mark.span.start).line, mark.sign != "^"))
    rows: list[tuple[str, str, str]] = []
    before: int | None = None
    for number, group in groupby(ordered, key=lambda mark: source.place(mark.span.start).line):
        if before is not None and number > before + 1:
            rows.append(("", "⋮", ""))
        rows += _line(source, number, list(group))
        before = number
    return Excerpt(tuple(rows), max(len(number) for number, _, _ in rows))


def _line(source: Source, number: int, marks: list[Mark]) -> list[tuple[str, str, str]]:
    start = source.line_starts[number - 1]
    text = masked(source.line(number))
    first = min(marks[0].span.start - start, len(text))
    cut = max(0, first - _BEFORE) if len(text) > _WIDEST else 0
    lead = "…" if cut else ""
    shown = text[cut : cut + _WIDEST]
    tail = "…" if cut + _WIDEST < len(text) else ""
    rows = [(str(number), lead + escaped(shown) + tail, "")]
    for mark in marks:
        left = min(max(mark.span.start - start - cut, 0), len(shown))
        right = min(max(mark.span.end - start - cut, left), len(shown))
        indent = len(lead) + width(escaped(shown[:left]))
        length = max(1, width(escaped(shown[left:right])))
        rows.append(("", f"{' ' * indent}{mark.sign * length} {mark.text}".rstrip(), mark.sign))
    return rows

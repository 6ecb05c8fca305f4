"""A difference for people: a line an edit, what follows from it beneath, and what re-renders at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anim_dsl.visible import escaped, shortened, wrapped
from anim_studio.cli.terminal import Terminal
from anim_studio.diffing.told import Told

if TYPE_CHECKING:
    from anim_compiler.diff import Change

_SIGNS = {"added": "+", "removed": "-", "moved": ">", "renamed": "="}
_STYLES = {"+": "green", "-": "red", ">": "cyan", "=": "cyan", "~": "yellow", "→": "dim"}
_MOST_WRITTEN = 68
"""Longer formulas are not repeated: the line fits 80 columns."""


def as_text(told: Told, terminal: Terminal, columns: int | None = None) -> Iterator[str]:
    """The lines, wrapped at `columns` if given, in the colours of the terminal's standard output."""
    yield terminal.paint(escaped(told.heading), "bold")
    for change in told.changes:
        yield from _change(change, terminal, columns, 2)
    style = "" if told.has_errors else "bold"
    summary = escaped(told.summary)
    for line in wrapped(summary, columns, 0):
        yield terminal.paint(line, style) if style else line


def _change(change: Change, terminal: Terminal, columns: int | None, indent: int) -> Iterator[str]:
    sign = "→" if indent > 2 else _SIGNS.get(change.kind, "~")
    first, *more = wrapped(shortened(escaped(change.line)), columns, indent + 2)
    yield f"{' ' * indent}{terminal.paint(sign, _STYLES[sign])} {first}"
    yield from more
    written = written_change(change)
    if written and len(written) <= _MOST_WRITTEN:
        yield " " * (indent + 2) + terminal.paint(escaped(written), "dim")
    for effect in change.effects:
        yield from _change(effect, terminal, columns, indent + 2)


def written_change(change: Change) -> str:
    """`0s: 1, 4s: 2 → 0s: 1, 4s: 3`, where the line does not say it already."""
    before, after = change.before, change.after
    if (
        not before
        or not after
        or before == after
        or change.area not in ("camera", "settings", "models", "layers")
    ):
        return ""
    plain = all(text.replace(".", "").strip("-").isalnum() for text in (before, after))
    written = f"{before} → {after}"
    return "" if plain or written in change.sentence else written

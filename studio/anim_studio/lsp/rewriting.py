"""Texts that were rewritten, as edits of the lines that differ: cursors and marks elsewhere stay."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from lsprotocol.types import TextEdit

from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_studio.lsp.positions import Positions


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """What makes one text of another, in whole lines."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(
        Edit(Span(starts[a], starts[b]), "".join(after[c:d])) for kind, a, b, c, d in found if kind != "equal"
    )


def as_text_edits(edits: Iterable[Edit], positions: Positions) -> list[TextEdit]:
    """Edits as an editor makes them."""
    return [TextEdit(positions.range(edit.span), edit.text) for edit in edits]

"""The canonical layout, of a whole film or of some lines."""

from __future__ import annotations

from lsprotocol.types import (
    DocumentFormattingParams,
    DocumentRangeFormattingParams,
    TextEdit,
    WillSaveTextDocumentParams,
)

from anim_dsl.diagnostic import Edit
from anim_dsl.format import format_range
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.rewriting import as_text_edits


def formatting(made: Analysed, _: DocumentFormattingParams) -> list[TextEdit] | None:
    """The edits that lay the film out; None while it has syntax errors, which are shown already."""
    return _all(made)


def range_formatting(made: Analysed, params: DocumentRangeFormattingParams) -> list[TextEdit] | None:
    """The edits that lay out the lines of a range."""
    span = made.positions.span(params.range)
    last = span.end - 1 if span.end > span.start else span.end
    return _edits(made, made.source.place(span.start).line, made.source.place(last).line)


def on_save(made: Analysed, _: WillSaveTextDocumentParams) -> list[TextEdit] | None:
    """The same before the film is saved, if the client's `anim.formatOnSave` is on."""
    return _all(made) if made.desk.switched_on("formatOnSave", False) else None


def _all(made: Analysed) -> list[TextEdit] | None:
    return _edits(made, 1, len(made.text) + 1)


def _edits(made: Analysed, first: int, last: int) -> list[TextEdit] | None:
    found = format_range(made.source, first, last)
    edits = [each for each in found if isinstance(each, Edit)]
    if len(edits) < len(found):
        # diagnostics instead of edits
        return None
    return as_text_edits(edits, made.positions)

"""Films, and ranges of lines, brought into the canonical layout."""

from __future__ import annotations

from difflib import SequenceMatcher

from anim_dsl.diagnostic import Diagnostic, Edit, has_errors
from anim_dsl.format.blocks import lay_items
from anim_dsl.format.faithful import is_faithful
from anim_dsl.format.long_texts import moved
from anim_dsl.format.pieces import read
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span


class MisformatError(Exception):
    """The formatter wrote something else than it read: a bug of ours; the text must stay as it is."""


def format_source(source: Source) -> str | tuple[Diagnostic, ...]:
    """The film's text in canonical layout, or what is wrong with it if it has syntax errors.

    The result is parsed again and compared. Raises MisformatError if it is another film.
    """
    _, diagnostics = parse(source)
    if has_errors(diagnostics):
        return diagnostics
    text = laid_out(source)
    if text != source.text and not is_faithful(source, text):
        raise MisformatError(f"the layout of `{source.name}` would change what it says")
    return text


def laid_out(source: Source) -> str:
    """The canonical layout of a film without syntax errors, not compared with the film."""
    lines = lay_items(read(source), 0)
    return moved(source.text, "".join(f"{line}\n" for line in lines))


def format_range(source: Source, start_line: int, end_line: int) -> tuple[Edit, ...] | tuple[Diagnostic, ...]:
    """The edits that lay out the lines from `start_line` to `end_line`, both from 1 and included.

    Diagnostics if the film has syntax errors. Raises MisformatError.
    """
    text = format_source(source)
    if not isinstance(text, str):
        return text
    ending = "\r\n" if "\r\n" in source.text else "\n"
    new = [line + ending for line in text.splitlines()]
    old = source.text.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits: list[Edit] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal" and a < end_line and max(b, a + 1) >= start_line:
            edits.append(Edit(Span(starts[a], starts[b]), "".join(new[c:d])))
    return tuple(edits)

"""Diagnostics as text for people, one line for tools, or JSON; `report_*.py` hold other programs' formats.

Nothing of a film's text reaches a terminal unescaped: control and bidirectional characters are shown as
`\\x1b` or `\\u{202e}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.excerpt import Mark, excerpt
from anim_dsl.fit import fitted
from anim_dsl.source import Source, Span
from anim_dsl.visible import escaped, wrapped

_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "note": "\x1b[1;36m",
    "bold": "\x1b[1m",
    "gutter": "\x1b[34m",
}
_PLAIN = "\x1b[0m"


def full(diagnostics: Iterable[Diagnostic], *, colour: bool = False, columns: int | None = None) -> str:
    """Every diagnostic with its lines of text, carets, notes and hint; empty for none."""
    return "\n\n".join(one(diagnostic, colour=colour, columns=columns) for diagnostic in diagnostics)


def one(
    diagnostic: Diagnostic,
    *,
    colour: bool = False,
    columns: int | None = None,
    paint: Callable[[str], str] | None = None,
) -> str:
    """One diagnostic with its lines of text, without a final line end.

    Its sentences are wrapped to so many `columns`, and lines of the film cut; None leaves both as they are.
    `paint` colours a line of the film, which has been escaped.
    """
    severity = diagnostic.severity.value
    title = f"{severity}[{diagnostic.code}]"
    first, *more = wrapped(escaped(diagnostic.message), columns, len(title) + 2)
    lines = [f"{_painted(title, severity, colour)}{_painted(': ' + first, 'bold', colour)}"]
    lines += [_painted(line, "bold", colour) for line in more]
    shown = [(name, excerpt(source, marks)) for name, source, marks in _places(diagnostic)]
    gutter = max(part.gutter for _, part in shown)
    pad = " " * gutter
    for name, part in shown:
        lines.append(f"{pad} {_painted('┌─', 'gutter', colour)} {name}")
        for number, text, style in part.rows if columns is None else fitted(part.rows, columns - gutter - 3):
            bar = _painted(f"{number:>{gutter}} │", "gutter", colour)
            body = _painted(text, severity, colour) if style == "^" else text
            if paint is not None and number:
                body = paint(text)
            lines.append(f"{bar} {body}".rstrip())
    tail = [("note", note) for note in diagnostic.notes]
    tail += [("hint", diagnostic.hint)] if diagnostic.hint else []
    for kind, text in tail:
        first, *more = wrapped(escaped(text), columns, gutter + 3 + len(kind) + 2)
        lines.append(f"{pad} {_painted('=', 'gutter', colour)} {kind}: {first}")
        lines += more
    return "\n".join(lines)


def _places(diagnostic: Diagnostic) -> list[tuple[str, Source, list[Mark]]]:
    """The texts that a diagnostic shows, its own first, each with the place it is named by and its marks."""
    marks = {diagnostic.source: [Mark(diagnostic.span, escaped(diagnostic.marker), "^")]}
    for label in diagnostic.labels:
        source = label.source or diagnostic.source
        marks.setdefault(source, []).append(Mark(label.span, escaped(label.text), "-"))
    found = []
    for source, marked in marks.items():
        place = source.place(marked[0].span.start)
        found.append((f"{escaped(source.name)}:{place.line}:{place.column}", source, marked))
    return found


def concise(diagnostics: Iterable[Diagnostic]) -> str:
    """One line each: `film.anim:14:3: error[E1102] …`."""
    lines = []
    for diagnostic in diagnostics:
        place = diagnostic.source.place(diagnostic.span.start)
        where = f"{escaped(diagnostic.source.name)}:{place.line}:{place.column}"
        lines.append(f"{where}: {diagnostic.severity.value}[{diagnostic.code}] {escaped(diagnostic.message)}")
    return "\n".join(lines)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list, ASCII only; lines and columns count from 1, offsets of characters from 0."""
    return json.dumps([plain(diagnostic) for diagnostic in diagnostics], indent=2)


def as_jsonl(diagnostics: Iterable[Diagnostic]) -> str:
    """One JSON object a line, with the members that `as_json` gives."""
    return "\n".join(json.dumps(plain(diagnostic)) for diagnostic in diagnostics)


def summary(diagnostics: Sequence[Diagnostic], *, files: int = 1, seconds: float | None = None) -> str:
    """`1 error, 2 warnings in 1 file · 0.21 s`."""
    counts = []
    for severity in Severity:
        count = sum(diagnostic.severity is severity for diagnostic in diagnostics)
        if count:
            counts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    what = ", ".join(counts) or "nothing to report"
    time = "" if seconds is None else f" · {seconds:.2f} s"
    return f"{what} in {files} file{'s' if files != 1 else ''}{time}"


def plain(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as JSON has it."""
    source = diagnostic.source
    edit = diagnostic.edit
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "file": source.name,
        "span": _range(source, diagnostic.span),
        "message": diagnostic.message,
        "marker": diagnostic.marker,
        "notes": list(diagnostic.notes),
        "hint": diagnostic.hint,
        "labels": [
            {
                "file": (label.source or source).name,
                "span": _range(label.source or source, label.span),
                "text": label.text,
            }
            for label in diagnostic.labels
        ],
        "edit": None if edit is None else {"span": _range(source, edit.span), "text": edit.text},
    }


def _range(source: Source, span: Span) -> dict[str, dict[str, int]]:
    return {"start": _place(source, span.start), "end": _place(source, span.end)}


def _place(source: Source, offset: int) -> dict[str, int]:
    place = source.place(offset)
    return {"line": place.line, "column": place.column, "offset": offset}


def _painted(text: str, style: str, colour: bool) -> str:
    return f"{_STYLES[style]}{text}{_PLAIN}" if colour and text else text

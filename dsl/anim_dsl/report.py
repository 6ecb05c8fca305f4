"""Diagnostics as text for people, one line for tools, or JSON.

Nothing of a film's text reaches a terminal unescaped: control and bidirectional characters are shown as
`\\x1b` or `\\u{202e}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.excerpt import Mark, excerpt
from anim_dsl.source import Source, Span
from anim_dsl.visible import escaped

_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "note": "\x1b[1;36m",
    "bold": "\x1b[1m",
    "gutter": "\x1b[34m",
}
_PLAIN = "\x1b[0m"


def full(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Every diagnostic with its lines of text, carets, notes and hint; empty for none."""
    return "\n\n".join(one(diagnostic, colour=colour) for diagnostic in diagnostics)


def one(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """One diagnostic with its lines of text, without a final line end."""
    place = diagnostic.source.place(diagnostic.span.start)
    severity = diagnostic.severity.value
    head = _painted(f"{severity}[{diagnostic.code}]", severity, colour)
    lines = [f"{head}{_painted(': ' + escaped(diagnostic.message), 'bold', colour)}"]
    marks = [Mark(diagnostic.span, escaped(diagnostic.marker), "^")]
    marks += [Mark(label.span, escaped(label.text), "-") for label in diagnostic.labels]
    shown = excerpt(diagnostic.source, marks)
    pad = " " * shown.gutter
    where = f"{escaped(diagnostic.source.name)}:{place.line}:{place.column}"
    lines.append(f"{pad} {_painted('┌─', 'gutter', colour)} {where}")
    for number, text, style in shown.rows:
        bar = _painted(f"{number:>{shown.gutter}} │", "gutter", colour)
        body = _painted(text, severity, colour) if style == "^" else text
        lines.append(f"{bar} {body}".rstrip())
    tail = [("note", note) for note in diagnostic.notes]
    tail += [("hint", diagnostic.hint)] if diagnostic.hint else []
    lines += [f"{pad} {_painted('=', 'gutter', colour)} {kind}: {escaped(text)}" for kind, text in tail]
    return "\n".join(lines)


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
    return json.dumps([_plain(diagnostic) for diagnostic in diagnostics], indent=2)


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


def _plain(diagnostic: Diagnostic) -> dict[str, Any]:
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
        "labels": [{"span": _range(source, label.span), "text": label.text} for label in diagnostic.labels],
        "edit": None if edit is None else {"span": _range(source, edit.span), "text": edit.text},
    }


def _range(source: Source, span: Span) -> dict[str, dict[str, int]]:
    return {"start": _place(source, span.start), "end": _place(source, span.end)}


def _place(source: Source, offset: int) -> dict[str, int]:
    place = source.place(offset)
    return {"line": place.line, "column": place.column, "offset": offset}


def _painted(text: str, style: str, colour: bool) -> str:
    return f"{_STYLES[style]}{text}{_PLAIN}" if colour and text else text

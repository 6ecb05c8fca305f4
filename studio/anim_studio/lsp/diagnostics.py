"""Diagnostics as an editor shows them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lsprotocol import types

from anim_compiler.findings import STANDARD
from anim_dsl.diagnostic import Diagnostic, Label, Severity
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Text, Word
from anim_dsl.visible import escaped
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.positions import Positions
from anim_studio.lsp.standard import standard_path

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}

#: what could be taken away without any change: editors grey it out
_UNNECESSARY: Final = frozenset(
    ("W6001", "W6005", "W6020", "W6021", "W6028", "W6055", "W6100", "W6101", "W6110", "W6130", "W6175")
)
#: ways of writing that stand for newer ones
_DEPRECATED: Final = frozenset({"W6007", "W6025"})


def diagnostics_of(made: Analysed) -> list[types.Diagnostic]:
    """All that is said of a document, by place. What is wrong in a file that it imports is said at the
    `import`, with the place itself beside it.
    """
    return [_shown(found, made) for found in made.diagnostics]


def is_own(found: Diagnostic, made: Analysed) -> bool:
    """Whether a diagnostic is about the document itself, and not about a file that it imports."""
    return found.source is made.source or found.source == made.source


def _shown(found: Diagnostic, made: Analysed) -> types.Diagnostic:
    own = is_own(found, made)
    span = found.span if own else _import_of(found.source, made)
    message = _message(found) if own else f"in `{found.source.name}`: {_message(found)}"
    tags = [types.DiagnosticTag.Unnecessary] if found.code in _UNNECESSARY else []
    tags += [types.DiagnosticTag.Deprecated] if found.code in _DEPRECATED else []
    return types.Diagnostic(
        range=made.positions.range(_seen(span, made.text)),
        message=message,
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source="anim",
        tags=tags or None,
        related_information=list(_related(found, made)) or None,
        data=_data(found, made) if own else None,
    )


def _seen(span: Span, text: str) -> Span:
    """A span that shows: an empty one takes in the character behind it, or the one before a line end."""
    if span.end > span.start or not text:
        return span
    start = min(span.start, len(text) - 1)
    if text[start] in "\r\n" and start > 0 and text[start - 1] not in "\r\n":
        return Span(start - 1, start)
    return Span(start, start + 1)


def _message(found: Diagnostic) -> str:
    lines = [found.message, *found.notes]
    # one that only says again what is said, with `here`, is for a caret under the line
    if found.marker and " ".join(found.marker.split()[:2]) not in found.message:
        lines[0] += f" ({found.marker})"
    if found.hint:
        lines.append(f"hint: {found.hint}")
    return "\n".join(escaped(line) for line in "\n".join(lines).split("\n"))


def _data(found: Diagnostic, made: Analysed) -> dict[str, Any]:
    """What a client that mends by itself needs to know."""
    data: dict[str, Any] = {"code": found.code}
    if found.hint:
        data["hint"] = found.hint
    if found.edit is not None:
        place = made.positions.range(found.edit.span)
        data["edit"] = {"range": _as_json(place), "newText": found.edit.text}
    return data


def _as_json(place: types.Range) -> dict[str, dict[str, int]]:
    def point(at: types.Position) -> dict[str, int]:
        return {"line": at.line, "character": at.character}

    return {"start": point(place.start), "end": point(place.end)}


def _related(found: Diagnostic, made: Analysed) -> Iterator[types.DiagnosticRelatedInformation]:
    labels: Sequence[Label] = found.labels
    if not is_own(found, made):
        yield _information(Label(found.span, found.message, found.source), found, made)
    for label in labels:
        yield _information(label, found, made)


def _information(label: Label, found: Diagnostic, made: Analysed) -> types.DiagnosticRelatedInformation:
    source = label.source or found.source
    if source == made.source:
        where = types.Location(made.uri, made.positions.range(label.span))
    else:
        place = Positions(source.text, made.desk.encoding).range(label.span)
        where = types.Location(made.desk.uri(file_called(source.name, made)), place)
    return types.DiagnosticRelatedInformation(where, escaped(label.text))


def file_called(name: str, made: Analysed) -> Path:
    """The file of a text that a film imports, by what messages call it."""
    if name.startswith(STANDARD):
        return standard_path(name) or made.path
    below = Path(os.path.normpath(made.world.folder / name))
    return below if below.exists() else made.world.root / name


def _import_of(source: Source, made: Analysed) -> Span:
    """Where a document imports a file, or the file by which it comes; its beginning if nothing tells."""
    imports = [
        statement.head[0]
        for statement in made.document.statements
        if isinstance(statement, Word) and statement.word.text == "import" and statement.head
    ]
    paths = [head for head in imports if isinstance(head, Text) and head.plain]
    for head in paths:
        if _same_file(head.plain or "", source.name):
            return head.span
    own = [head for head in paths if not (head.plain or "").startswith(STANDARD)]
    return own[0].span if own else Span(0, 0)


def _same_file(written: str, name: str) -> bool:
    if written.startswith(STANDARD) or name.startswith(STANDARD):
        return written == name
    return _plain(written) == _plain(name)


def _plain(path: str) -> PurePosixPath:
    parts: list[str] = []
    for part in PurePosixPath(path.replace("\\", "/")).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return PurePosixPath(*parts)

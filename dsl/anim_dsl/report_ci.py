"""Diagnostics for continuous integration: GitHub's workflow commands and GitLab's code quality.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions and
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.visible import escaped

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One `::error file=…,line=…::message` a line, which GitHub shows at the line it is about."""
    return "\n".join(_github(diagnostic) for diagnostic in diagnostics)


def _github(found: Diagnostic) -> str:
    start, end = found.source.place(found.span.start), found.source.place(found.span.end)
    values = {
        "file": escaped(found.source.name),
        "line": str(start.line),
        "endLine": str(end.line),
        "col": str(start.column),
        "title": f"anim {found.code}",
    }
    if end.line == start.line:
        # GitHub takes an end column only on one line
        values["endColumn"] = str(max(end.column, start.column))
    rows = ",".join(f"{name}={_property(value)}" for name, value in values.items())
    return f"::{_COMMANDS[found.severity]} {rows}::{_data(sentence(found))}"


def sentence(found: Diagnostic) -> str:
    """The message and the hint in one line, made visible."""
    hint = f" (hint: {found.hint})" if found.hint else ""
    return escaped(found.message + hint)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_gitlab(diagnostics: Iterable[Diagnostic]) -> str:
    """A code quality report, ASCII only. A fingerprint survives edits of other lines."""
    seen: Counter[tuple[str, ...]] = Counter()
    rows = []
    for found in diagnostics:
        mark = (found.source.name, found.code, found.message, found.source.slice(found.span))
        seen[mark] += 1
        place = found.source.place(found.span.start)
        rows.append(
            {
                "type": "issue",
                "check_name": found.code,
                "description": sentence(found),
                "severity": _SEVERITIES[found.severity],
                "fingerprint": _fingerprint((*mark, str(seen[mark]))),
                "location": {"path": found.source.name, "lines": _lines(found, place.line)},
            }
        )
    return json.dumps(rows, indent=2)


def _lines(found: Diagnostic, begin: int) -> dict[str, int]:
    return {"begin": begin, "end": found.source.place(found.span.end).line}


def _fingerprint(mark: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(mark).encode("utf-8", "surrogatepass")).hexdigest()

"""Diagnostics for continuous integration: GitHub's workflow commands and GitLab's code quality.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions and
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.visible import escaped

MOST_SHOWN = 10
"""GitHub shows so many errors, warnings and notices of one step at their lines, and drops the others."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One `::error file=…,line=…::message` a line, which GitHub shows at the line it is about.

    Where there are more than it shows, those of one film do not take the place of all others', and a last
    line says how many stand in the log only.
    """
    found = tuple(diagnostics)
    lines: list[str] = []
    hidden = 0
    for severity in Severity:
        rows = [diagnostic for diagnostic in found if diagnostic.severity is severity]
        lines += map(_github, rows if len(rows) <= MOST_SHOWN else _in_turn(rows))
        hidden += max(0, len(rows) - MOST_SHOWN)
    if hidden:
        lines.append(f"::notice title=anim::{hidden} more stand in this log: {_LIMIT}")
    return "\n".join(lines)


_LIMIT = f"GitHub shows {MOST_SHOWN} of a kind at their lines"


def _in_turn(rows: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The first of each file, then the second of each, and so on."""
    before: Counter[str] = Counter()
    turns = []
    for found in rows:
        turns.append(before[found.source.name])
        before[found.source.name] += 1
    return [rows[at] for at in sorted(range(len(rows)), key=turns.__getitem__)]


def _github(found: Diagnostic) -> str:
    start, end = found.source.place(found.span.start), found.source.place(found.span.end)
    values = {"file": escaped(found.source.name), "line": str(start.line), "endLine": str(end.line)}
    if end.line == start.line:
        # GitHub takes columns only of what stands on one line
        values |= {"col": str(start.column), "endColumn": str(max(end.column, start.column))}
    values["title"] = f"anim {found.code}"
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
    """A code quality report, ASCII only."""
    found = tuple(diagnostics)
    rows = []
    for each, mark in zip(found, fingerprints(found), strict=True):
        place = each.source.place(each.span.start)
        rows.append(
            {
                "type": "issue",
                "check_name": each.code,
                "description": sentence(each),
                "severity": _SEVERITIES[each.severity],
                "fingerprint": mark,
                "location": {"path": each.source.name, "lines": _lines(each, place.line)},
            }
        )
    return json.dumps(rows, indent=2)


def _lines(found: Diagnostic, begin: int) -> dict[str, int]:
    return {"begin": begin, "end": found.source.place(found.span.end).line}


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """A mark for each, of its own, which survives edits of other lines: 64 hex digits."""
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for found in diagnostics:
        mark = (found.source.name, found.code, found.message, found.source.slice(found.span))
        seen[mark] += 1
        text = "\0".join((*mark, str(seen[mark])))
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return made

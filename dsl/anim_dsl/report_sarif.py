"""Diagnostics as SARIF 2.1.0, with the edits as fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.report_ci import fingerprints
from anim_dsl.source import Source, Span
from anim_dsl.visible import escaped

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def as_sarif(diagnostics: Sequence[Diagnostic], *, version: str = "") -> str:
    """One run of one tool, ASCII only; columns count characters."""
    codes = sorted({found.code for found in diagnostics})
    marks = fingerprints(diagnostics)
    driver: dict[str, Any] = {"name": "anim", "rules": [_rule(code) for code in codes]}
    if version:
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(found, codes.index(found.code), mark)
            for found, mark in zip(diagnostics, marks, strict=True)
        ],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    from anim_dsl.codes import page

    found = page(code)
    more = f"`anim explain {code}` tells more"
    rule: dict[str, Any] = {"id": code, "help": {"text": more}}
    if found is not None:
        rule["shortDescription"] = {"text": found.title}
        text = f"{found.text}\n\n{more}" if found.text else more
        # pages are Markdown, which reads well as plain text too
        rule["help"] = {"text": text, "markdown": text}
    level = {"E": "error", "W": "warning"}.get(code[:1], "note")
    return rule | {"defaultConfiguration": {"level": level}}


def _result(found: Diagnostic, rule: int, mark: str) -> dict[str, Any]:
    text = found.message + "".join(f"; {note}" for note in found.notes)
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": _message(text + (f" (hint: {found.hint})" if found.hint else "")),
        "locations": [_location(found.source, found.span)],
        # the name by which GitHub knows a finding again; it is of this finding alone, so it ends with 1
        "partialFingerprints": {"primaryLocationLineHash": f"{mark[:16]}:1"},
    }
    if found.labels:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": _message(label.text),
                **_location(label.source or found.source, label.span),
            }
            for number, label in enumerate(found.labels)
        ]
    if found.edit is not None:
        replacement = {
            "deletedRegion": _region(found.source, found.edit.span),
            "insertedContent": {"text": found.edit.text},
        }
        change = {"artifactLocation": _artifact(found.source), "replacements": [replacement]}
        result["fixes"] = [
            {"description": {"text": "the edit of `anim check --fix`"}, "artifactChanges": [change]}
        ]
    return result


def _message(text: str) -> dict[str, str]:
    # `[a](b)` is a link in a message, and no film may write one
    return {"text": escaped(text).replace("](", "] (")}


def _location(source: Source, span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(source), "region": _region(source, span)}}


def _artifact(source: Source) -> dict[str, str]:
    # a URI reference: spaces and other signs are written with percent signs
    uri = quote(source.name.replace("\\", "/"), safe="/", errors="replace")
    if source.name.startswith(("/", "std:")):
        return {"uri": uri}
    # the top of the repository, as the readers of the format have agreed to call it
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.place(span.start), source.place(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }

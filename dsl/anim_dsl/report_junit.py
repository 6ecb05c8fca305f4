"""Diagnostics as JUnit XML: a test suite for each file, a test case for each error or warning.

https://github.com/testmoapp/junitxml describes what readers of the format agree on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.report import one
from anim_dsl.visible import escaped


def as_junit(diagnostics: Iterable[Diagnostic], files: Sequence[str]) -> str:
    """The XML document; a file without errors and warnings is one test that passes."""
    found = list(diagnostics)
    names = list(dict.fromkeys((*files, *(diagnostic.source.name for diagnostic in found))))
    by_file = [(name, [each for each in found if each.source.name == name]) for name in names]
    failures = sum(_fails(diagnostic) for diagnostic in found)
    tests = sum(max(1, len(rows)) for _, rows in by_file)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="anim check" tests="{tests}" failures="{failures}" errors="0">')
    for name, rows in by_file:
        lines += _suite(name, rows)
    return "\n".join([*lines, "</testsuites>"])


def _fails(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is not Severity.NOTE


def _suite(name: str, rows: list[Diagnostic]) -> list[str]:
    counts = f'tests="{max(1, len(rows))}" failures="{sum(map(_fails, rows))}" errors="0"'
    lines = [f"  <testsuite name={_attribute(name)} {counts}>"]
    if not rows:
        lines.append(f'    <testcase name="check" classname={_attribute(name)}/>')
    for diagnostic in rows:
        lines += _case(name, diagnostic)
    return [*lines, "  </testsuite>"]


def _case(name: str, found: Diagnostic) -> list[str]:
    place = found.source.place(found.span.start)
    title = _attribute(f"{found.code} {place.line}:{place.column}")
    where = f'classname={_attribute(name)} file={_attribute(name)} line="{place.line}"'
    opened = f"    <testcase name={title} {where}"
    if not _fails(found):
        return [f"{opened}/>"]
    kind, message = found.severity.value, _attribute(found.message)
    body = escape(one(found))
    return [
        f"{opened}>",
        f'      <failure type="{kind}" message={message}>{body}</failure>',
        "    </testcase>",
    ]


def _attribute(text: str) -> str:
    return quoteattr(escaped(text))

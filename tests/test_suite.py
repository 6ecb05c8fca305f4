"""The language as text: every section of `tests/suite/*.anim` is read, and its diagnostics are compared.

`pytest tests/test_suite.py --update` writes the expected lines anew, to be reviewed as a change.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.sections import SECTIONS, Section, diagnose, line, replace_text, rewritten
from tests.staging import stage

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.parse import parse
from anim_dsl.source import Source


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.id)
def test_section(section: Section, tmp_path: Path, update: bool) -> None:
    stage(tmp_path)
    if update:
        text = rewritten(section, tmp_path)
        if text != section.text:
            replace_text(section, text)
        return
    found = diagnose(section.text, section.kind, tmp_path)
    assert [line(diagnostic) for diagnostic in found] == [expected.line for expected in section.expected]
    hints = [e.hint and d.hint for d, e in zip(found, section.expected, strict=True)]
    assert hints == [expected.hint for expected in section.expected]
    for diagnostic in found:
        assert_well_written(diagnostic)


def assert_well_written(diagnostic: Diagnostic) -> None:
    """Lower case, one line, no full stop, a span inside the text, and no bare `invalid` or `failed`."""
    message = diagnostic.message
    assert message[0].islower() or message[0] in "`<" or message[0].isdigit(), message
    assert not message.endswith("."), message
    assert not re.search(r"\b(invalid|failed|error)\b", message), message
    assert "\n" not in message + diagnostic.hint + diagnostic.marker
    assert not diagnostic.hint.endswith(".") or diagnostic.hint.endswith("…"), diagnostic.hint
    assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.source.text)
    for label in diagnostic.labels:
        assert label.text
        assert 0 <= label.span.start <= label.span.end


def test_names_are_unique() -> None:
    names = [section.id for section in SECTIONS]
    assert len(names) == len(set(names))


def test_there_are_enough_sections() -> None:
    assert len(SECTIONS) >= 250


PARSED = [section for section in SECTIONS if section.kind == "parse" and section.expected]


@pytest.mark.parametrize("section", PARSED, ids=lambda section: section.id)
def test_edits_mend_what_they_belong_to(section: Section, tmp_path: Path) -> None:
    """Applying every edit leaves no diagnostic but those that have none."""
    diagnostics = diagnose(section.text, section.kind, tmp_path)
    _, left = parse(Source("mended", mended(section.text, diagnostics)))
    assert [diagnostic.code for diagnostic in left] == [d.code for d in diagnostics if d.edit is None]


CHECKED = [section for section in SECTIONS if section.kind == "check" and section.expected]


@pytest.mark.parametrize("section", CHECKED, ids=lambda section: section.id)
def test_edits_of_a_checked_film_remove_their_diagnostics(section: Section, tmp_path: Path) -> None:
    """Each edit, applied alone, takes its own diagnostic away and brings no error in its place."""
    stage(tmp_path)
    diagnostics = diagnose(section.text, section.kind, tmp_path)
    before = sum(d.severity is Severity.ERROR for d in diagnostics)
    for diagnostic in diagnostics:
        if diagnostic.edit is None:
            continue
        text = mended(section.text, [diagnostic])
        left = diagnose(text, section.kind, tmp_path)
        assert (diagnostic.code, diagnostic.message) not in {(d.code, d.message) for d in left}, text
        assert sum(d.severity is Severity.ERROR for d in left) <= before, text


def mended(text: str, diagnostics: list[Diagnostic]) -> str:
    """The text after every edit of these diagnostics."""
    edits = [diagnostic.edit for diagnostic in diagnostics if diagnostic.edit is not None]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def test_every_syntax_message_says_what_to_write() -> None:
    for section in PARSED:
        for diagnostic in parse(Source("film.anim", section.text))[1]:
            assert diagnostic.hint or diagnostic.marker or diagnostic.code in ("E1040", "E1041")

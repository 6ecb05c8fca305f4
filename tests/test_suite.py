"""The language as text: every section of `tests/suite/*.anim` is read, and its diagnostics are compared.

A section begins with `--- name kind ---`; its text is what follows, the comment lines included. `kind`
is `parse` or `check`. A line `# error 2:14-2:17 E1301 message` (or `warning`, `note`) expects one
diagnostic, in the order of their places; a section without such a line expects none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from anim_dsl.diagnostic import Diagnostic
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span

_HEAD = re.compile(r"^--- (?P<name>\S+) (?P<kind>parse|check) ---\n", re.MULTILINE)
_EXPECTED = re.compile(r"^# (?:error|warning|note) \d+:\d+-\d+:\d+ [EWN]\d{4} .*$", re.MULTILINE)
_FILES = sorted(Path(__file__).with_name("suite").glob("*.anim"))


@dataclass(frozen=True)
class Section:
    """One section of one file."""

    file: str
    name: str
    kind: str
    text: str

    @property
    def expected(self) -> list[str]:
        return _EXPECTED.findall(self.text)


def sections(path: Path) -> list[Section]:
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    assert heads, path
    assert not text[: heads[0].start()].strip(), f"text before the first section of {path}"
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Section(path.stem, head["name"], head["kind"], text[head.end() : end].rstrip("\n") + "\n")
        for head, end in zip(heads, ends, strict=True)
    ]


SECTIONS = [section for path in _FILES for section in sections(path)]


def shown(diagnostic: Diagnostic) -> str:
    start, end = (diagnostic.source.place(at) for at in (diagnostic.span.start, diagnostic.span.end))
    where = f"{start.line}:{start.column}-{end.line}:{end.column}"
    return f"# {diagnostic.severity.value} {where} {diagnostic.code} {diagnostic.message}"


def found(section: Section, folder: Path) -> list[Diagnostic]:
    film = folder / "film.anim"
    film.write_text(section.text, encoding="utf-8")
    source = Source("film.anim", section.text)
    document, diagnostics = parse(source)
    if section.kind == "parse":
        return list(diagnostics)
    from anim_compiler.check import check
    from anim_compiler.world import World

    _, checked = check(document, World.open(film, cache=folder / "cache"))
    return sorted((*diagnostics, *checked), key=Diagnostic.sort_key)


@pytest.mark.parametrize(
    "section", SECTIONS, ids=lambda section: f"{section.file}-{section.name}-{section.kind}"
)
def test_section(section: Section, tmp_path: Path) -> None:
    assert [shown(diagnostic) for diagnostic in found(section, tmp_path)] == section.expected


def test_names_are_unique() -> None:
    names = [(section.file, section.name, section.kind) for section in SECTIONS]
    assert len(names) == len(set(names))


PARSED = [section for section in SECTIONS if section.kind == "parse" and section.expected]


@pytest.mark.parametrize("section", PARSED, ids=lambda section: f"{section.file}-{section.name}")
def test_edits_mend_what_they_belong_to(section: Section, tmp_path: Path) -> None:
    """Applying every edit leaves no diagnostic but those that have none."""
    diagnostics = found(section, tmp_path)
    text = section.text
    edits = [diagnostic.edit for diagnostic in diagnostics if diagnostic.edit is not None]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    _, left = parse(Source("mended", text))
    assert [diagnostic.code for diagnostic in left] == [d.code for d in diagnostics if d.edit is None]


def test_every_syntax_message_is_written_well() -> None:
    """Lower case, no full stop, a span inside the text, and no bare `invalid` or `failed`."""
    for section in PARSED:
        for diagnostic in parse(Source("film.anim", section.text))[1]:
            assert diagnostic.message[0].islower() or diagnostic.message[0] in "`<", diagnostic.message
            assert not diagnostic.message.endswith("."), diagnostic.message
            assert not re.search(r"\b(invalid|failed|error)\b", diagnostic.message), diagnostic.message
            assert diagnostic.hint or diagnostic.marker or diagnostic.code in ("E1040", "E1041")
            assert Span(0, 0) <= diagnostic.span <= Span(len(section.text), len(section.text))

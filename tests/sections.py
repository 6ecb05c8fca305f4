"""The suite's sections: films as text with their expected diagnostics, in `tests/suite/*.anim`.

A section begins with `--- name kind ---`; its text is what follows, the comment lines included. A line
`# error 2:14-2:17 E1301 message` (or `warning`, `note`) expects one diagnostic, in the order of their
places; `# hint: …` under it pins the hint as well. A section without such a line expects none. `kind` says
how far the text is taken: `parse`, `check` (parsed and checked) or `compile` (and its curves computed).
The files of `tests/staging.py` stand beside every text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anim_dsl.diagnostic import Diagnostic
from anim_dsl.parse import parse
from anim_dsl.source import Source

FOLDER = Path(__file__).with_name("suite")

_HEAD = re.compile(r"^--- (?P<name>\S+) (?P<kind>parse|check|compile) ---\n", re.MULTILINE)
_EXPECTED = r"# (?:error|warning|note) \d+:\d+-\d+:\d+ [EWN]\d{4} .*"
_EXPECTATION = re.compile(rf"^(?P<line>{_EXPECTED})$(?:\n# hint: (?P<hint>.*)$)?", re.MULTILINE)
_EXPECTED_LINES = re.compile(rf"^{_EXPECTED}\n(?:# hint: .*\n)?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Expected:
    """One diagnostic as a section writes it; an empty hint pins none."""

    line: str
    hint: str = ""

    @property
    def code(self) -> str:
        return self.line.split(" ", 4)[3]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of one file; `text` is what is parsed, its expected lines included."""

    file: str
    name: str
    kind: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.file}-{self.name}-{self.kind}"

    @property
    def expected(self) -> list[Expected]:
        return [Expected(found["line"], found["hint"] or "") for found in _EXPECTATION.finditer(self.text)]

    @property
    def film(self) -> str:
        """The text without its expected lines."""
        return _EXPECTED_LINES.sub("", self.text)


def read(path: Path) -> list[Section]:
    """The sections of one file, in order."""
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    assert heads, f"{path} holds no section"
    assert not text[: heads[0].start()].strip(), f"text before the first section of {path}"
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Section(path.stem, head["name"], head["kind"], text[head.end() : end].rstrip("\n") + "\n")
        for head, end in zip(heads, ends, strict=True)
    ]


SECTIONS = [section for path in sorted(FOLDER.glob("*.anim")) for section in read(path)]
"""Every section of every file."""


def line(diagnostic: Diagnostic) -> str:
    """A diagnostic as an expected line."""
    start, end = (diagnostic.source.place(at) for at in (diagnostic.span.start, diagnostic.span.end))
    where = f"{start.line}:{start.column}-{end.line}:{end.column}"
    return f"# {diagnostic.severity.value} {where} {diagnostic.code} {diagnostic.message}"


def diagnose(text: str, kind: str, folder: Path) -> list[Diagnostic]:
    """What is said of a text that lies in a folder."""
    document, slips = parse(Source("film.anim", text))
    if kind == "parse":
        return list(slips)
    from anim_compiler.check import check
    from anim_compiler.world import World

    path = folder / "film.anim"
    path.write_text(text, encoding="utf-8")
    # a check hears nothing: what another text has heard of the same song is none of its business
    kept = folder / "cache" if kind == "check" else Path(os.environ.get("ANIM_CACHE", folder / "cache"))
    world = World.open(path, cache=kept)
    film, found = check(document, world)
    if kind == "compile":
        from anim_compiler.compile import CompileOptions, compile_film

        assert film is not None, "a film with errors cannot be compiled; its kind is `check`"
        # a track is told once more by compiling if checking told it: each is told once, as the command does
        compiled = compile_film(film, world, CompileOptions(model_sha256="0" * 64))
        found = tuple(dict.fromkeys((*found, *compiled.diagnostics)))
    return sorted((*slips, *found), key=Diagnostic.sort_key)


def rewritten(section: Section, folder: Path) -> str:
    """The section's text with the expected lines that it should have; pinned hints stay pinned.

    Expected lines count as lines of the text, so places are read after as many have been put in.
    """
    pinned = {(old.code, old.line.split(" ", 4)[4]) for old in section.expected if old.hint}
    codes = {code for code, _ in pinned}

    def expected(found: Sequence[Diagnostic]) -> list[str]:
        out = []
        for diagnostic in found:
            out.append(line(diagnostic))
            is_pinned = (diagnostic.code, diagnostic.message) in pinned or diagnostic.code in codes
            if is_pinned and diagnostic.hint:
                out.append(f"# hint: {diagnostic.hint}")
        return out

    count = len(expected(diagnose(section.film, section.kind, folder)))
    shifted = "#\n" * count + section.film
    return "".join(f"{row}\n" for row in expected(diagnose(shifted, section.kind, folder))) + section.film


def replace_text(section: Section, text: str) -> None:
    """Writes a section's text anew into its file."""
    path = FOLDER / f"{section.file}.anim"
    content = path.read_text(encoding="utf-8")
    head = f"--- {section.name} {section.kind} ---\n"
    old = head + section.text
    assert content.count(old) == 1, f"{path} changed while it was rewritten"
    path.write_text(content.replace(old, head + text), encoding="utf-8")

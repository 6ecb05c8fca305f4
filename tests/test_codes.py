"""Every code of the sources has a page, and what the pages' examples say is what the checker says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.staging import stage

from anim_dsl.codes import CODES, Page, page, read_page
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.parse import parse
from anim_dsl.schedule import evaluate
from anim_dsl.source import Source

ROOT = Path(__file__).resolve().parent.parent
_QUOTED = re.compile(r'"([EW][0-9]{4})"')

#: codes that are found when a film's curves are computed and its tracks are decoded, not by `anim check`
_AT_COMPILE = re.compile(r"E5\d{3}|E2163|E4009|W6056|E4034|W615[0124]|W6145")

#: codes that cannot come alone: a text that is no film lacks everything else too, and E1006 counts others
_NEVER_ALONE = frozenset({"E1001", "E1006"})

#: how many pages may do without examples; raise it only for what truly cannot be shown as text
MOST_WITHOUT = 28


def emitted() -> set[str]:
    """Every code that stands as a literal in the sources."""
    files = [path for folder in ("dsl", "compiler", "studio") for path in (ROOT / folder).rglob("*.py")]
    return {code for path in files for code in _QUOTED.findall(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("codes")
    stage(folder)
    return folder


def found(text: str, shown: Page, folder: Path) -> Sequence[Diagnostic]:
    """What the checker (or the schedule reader, or for later codes the compiler) says of an example."""
    if shown.language == "deforum":
        return evaluate(text.rstrip("\n"), frames=60)[1]
    if shown.language == "parseq":
        from anim_studio.interchange.imported import Given
        from anim_studio.interchange.parseq import read as read_parseq

        return read_parseq(Given(text.encode(), "parseq.json", folder, "parseq")).diagnostics
    from anim_compiler.check import check
    from anim_compiler.compile import compile_film
    from anim_compiler.world import World

    film = folder / "film.anim"
    film.write_text(text, encoding="utf-8")
    world = World.open(film, cache=folder / "cache")
    document, read = parse(Source("film.anim", text))
    checked, more = check(document, world)
    if checked is None or read or not _AT_COMPILE.fullmatch(shown.code):
        return [*read, *more]
    return [*more, *compile_film(checked, world).diagnostics]


def test_every_code_of_the_sources_has_a_page_and_no_page_has_lost_its_code() -> None:
    assert set(CODES) == emitted()


def test_pages_without_examples_are_few_and_say_why() -> None:
    without = [shown.code for shown in CODES.values() if shown.without]
    assert len(without) <= MOST_WITHOUT, without


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_written_well(code: str) -> None:
    shown = CODES[code]
    assert shown.code == code
    assert shown.title[0].islower() or shown.title[0] in "`<" or shown.title.startswith(("Deforum", "LoRA"))
    assert not shown.title.endswith(".")
    assert len(f"{code}: {shown.title}") <= 80
    assert shown.text.endswith((".", "`", ":", "?", ")")), shown.text[-40:]
    assert "```" not in shown.text
    assert 1 <= shown.text.count("\n\n") + 1 <= 4


@pytest.mark.parametrize("code", [code for code in CODES if CODES[code].wrong])
def test_the_wrong_example_gives_its_code_and_no_other_error(code: str, staged: Path) -> None:
    diagnostics = found(CODES[code].wrong, CODES[code], staged)
    codes = [diagnostic.code for diagnostic in diagnostics]
    assert code in codes, [(d.code, d.message) for d in diagnostics]
    others = {d.code: d.message for d in diagnostics if d.severity is Severity.ERROR and d.code != code}
    assert not others or code in _NEVER_ALONE, others


@pytest.mark.parametrize("code", [code for code in CODES if CODES[code].right])
def test_the_right_example_gives_nothing(code: str, staged: Path) -> None:
    diagnostics = found(CODES[code].right, CODES[code], staged)
    assert [(d.code, d.message) for d in diagnostics] == []


def test_a_code_is_found_in_any_case() -> None:
    assert page("e2001") is page("E2001")
    assert page("E9999") is None
    assert page("codes") is None


@pytest.mark.parametrize(
    "text",
    [
        "# E0002: of another code\n\nWhy.\n\nNo example: none.\n",
        "# E0001\n\nA title is missing.\n",
        "# E0001: one example only\n\nWhy.\n\n```anim wrong\nfps: 3\n```\n",
        "# E0001: two languages\n\nWhy.\n\n```anim wrong\na\n```\n\n```deforum right\nb\n```\n",
    ],
)
def test_a_page_that_is_built_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_page("E0001", text)

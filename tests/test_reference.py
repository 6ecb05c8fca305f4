"""The manual is fresh, whole, and every film in it is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.staging import stage
from tools.reference.assemble import REFERENCE, manual
from tools.reference.markdown import anchor, table
from tools.reference.markers import filled, section

from anim_compiler.check import check
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.world import World
from anim_dsl.codes import CODES
from anim_dsl.functions import EASINGS, FEATURES, FUNCTIONS
from anim_dsl.parse import parse
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Source
from anim_dsl.words import WORDS
from anim_studio.explain.library import given
from anim_studio.explain.ops import signature
from anim_studio.explain.settings import example_film

TEXT = REFERENCE.read_text(encoding="utf-8")
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCES = [
    (info, body, TEXT[: match.start()].count("\n") + 1)
    for match in _FENCE.finditer(TEXT)
    for info, body in [match.groups()]
]
_FILMS = [pytest.param(body, id=f"line {line}") for info, body, line in _FENCES if info == "anim"]
_BITS = [pytest.param(body, id=f"line {line}") for info, body, line in _FENCES if info == "anim bit"]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    stage(folder)
    return folder


def test_the_manual_is_fresh() -> None:
    assert manual() == TEXT, "run `make reference`"


@pytest.mark.parametrize("text", _FILMS)
def test_a_film_of_the_manual_is_right(text: str, staged: Path) -> None:
    document, found = parse(Source("film.anim", text))
    _, more = check(document, World.open(staged / "film.anim", cache=staged / "cache"))
    assert [(d.code, d.message) for d in (*found, *more)] == []


@pytest.mark.parametrize("text", _BITS)
def test_a_piece_of_a_film_can_be_read(text: str) -> None:
    assert [(d.code, d.message) for d in parse(Source("bit.anim", text))[1]] == []


def test_there_are_films_of_every_kind() -> None:
    assert {info for info, _, _ in _FENCES} == {"anim", "anim bit", "anim value", "text"}
    assert len(_FILMS) >= 12
    assert len(_BITS) >= 8


def test_everything_of_the_language_is_in_it() -> None:
    for word in WORDS:
        assert f"\n### `{word}`\n" in TEXT
    for spec in FUNCTIONS.values():
        assert f"\n#### `{spec.signature}`\n" in TEXT
    for spec in FEATURES.values():
        assert f"\n| `{spec.signature}` |" in TEXT
    for name, easing in EASINGS.items():
        assert f"\n| `{easing.signature}` |" in TEXT, name
    for (_, name), setting in SETTINGS.items():
        assert f"\n| `{name}` | {setting.type}" in TEXT
    for item in given().values():
        assert f"\n| `{item.signature}` |" in TEXT
    for op in IMAGE_OPS.values():
        assert f"\n{signature(op)}\n" in TEXT
    for code in CODES:
        assert f"\n| [{code}](anim_grammar/codes/{code}.md) |" in TEXT


def test_links_lead_somewhere() -> None:
    outside = _FENCE.sub("", TEXT)
    headings = {anchor(heading.strip()) for heading in re.findall(r"^#+ (.+)$", outside, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", outside):
        if target.startswith("#"):
            assert target[1:] in headings, target
        else:
            assert (REFERENCE.parent / target).is_file(), target


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=lambda spec: f"{spec.block}.{spec.name}")
def test_a_settings_example_can_be_read(spec: object) -> None:
    text = example_film(spec)  # type: ignore[arg-type]
    assert [(d.code, d.message) for d in parse(Source("bit.anim", text))[1]] == []


def test_no_line_of_the_chapters_is_wider_than_a_screen() -> None:
    chapters = Path(REFERENCE.parents[1] / "tools" / "reference" / "chapters")
    for path in chapters.glob("*.md"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            assert len(line) <= 150, f"{path.name}:{number}"


def test_markers_are_filled_and_strange_ones_refused() -> None:
    assert "{{" not in _FENCE.sub("", TEXT)
    assert section("line-breaks").startswith("```anim bit\nlet a")
    assert filled("{{units}}").startswith("| unit |")
    with pytest.raises(KeyError):
        filled("{{nothing}}")
    with pytest.raises(KeyError):
        section("no-such-section")


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(("a",), [("x | y",)]) == "| a |\n| --- |\n| x \\| y |"

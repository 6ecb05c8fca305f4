"""Imports: names of other files, each file's mistakes in its own text, and the limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_texts import checked, codes, film_of

from anim_compiler.imports import DEEPEST, MOST_FILES
from anim_dsl.parse import parse
from anim_dsl.shift import shifted
from anim_dsl.source import Source

BASE = 'length = 2s; prompt { 0s: "a" }\n'
LOOKS = """let pulse_depth = 0.2
def pump(x, amount = 0.2) = 1 + amount * x
template shake(amount = 1deg) { roll += noise(2hz) * amount }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "looks.anim").write_text(LOOKS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("head", "prefix"), [('import "looks.anim"', ""), ('import "looks.anim" as lib', "lib.")]
)
def test_names_come_in(folder: Path, head: str, prefix: str) -> None:
    text = f"{BASE}{head}\ncamera 2d {{ zoom = {prefix}pump(u, {prefix}pulse_depth); use {prefix}shake() }}"
    film, found = checked(text, folder)
    assert found == ()
    assert film is not None
    camera = film.shots[0].camera
    assert camera is not None
    assert set(camera.channels) == {"zoom", "angle"}
    assert [source.name for _, source in film.sources.rows] == ["film.anim", "looks.anim"]


def test_a_mistake_stands_in_its_own_text(folder: Path) -> None:
    (folder / "bad.anim").write_text("let fine = 1\nlet wrong = fine + smoth(t)\n", encoding="utf-8")
    _, found = checked(BASE + 'import "bad.anim"\ncamera 2d { zoom = 1 + wrong }', folder)
    (only,) = found
    assert (only.code, only.source.name) == ("E2002", "bad.anim")
    assert only.source.slice(only.span) == "smoth"
    assert only.edit is not None
    assert only.source.slice(only.edit.span) == "smoth"


def test_a_label_in_another_text_says_so(folder: Path) -> None:
    _, found = checked(BASE + 'import "looks.anim"\nlet pulse_depth = 2', folder)
    (only,) = found
    assert only.code == "E2007"
    assert only.labels[0].source is not None
    assert only.labels[0].source.name == "looks.anim"
    assert only.labels[0].source.slice(only.labels[0].span) == "pulse_depth"


def test_slips_of_an_imported_file_are_told(folder: Path) -> None:
    (folder / "bad.anim").write_text("let a = = 3\ncamera 2d { }\n", encoding="utf-8")
    _, found = checked(BASE + 'import "bad.anim" as b\ncamera 2d { zoom = b.a }', folder)
    assert [(d.source.name, d.code) for d in found] == [("bad.anim", "E1040"), ("bad.anim", "E2033")]


def test_paths_count_from_the_importing_file(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "lib" / "one.anim").write_text('import "two.anim"\nlet one = two + 1\n', encoding="utf-8")
    (folder / "lib" / "two.anim").write_text("let two = 1\n", encoding="utf-8")
    film = film_of(BASE + 'import "lib/one.anim"\ncamera 2d { zoom = one }', folder)
    names = [source.name for _, source in film.sources.rows]
    assert names == ["film.anim", "lib/one.anim", "lib/two.anim"]
    assert "E2001" in codes(BASE + 'import "lib/one.anim"\ncamera 2d { zoom = two + one }', folder)


def test_a_file_that_two_others_import_is_read_once(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.anim").write_text(
            f'import "looks.anim"\nlet {name} = pulse_depth\n', encoding="utf-8"
        )
    film = film_of(BASE + 'import "a.anim"\nimport "b.anim"\ncamera 2d { zoom = 1 + a + b }', folder)
    assert len(film.sources.rows) == 4


def test_circles_are_told_as_a_path(folder: Path) -> None:
    (folder / "a.anim").write_text('import "b.anim"\n', encoding="utf-8")
    (folder / "b.anim").write_text('import "a.anim"\n', encoding="utf-8")
    _, found = checked(BASE + 'import "a.anim"', folder)
    (only,) = found
    assert only.code == "E2031"
    assert only.message.endswith("`a.anim` → `b.anim` → `a.anim`")


def test_imports_are_bounded(folder: Path) -> None:
    for i in range(MOST_FILES + 1):
        (folder / f"f{i}.anim").write_text(f"let f{i} = {i}\n", encoding="utf-8")
        following = f'import "d{i + 1}.anim"\n' if i < DEEPEST + 2 else ""
        (folder / f"d{i}.anim").write_text(following + f"let d{i} = 1\n", encoding="utf-8")
    wide = "".join(f'import "f{i}.anim"\n' for i in range(MOST_FILES + 1))
    assert codes(BASE + wide, folder) == ["E2032"]
    assert codes(BASE + 'import "d0.anim"', folder) == ["E2032"]
    (folder / "long.anim").write_text("# " + "x" * 700_000 + "\nlet long = 1\n", encoding="utf-8")
    (folder / "wide.anim").write_text("# " + "x" * 700_000 + "\nlet wide = 1\n", encoding="utf-8")
    assert codes(BASE + 'import "long.anim"\nimport "wide.anim"', folder) == ["E2032"]


def test_an_import_may_not_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.anim").write_text("let a = 1\n", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    (home / "link.anim").symlink_to(tmp_path / "secret.anim")
    assert codes(BASE + 'import "../secret.anim"', home) == ["E4001"]
    assert codes(BASE + 'import "link.anim"', home) == ["E4001"]


def test_an_imported_let_runs_by_the_films_clock(folder: Path) -> None:
    (folder / "look.anim").write_text("let sway = sine(1s)\n", encoding="utf-8")
    from anim_compiler.typed import OnFilm

    film = film_of(
        'prompt { 0s: "a" }\nimport "look.anim"\nscene a 1s { diffuse.cfg_scale = 5 + sway }', folder
    )
    expr = film.shots[0].numbers["diffuse.cfg_scale"].expr
    assert isinstance(getattr(expr, "arguments", (None, None))[1], OnFilm)


def test_a_shifted_tree_is_the_same_tree_further_on() -> None:
    document, _ = parse(Source("looks.anim", LOOKS))
    moved = shifted(document.statements, 1000)
    assert shifted(moved, -1000) == document.statements
    assert [s.span.start for s in moved] == [s.span.start + 1000 for s in document.statements]

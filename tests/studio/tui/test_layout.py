from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from anim_studio.tui.layout import FilmLayout, Layout, read_layout, write_layout


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    film = FilmLayout(("camera.zoom", "bass"), (12, 96))
    layout = replace(Layout(), theme="nord", width=40, height=9, side=False, tab="log", tier="camera")
    layout = layout.with_film(tmp_path / "a.anim", film)
    write_layout(tmp_path / "live" / "layout.json", layout)
    read = read_layout(tmp_path / "live" / "layout.json")
    assert read == layout
    assert read.film(tmp_path / "a.anim") == film
    assert read.film(tmp_path / "b.anim") == FilmLayout()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "\x00", '{"films": 3}', '{"films": {"a": 1}}']
)
def test_a_broken_file_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "layout.json").write_text(text)
    assert read_layout(tmp_path / "layout.json") == Layout()


def test_members_of_another_kind_are_as_on_a_first_start(tmp_path: Path) -> None:
    data = {"theme": 3, "width": 900, "height": "x", "tab": "nowhere", "tier": "best", "curves": 1, "new": 2}
    data["films"] = {"/a.anim": {"curves": [1], "view": [1]}}
    (tmp_path / "layout.json").write_text(json.dumps(data))
    read = read_layout(tmp_path / "layout.json")
    assert replace(read, films={}) == replace(Layout(), width=85)
    assert read.film(Path("/a.anim")) == FilmLayout()


def test_a_folder_that_cannot_be_written_troubles_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_layout(tmp_path / "file" / "layout.json", Layout())
    write_layout(None, Layout())


def test_films_used_long_ago_are_forgotten() -> None:
    layout = Layout()
    for number in range(300):
        layout = layout.with_film(Path(f"/{number}.anim"), FilmLayout(view=(0, number)))
    assert len(layout.films) == 200
    assert layout.film(Path("/299.anim")).view == (0, 299)

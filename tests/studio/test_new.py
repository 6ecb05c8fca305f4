"""`anim new`: its films, its files and what it says."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from anim_studio.firsts.templates import TEMPLATES

NAMES = [template.name for template in TEMPLATES]


@pytest.mark.parametrize("name", NAMES)
def test_every_template_is_checked_and_laid_out(anim, tmp_path: Path, name: str) -> None:
    said = anim("new", "rain.anim", "--template", name)
    assert said.code == 0
    assert "anim render rain.anim" in said.out
    assert "anim check rain.anim" in said.out
    assert anim("check", "--strict", "rain.anim").code == 0
    assert anim("fmt", "--check", "rain.anim").code == 0
    text = (tmp_path / "rain.anim").read_text(encoding="utf-8")
    assert 'output "rain.mp4"' in text
    assert text.startswith("# rain.anim: ")
    assert not any(word in text for word in ("FILM", "OUTPUT", "SONG", "PHOTO"))
    assert text.count("#") >= 5, "comments teach"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_template_renders(anim, tmp_path: Path, name: str) -> None:
    anim("new", "rain", "-t", name)
    said = anim("render", "rain.anim", "--frames", "0-0", "--size", "64x64", "--steps", "2")
    assert said.code == 0, said.err
    assert (tmp_path / "out" / "rain-0.png").exists()


def test_without_a_name_a_film_is_called_like_its_template(anim, tmp_path: Path) -> None:
    assert anim("new").code == 0
    assert anim("new", tmp_path, "-t", "loop").code == 0
    assert anim("new", "films/first").code == 0
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.anim")}
    assert found == {"zoom.anim", "loop.anim", "films/first.anim"}


def test_nothing_is_overwritten(anim, write_film, tmp_path: Path) -> None:
    film = write_film("# mine\n", "rain.anim")
    song = tmp_path / "song.wav"
    song.write_bytes(b"mine")
    said = anim("new", "rain.anim", "-t", "music-video")
    assert said.code == 2
    assert "`rain.anim` is there already" in said.err
    assert film.read_text() == "# mine\n"
    said = anim("new", "other.anim", "-t", "music-video")
    assert said.code == 0
    assert "the film uses it" in said.out
    assert song.read_bytes() == b"mine"


def test_the_song_is_the_same_every_time(anim, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert anim("new", f"{folder}/film.anim", "-t", "music-video").code == 0
    first, second = (tmp_path / folder / "song.wav" for folder in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    with wave.open(str(first)) as song:
        assert song.getnframes() == 8 * song.getframerate()


def test_templates_are_listed(anim) -> None:
    said = anim("new", "--list")
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == NAMES


def test_an_unknown_template_is_told_with_the_nearest(anim, tmp_path: Path) -> None:
    said = anim("new", "-t", "zom")
    assert said.code == 2
    assert "`zoom`" in said.err
    assert list(tmp_path.glob("*.anim")) == []


@pytest.mark.parametrize("stem", ['a "b" {c} \\d', "regen å"])
def test_strange_names_are_written_so_that_they_mean_themselves(anim, tmp_path: Path, stem: str) -> None:
    assert anim("new", f"{stem}.anim").code == 0
    assert anim("check", "--strict", f"{stem}.anim").code == 0


def test_invisible_names_are_refused(anim) -> None:
    assert anim("new", "a\nb.anim").code == 2

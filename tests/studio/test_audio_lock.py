"""`anim compile --audio-lock`: the lock file that is committed beside a film."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.staging import staged

from anim_compiler.sound.header import Header

FILM = """\
size = 64x64
fps = 12
length = 1s
audio song = "song.ogg"
prompt { 0s: "a lake" }
camera 2d { zoom = 1 + 0.1 * bass }
diffuse { steps = 1 }
"""


@pytest.fixture
def film(tmp_path: Path, write_film) -> Path:
    path: Path = write_film(FILM, "films/lake.anim")
    (path.parent / "song.ogg").write_bytes(staged()["song.ogg"])
    return path


def test_the_lock_lies_beside_the_film_and_is_all_that_is_written(anim, tmp_path: Path, film: Path) -> None:
    said = anim("compile", film, "--audio-lock")
    assert said.code == 0, said.err
    path = film.parent / "lake.audio.lock"
    assert "lake.audio.lock" in said.out
    assert "1 track" in said.out
    assert f"{path.stat().st_size / 1000:.0f} KB" in said.out
    assert not list(tmp_path.rglob("*.plan.json"))
    assert not list(tmp_path.rglob("*.tmp"))
    assert anim("compile", film, "--audio-lock", "-q", "-o", tmp_path / "p.plan.json").out == ""
    assert (tmp_path / "p.plan.json").is_file()


def test_a_film_is_checked_compiled_and_asked_without_its_song(
    anim, fresh_cache: Path, tmp_path: Path, film: Path
) -> None:
    first, second = tmp_path / "a.plan.json", tmp_path / "b.plan.json"
    assert anim("compile", film, "-o", first).code == 0
    assert anim("compile", film, "--audio-lock").code == 0
    asked = anim("eval", film, "bass", "--json").out
    (film.parent / "song.ogg").unlink()
    other = tmp_path / "other-cache"
    assert anim("check", film, "--cache", other).code == 0
    said = anim("compile", film, "-o", second, "--cache", other)
    assert said.code == 0, said.err
    assert first.read_bytes() == second.read_bytes()
    assert anim("eval", film, "bass", "--json", "--cache", other).out == asked
    said = anim("render", film, "-o", tmp_path / "lake.mp4", "--cache", other)
    assert said.code != 0
    assert "`song.ogg` is gone" in said.err
    assert "Traceback" not in said.err


def test_writing_the_lock_anew_mends_what_is_warned_of(anim, film: Path) -> None:
    assert anim("compile", film, "--audio-lock").code == 0
    (film.parent / "song.ogg").write_bytes(staged()["voice.ogg"])
    assert "W6153" in anim("check", film).out
    said = anim("compile", film, "--audio-lock")
    assert "W615" not in said.out + said.err
    assert "W6153" not in anim("check", film).out


def test_a_film_without_sound_has_nothing_to_lock(anim, write_film) -> None:
    said = anim(
        "compile",
        write_film(FILM.replace('audio song = "song.ogg"\n', "").replace(" * bass", "")),
        "--audio-lock",
    )
    assert said.code == 2
    assert "no `audio` to lock" in said.err


def test_a_variant_has_no_lock_of_its_own(anim, film: Path) -> None:
    film.write_text(FILM + "variant { seed = [1, 2] }\n", encoding="utf-8")
    said = anim("compile", film, "--audio-lock", "--variant", "1")
    assert said.code == 2
    assert "a lock is of the whole film" in said.err
    assert anim("compile", film, "--audio-lock").code == 0


def test_a_song_beside_the_folder_is_locked_by_its_way_there(anim, tmp_path: Path, film: Path) -> None:
    (tmp_path / "anim.toml").write_text("", encoding="utf-8")
    (film.parent / "song.ogg").rename(tmp_path / "song.ogg")
    film.write_text(FILM.replace('"song.ogg"', '"../song.ogg"'), encoding="utf-8")
    assert anim("compile", film, "--audio-lock").code == 0
    assert '"../song.ogg"' in (film.parent / "lake.audio.lock").read_text(encoding="utf-8")
    (tmp_path / "song.ogg").unlink()
    assert anim("check", film).code == 0


def test_a_film_with_errors_writes_no_lock(anim, film: Path) -> None:
    (film.parent / "song.ogg").write_bytes(b"")
    said = anim("compile", film, "--audio-lock")
    assert said.code == 1
    assert "E4030" in said.out + said.err
    assert not list(film.parent.glob("*.lock"))


def test_sound_of_too_many_hours_is_beyond_a_limit(anim, film: Path) -> None:
    (film.parent / "song.ogg").write_bytes(staged()["hours.flac"])
    assert anim("check", film).code == 3
    assert anim("compile", film).code == 3


def test_curves_that_are_locked_are_drawn_without_their_song(anim, tmp_path: Path, film: Path) -> None:
    assert anim("compile", film, "--audio-lock").code == 0
    (film.parent / "song.ogg").unlink()
    other = tmp_path / "other-cache"
    said = anim("plot", film, "bass", "-o", tmp_path / "a.png", "--cache", other)
    assert said.code == 0, said.err
    said = anim("plot", film, "treble", "-o", tmp_path / "a.png", "--cache", other)
    assert said.code == 1
    assert "`lake.audio.lock` does not hold all" in said.err


def test_sound_that_is_too_long_only_when_it_is_heard_is_beyond_a_limit(
    anim, tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header may lie: then a compile ends as a check would have."""
    assert anim("check", film).code == 0
    monkeypatch.setattr("anim_compiler.sound.limits.LONGEST", 2)
    monkeypatch.setattr("anim_compiler.sound.tracks.probe", lambda world, path: Header("ogg"))
    for command in (("compile",), ("compile", "--audio-lock"), ("eval", "bass"), ("plan",)):
        word, *rest = command
        said = anim(word, film, *rest, "--cache", tmp_path / "other-cache")
        assert said.code == 3, (command, said.out + said.err)

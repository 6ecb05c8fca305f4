"""`anim fmt`."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

MESSY = "size=64x64 # small\nfps   = 12\n"
LAID = "size = 64x64  # small\nfps  = 12\n"


def piped(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anim_studio", *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_a_film_is_laid_out_in_place(anim, write_film) -> None:
    film = write_film(MESSY)
    said = anim("fmt", film)
    assert (said.code, said.out) == (0, "")
    assert said.err == "1 file laid out\n"
    assert film.read_text() == LAID
    assert anim("fmt", film).err == "1 file as it should be\n"
    assert list(film.parent.glob(".film*")) == []


def test_check_names_what_would_change_and_writes_nothing(anim, write_film) -> None:
    messy, laid = write_film(MESSY, "a.anim"), write_film(LAID, "b.anim")
    said = anim("fmt", "--check", messy, laid)
    assert said.code == 1
    assert said.out == "would change a.anim\n"
    assert messy.read_text() == MESSY
    assert anim("fmt", "--check", laid).code == 0


def test_diff_shows_what_would_change(anim, write_film, monkeypatch) -> None:
    film = write_film(MESSY)
    said = anim("fmt", "--diff", film)
    assert said.code == 1
    assert "-size=64x64 # small\n" in said.out
    assert "+size = 64x64  # small\n" in said.out
    assert film.read_text() == MESSY
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m+size" in anim("fmt", "--diff", film).out


def test_folders_stand_for_their_films(anim, write_film, tmp_path) -> None:
    inner = write_film(MESSY, "films/deep/a.anim")
    hidden = write_film(MESSY, "films/.git/b.anim")
    assert anim("fmt", tmp_path / "films").code == 0
    assert (inner.read_text(), hidden.read_text()) == (LAID, MESSY)
    (tmp_path / "empty").mkdir()
    assert anim("fmt", tmp_path / "empty").code == 2


def test_a_film_that_cannot_be_read_does_not_stop_the_others(anim, write_film, tmp_path) -> None:
    (tmp_path / "a.anim").write_bytes(b"\xff")
    film = write_film("fps=24\n", "b.anim")
    said = anim("fmt", tmp_path)
    assert said.code == 2
    assert film.read_text(encoding="utf-8") == "fps = 24\n"
    assert "1 file not read" in said.err


def test_a_film_with_errors_stays(anim, write_film) -> None:
    film = write_film("size = = 1\nfps=2\n")
    said = anim("fmt", film)
    assert said.code == 1
    assert "error[" in said.err
    assert film.read_text() == "size = = 1\nfps=2\n"


def test_standard_input_goes_to_standard_output() -> None:
    done = piped("\ufeff" + MESSY.replace("\n", "\r\n"), "fmt", "-")
    assert (done.returncode, done.stdout, done.stderr) == (0, LAID, "")
    done = piped("size = = 1\n", "fmt", "-", "--stdin-filename", "rain.anim")
    assert (done.returncode, done.stdout) == (1, "")
    assert "rain.anim:1:8" in done.stderr


def test_permissions_and_links_stay(anim, write_film, tmp_path) -> None:
    film = write_film(MESSY)
    film.chmod(0o640)
    link = tmp_path / "link.anim"
    try:
        link.symlink_to(film)
    except OSError:
        pytest.skip("this system makes no links")
    assert anim("fmt", link).code == 0
    assert link.is_symlink()
    assert film.read_text() == LAID
    assert stat.S_IMODE(film.stat().st_mode) == 0o640


@pytest.mark.parametrize("text", ["\ufeffa = 1\n", "a = 1\r\n"])
def test_marks_and_line_ends_are_canonical(anim, tmp_path: Path, text: str) -> None:
    film = tmp_path / "film.anim"
    film.write_bytes(text.encode())
    assert anim("fmt", film).code == 0
    assert film.read_bytes() == b"a = 1\n"


def test_our_own_mistake_leaves_the_file(anim, write_film, monkeypatch) -> None:
    from anim_dsl.format import whole

    monkeypatch.setattr(whole, "lay_items", lambda items, indent: ["fps = 1"])
    film = write_film(MESSY)
    said = anim("fmt", film)
    assert said.code == 70
    assert "would change what it says" in said.err
    assert film.read_text() == MESSY


def test_a_write_that_stops_leaves_the_file(anim, write_film, monkeypatch) -> None:
    def stop(*_: object) -> None:
        raise OSError(28, "No space left on device")

    film = write_film(MESSY)
    monkeypatch.setattr(os, "fsync", stop)
    assert anim("fmt", film).code == 4
    assert film.read_text() == MESSY
    assert [path.name for path in film.parent.glob("*film*")] == ["film.anim"]


def test_wrong_usage(anim, write_film) -> None:
    assert anim("fmt").code == 2
    said = anim("fmt", "--chek", write_film(LAID))
    assert said.code == 2
    assert "`--chek`" in said.err

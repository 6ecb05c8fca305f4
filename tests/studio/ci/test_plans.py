"""`anim compile --check`: committed plans and locks against their films."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

FILM = """\
size = 64x64
fps = 12
length = 1s
prompt { 0s: "a lake" }
camera 2d { zoom = 0s: 1, 1s: 1.5 }
expect luma > 1%
output "lake.mp4"
"""


@pytest.fixture
def film(anim, write_film) -> Path:
    """A film in a folder, with its plan beside it."""
    path: Path = write_film(FILM, "films/lake.anim")
    assert anim("compile", "-q", "films").code == 0
    return path


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_the_plans_of_a_folder_lie_beside_its_films(anim, tmp_path: Path, film: Path, write_film) -> None:
    assert (film.parent / "lake.plan.json").is_file()
    write_film("let swing = 1\n", "films/looks.anim")
    write_film(FILM, "films/other.anim")
    said = anim("compile", "--check", "films")
    assert (said.code, said.err) == (0, "1 file up to date\n")
    assert anim("compile", "films").code == 0
    assert not (tmp_path / "films" / "looks.plan.json").exists()
    assert anim("compile", "--check", "films").err == "2 files up to date\n"


def test_a_plan_is_the_same_from_whichever_folder_it_is_compiled(anim, film: Path, monkeypatch) -> None:
    monkeypatch.chdir(film.parent)
    assert anim("compile", "--check", "lake.anim").code == 0
    assert anim("compile", "--check", film).code == 0


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("# hi", "", ["the film is written otherwise", "no frame re-renders"]),
        ("size = 64x64", "size = 128x64", ["`size` 64x64 → 128x64", "12 of 12 frames re-render"]),
        ("length = 1s", "length = 2s", ["`frames` 12 → 24"]),
        ("a lake", "a forest", ['the prompt "a lake" is now "a forest"', "12 of 12 frames re-render"]),
        ("1s: 1.5", "1s: 1.7", ["the camera's move differs on 11 of 12 frames, first on frame 1"]),
        ("lake.mp4", "pond.mp4", ["the files that it writes are others", "no frame re-renders"]),
        ("expect", "seed = 5; expect", ["`seed` 0 → 5"]),
    ],
)
def test_what_differs_is_told_in_words(
    anim, film: Path, before: str, after: str, told: list[str], tmp_path: Path
) -> None:
    if before == "# hi":
        film.write_text(FILM + "# hi\n", encoding="utf-8")
    else:
        edit(film, before, after)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    said = anim("compile", "--check", "films")
    assert said.code == 1
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[0] == "✗ films/lake.plan.json is out of date"
    assert set(told) <= set(lines)
    assert lines[-1] == "write it anew: anim compile films/lake.anim -o films/lake.plan.json"
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path: data for path, data in kept.items() if "cache" not in path.parts} == files


def test_the_command_that_is_told_mends_it(anim, film: Path) -> None:
    edit(film, "1s: 1.5", "1s: 1.7")
    document = json.loads(anim("compile", "--check", "films", "--size", "32x32", "--json").out)
    assert (document["version"], document["fresh"]) == (1, False)
    (row,) = document["files"]
    assert (row["film"], row["file"], row["state"]) == ("films/lake.anim", "films/lake.plan.json", "stale")
    words = row["mend"].split()[1:]
    assert anim(*words).code == 0
    assert json.loads(anim("compile", "--check", "films", "--size", "32x32", "--json").out)["fresh"] is True
    assert anim("compile", "--check", "films").code == 1


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("--", "films"), ""),
        (("-ofilms/lake.plan.json", "films/lake.anim"), ""),
        (("--output=films/lake.plan.json", "-q", "films/lake.anim", "--steps=3"), "--steps=3 "),
        (("films", "--steps", "3", "--cache", "there", "--json"), "--steps 3 "),
    ],
)
def test_the_command_that_is_told_has_the_options_of_the_film_only(
    anim, film: Path, words: tuple[str, ...], kept: str
) -> None:
    edit(film, "1s: 1.5", "1s: 1.7")
    said = anim("compile", "--check", *words)
    assert f"anim compile films/lake.anim {kept}-o films/lake.plan.json" in said.out


def test_a_plan_that_lacks_is_broken_or_of_a_broken_film(anim, film: Path) -> None:
    plan = film.parent / "lake.plan.json"
    assert anim("compile", "--check", "films/lake.anim", "-o", "none.plan.json").code == 1
    plan.with_suffix(".npz").unlink()
    said = anim("compile", "--check", "films")
    assert (said.code, "`lake.plan.npz` is not beside it" in said.out) == (1, True), said.out
    plan.write_text("[]", encoding="utf-8")
    said = anim("compile", "--check", "films")
    assert (said.code, "lake.plan.json cannot be read" in said.out) == (1, True), said.out
    edit(film, "zoom", "zom")
    said = anim("compile", "--check", "films")
    assert (said.code, "the film has errors" in said.out, "E2003" in said.err) == (1, True, True)
    assert anim("compile", "--check", "films/none.anim").code == 2
    assert anim("compile", "--json", "films").code == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "["),
        ('"frames": 12,', '"frames": 1000000000000,'),
        ('"frames": 12,', '"frames": 0,'),
        ('"frames": "1-11"', '"frames": "1-99999999999"'),
        ('"frames": "1-11"', '"frames": "20-30"'),
        ('"frames.after"', '"frames.before"'),
    ],
)
def test_a_plan_of_a_stranger_is_only_unreadable(anim, film: Path, before: str, after: str) -> None:
    plan = film.parent / "lake.plan.json"
    text = plan.read_text(encoding="utf-8")
    assert before in text
    plan.write_text(text.replace(before, after) if before else after * 100_000, encoding="utf-8")
    said = anim("compile", "--check", "films")
    assert (said.code, "lake.plan.json cannot be read" in said.out) == (1, True), said


def test_columns_of_a_stranger_are_only_unreadable(anim, film: Path) -> None:
    columns = film.parent / "lake.plan.npz"
    good = columns.read_bytes()
    locked = good.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        entry = zipfile.ZipInfo("camera.from_previous.npy")
        archive.writestr(entry, b"")
        entry.file_size = 1 << 31
    number = io.BytesIO()
    np.save(number, np.zeros(3))
    assert locked != good
    for data in (locked, bomb.getvalue(), number.getvalue(), good[:-30], b"PK"):
        columns.write_bytes(data)
        said = anim("compile", "--check", "films")
        assert (said.code, "lake.plan.json cannot be read" in said.out) == (1, True), said


def test_a_checkout_with_other_line_ends_is_the_same_film(anim, film: Path) -> None:
    for path in (film, film.parent / "lake.plan.json"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert anim("compile", "--check", "films").code == 0


def test_a_lock_is_up_to_date_while_it_holds_what_the_film_hears(anim, write_film, examples: Path) -> None:
    text = FILM.replace("0s: 1, 1s: 1.5", "1 + 0.1 * bass").replace(
        "length = 1s", 'length = 1s\naudio drum = "drum.ogg"'
    )
    film = write_film(text, "films/drum.anim")
    sound = film.parent / "drum.ogg"
    sound.write_bytes((examples / "ci-project" / "films" / "media" / "drum.ogg").read_bytes())
    said = anim("compile", "--check", "--audio-lock", "films/drum.anim")
    assert (said.code, "drum.audio.lock is not there" in said.out) == (1, True)
    assert anim("compile", "--audio-lock", "films/drum.anim").code == 0
    assert anim("compile", "--check", "films").code == 0
    edit(film, "bass", "treble")
    said = anim("compile", "--check", "--audio-lock", "films")
    assert (said.code, "does not hold all that the film reads" in said.out) == (1, True), said.out
    assert anim("compile", "--audio-lock", "films/drum.anim").code == 0
    sound.unlink()
    assert anim("compile", "--check", "--audio-lock", "films").code == 0

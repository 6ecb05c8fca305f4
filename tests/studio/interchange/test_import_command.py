"""`anim import`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from tools.interchange.page import PAGE, page

SETTINGS = {
    "animation_mode": "2D",
    "max_frames": 24,
    "prompts": {"0": "a lake"},
    "zoom": "0: (1.02)",
    "restore_faces": True,
    "sd_model_name": "other.safetensors",
    "batch_name": "\u202eback",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "dream.txt"
    file.write_text(json.dumps(SETTINGS), encoding="utf-8")
    return file


def test_a_film_stands_beside_and_passes_check(anim, settings: Path) -> None:
    said = anim("import", settings, "--from", "deforum")
    assert (said.code, said.out) == (0, "")
    film = Path("dream.anim")
    assert "length = 24f" in film.read_text(encoding="utf-8")
    assert "dream.anim" in said.err
    assert "restore_faces: there is no such step" in said.err
    assert "batch_name" not in said.err
    assert anim("check", film).code == 0
    assert anim("fmt", "--check", film).code == 0


def test_it_is_known_by_its_content_and_everything_is_reported(anim, settings: Path) -> None:
    file = settings.rename("no.name")
    file.write_text('{"max_frames": 3, "prompts": {"0": "a"}}', encoding="utf-8")
    assert anim("import", file, "--report").code == 1  # which may be of anything
    more = {**SETTINGS, "seed_behavior": "iter", "strength_schedule": "0: (0.6)"}
    file.write_text(json.dumps(more), encoding="utf-8")
    said = anim("import", file, "--report")
    assert said.code == 0
    assert "obsolete" in said.err
    assert "batch_name" in said.err
    assert Path("no.anim").exists()


def test_nothing_is_written_over(anim, settings: Path) -> None:
    Path("dream.anim").write_text("mine", encoding="utf-8")
    said = anim("import", settings, "--from", "deforum")
    assert (said.code, Path("dream.anim").read_text(encoding="utf-8")) == (2, "mine")
    assert "is there already" in said.err
    assert anim("import", settings, "--from", "deforum", "--force", "-q").err == ""
    assert "a lake" in Path("dream.anim").read_text(encoding="utf-8")
    said = anim("import", settings, "--from", "deforum", "--force", "-o", settings)
    assert "is what is imported" in said.err
    assert settings.read_text(encoding="utf-8").startswith("{")


def test_from_a_pipe_and_as_json(anim, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(settings.read_bytes()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)
    said = anim("import", "-", "--from", "deforum")
    assert said.code == 0
    assert said.out.startswith("# From ")
    said = anim("import", settings, "--from", "deforum", "--json", "-o", "x.anim")
    (told,) = json.loads(said.out)
    assert (told["format"], told["film"], told["diagnostics"]) == ("deforum", "x.anim", [])
    assert {"fate": "not expressible", "what": "restore_faces", "says": "there is no such step"} in told[
        "remarks"
    ]
    assert "\u202e" not in said.out
    assert anim("import", settings, "--json", "-o", "-").code == 2


def test_several_files_and_what_is_wrong_in_one(anim, settings: Path) -> None:
    wrong = settings.with_name("wrong.txt")
    wrong.write_text(json.dumps({**SETTINGS, "zoom": "5:(1)"}), encoding="utf-8")
    folder = Path("films")
    folder.mkdir()
    said = anim("import", settings, wrong, "gone.txt", "--from", "deforum", "-o", folder)
    assert said.code == 2
    assert [path.name for path in folder.iterdir()] == ["dream.anim"]
    assert "E1066" in said.err
    assert "wrong.txt:1:" in said.err
    assert "there is no file `gone.txt`" in said.err
    assert anim("import", wrong, "--from", "deforum").code == 1
    assert "several films need a folder" in anim("import", settings, wrong, "-o", "one.anim").err


def test_a_format_that_there_is_not_and_a_file_that_is_none(anim, settings: Path) -> None:
    said = anim("import", settings, "--from", "deform")
    assert (said.code, "did you mean `deforum`?" in said.err) == (2, True)
    settings.write_text("hello", encoding="utf-8")
    said = anim("import", settings)
    assert said.code == 1
    assert "none of the formats" in said.err
    assert anim("import").code == 2


def test_the_tables_of_the_manual_are_those_of_the_importer() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tools.interchange`"


def test_two_files_are_not_one_film(anim, settings: Path) -> None:
    Path("dream.json").write_text(settings.read_text(encoding="utf-8"), encoding="utf-8")
    said = anim("import", settings, "dream.json", "--from", "deforum", "--force")
    assert said.code == 2
    assert "`dream.anim` was just written" in said.err


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b" \n", "it is empty"),
        ("a.txt", b"\xe9 caf\xe9", "not UTF-8"),
        ("a.anim", b"length = 1s", "called as films are"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "neither `parameters` nor a workflow"),
    ],
)
def test_why_a_file_is_of_no_format(anim, settings: Path, name: str, data: bytes, says: str) -> None:
    Path(name).write_bytes(data)
    said = anim("import", name, "-o", "film.anim")
    assert (said.code, says in said.err) == (1, True)


def test_what_has_the_same_reason_stands_in_one_line(anim, settings: Path) -> None:
    text = "a\nSteps: 2, Sampler: Euler, A: 1, B: 2, C: 3, D: 4, E: 5"
    settings.write_text(text, encoding="utf-8")
    said = anim("import", settings)
    assert "A, B, C, D and 1 more: a film has nothing like it" in said.err
    settings.write_text("a" * (1 << 20) + text, encoding="utf-8")
    said = anim("import", settings, "--force")
    assert "is too much for one film" in said.err
    assert anim("import", settings.parent).code == 2


def test_what_ends_with_a_slash_is_a_folder(anim, settings: Path) -> None:
    assert anim("import", settings, "--from", "deforum", "-o", "new/films/").code == 0
    assert Path("new/films/dream.anim").is_file()
    said = anim("import", settings, settings, "--from", "deforum", "-o", "other")
    assert "write `-o other/`" in said.err

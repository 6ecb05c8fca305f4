import json
import subprocess
import sys

import pytest

FILM = """\
size = 64x64
fps = 12
length = 1s
prompt { 0s: "a lake at dawn" }
camera 2d { zoom = 0s: 1, 1s: 1.2 }
diffuse { steps = 2 }
output "film.mp4"
"""
#: what `check` must never import: they take seconds, and an editor checks at every key stroke
HEAVY = ("torch", "numpy", "scipy", "librosa", "diffusers", "transformers", "av", "PIL", "textual", "rich")


def test_a_good_film_is_told_in_one_line(anim, write_film) -> None:
    said = anim("check", write_film(FILM))
    assert said.code == 0
    assert said.out.startswith("✓ nothing to report in 1 file · ")
    assert said.out.count("\n") == 1


def test_checking_imports_nothing_heavy(write_film) -> None:
    code = (
        "import sys\n"
        "from anim_studio.cli import main\n"
        f"code = main(['check', {str(write_film(FILM))!r}])\n"
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert done.stdout.splitlines()[-1] == "0 []", done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wrong", "right", "meant"),
    [
        ("zom = 0s: 1, 1s: 1.2", "zoom = 0s: 1, 1s: 1.2", "zoom"),
        ("angle = 0s: 0, 1s: 3px", "zoom = 0s: 1, 1s: 1.2", "px"),
        ("length = 30deg", "length = 1s", "deg"),
        ('audio song = "song.mp3"\ninit', "size = 64x64", "song.mp3"),
    ],
)
@pytest.mark.parametrize("command", ["check", "render", "compile", "plot"])
def test_a_mistake_is_one_diagnostic_without_a_traceback(
    anim, write_film, command: str, wrong: str, right: str, meant: str
) -> None:
    text = FILM.replace(right, wrong) if "init" not in wrong else 'audio song = "song.mp3"\n' + FILM
    said = anim(command, write_film(text))
    told = said.out + said.err
    assert said.code == 1, told
    assert "Traceback" not in told
    assert told.count("error[") == 1, told
    assert meant in told
    assert "film.anim:" in told


@pytest.mark.parametrize("command", ["check", "render", "compile", "plot", "eval", "sheet"])
def test_what_is_no_film_is_told_with_code_2(anim, tmp_path, write_film, command: str) -> None:
    write_film(FILM, "here.anim")
    binary = tmp_path / "binary.anim"
    binary.write_bytes(bytes(range(256)) * 20)
    for path, meant in (
        (tmp_path / "her.anim", "here.anim"),
        (tmp_path, "here.anim"),
        (binary, "UTF-8"),
    ):
        extra = ("camera.zoom",) if command == "eval" else ()
        said = anim(command, path, *extra)
        assert said.code == 2, (path, said)
        assert said.err.count("error") == 1
        assert meant in said.err, said.err
        assert "Traceback" not in said.err
        assert said.out == ""


def test_a_film_of_noise_ends_with_diagnostics(anim, write_film) -> None:
    said = anim("check", write_film('}{ = = "\n(((\n' * 500))
    assert said.code == 1
    assert "Traceback" not in said.out + said.err
    assert 1 <= said.out.count("error[") <= 50


def test_json_is_json(anim, write_film) -> None:
    said = anim("check", write_film(FILM.replace("zoom", "zom")), "--format", "json")
    assert said.code == 1
    found = json.loads(said.out)
    found = found["diagnostics"] if isinstance(found, dict) else found
    assert [d["severity"] for d in found] == ["error"]


def test_concise_is_one_line_a_finding(anim, write_film) -> None:
    said = anim("check", write_film(FILM.replace("zoom", "zom")), "--format", "concise", "--quiet")
    assert said.code == 1
    (line,) = said.out.splitlines()
    assert "film.anim:5:13" in line


def test_several_films_are_all_checked(anim, write_film) -> None:
    good, bad = write_film(FILM, "a.anim"), write_film(FILM.replace("zoom", "zom"), "b.anim")
    said = anim("check", good, bad)
    assert said.code == 1
    assert "in 2 files" in said.out

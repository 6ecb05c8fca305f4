import json
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from anim_dsl.diagnostic import Diagnostic

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
        if path == tmp_path and command in ("check", "compile"):
            continue  # a folder stands for its films
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


#: two certain edits, an error without one, and a warning
MISTAKES = """\
size = 64x64
length = 10 s  # ten
fps = 24 fps
prompt { 0s: "a" }
camera 2d { zom = 1 }
let unused = 3
diffuse { steps = lots }
output "film.mp4"
"""


def test_a_film_that_cannot_be_read_does_not_hide_the_others(anim, write_film, tmp_path) -> None:
    write_film(FILM, "a.anim")
    (tmp_path / "b.anim").write_bytes(b'prompt { 0s: "\xff" }')
    write_film(FILM.replace("zoom", "zom"), "c.anim")
    said = anim("check", tmp_path)
    assert said.code == 2
    assert "b.anim" in said.err
    assert "UTF-8" in said.err
    assert "error[E2003]" in said.out
    assert "1 error in 2 files" in said.out
    assert "1 not read" in said.out
    said = anim("check", "--format", "json", tmp_path)
    assert said.code == 2
    assert [row["code"] for row in json.loads(said.out)] == ["E2003"]
    assert anim("check", "--diff", tmp_path).code == 2


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("zoom = " + "(" * 500, ["E1004"]),
        ("let a = 1\n" + "@\n" * 50, ["E1015"] * 20 + ["E1006"]),
        ('length = 2s\nprompt { "a" }\n', ["E1041"]),
        ('length = 2s\nprompt { 0s: "a" }\ncamera 2d\n  zoom = 0s: 1, 2s: 2\n  roll = t * 1deg\n', ["E1036"]),
    ],
    ids=["too deep", "cut short", "a text without a time", "a camera without a brace"],
)
def test_one_mistake_is_one_message(anim, write_film, text: str, codes: list[str]) -> None:
    said = anim("check", "--format", "jsonl", write_film(text))
    assert [json.loads(line)["code"] for line in said.out.splitlines()] == codes


def piped(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anim_studio", *arguments]
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=60)


def test_fix_makes_every_certain_edit_and_tells_the_rest(anim, write_film) -> None:
    film = write_film(MISTAKES)
    said = anim("check", "--fix", film)
    fixed = film.read_text(encoding="utf-8")
    assert said.code == 1
    assert "length = 10s  # ten\n" in fixed
    assert "fps = 24fps\n" in fixed
    assert "camera 2d { zoom = 1 }" in fixed
    assert "steps = lots" in fixed
    assert said.out.count("error[") == 1
    assert "edits made; 1 error" in said.out
    again = anim("check", "--fix", film)
    assert film.read_text(encoding="utf-8") == fixed
    assert "made" not in again.out


def test_diff_shows_what_fix_would_do(anim, write_film) -> None:
    film = write_film(MISTAKES)
    said = anim("check", "--diff", film, write_film(FILM, "good.anim"))
    assert said.code == 1
    assert "-length = 10 s  # ten\n+length = 10s  # ten\n" in said.out.replace("-fps = 24 fps\n", "")
    assert "good.anim" not in said.out
    assert film.read_text(encoding="utf-8") == MISTAKES


def test_an_edit_that_makes_new_errors_is_left_out(anim, write_film, monkeypatch) -> None:
    from anim_dsl.diagnostic import Edit
    from anim_studio.cli import checking

    film = write_film(MISTAKES)
    honest = checking.findings

    def with_a_bad_edit(text: checking.Text) -> tuple[Diagnostic, ...]:
        return tuple(
            replace(found, edit=Edit(found.span, "= = (")) if found.code == "W6001" else found
            for found in honest(text)
        )

    monkeypatch.setattr(checking, "findings", with_a_bad_edit)
    anim("check", "--fix", film)
    fixed = film.read_text(encoding="utf-8")
    assert "let unused = 3\n" in fixed
    assert "length = 10s  # ten\n" in fixed
    assert "zoom = 1" in fixed


def test_standard_input_is_checked_and_mended() -> None:
    done = piped(MISTAKES, "check", "-", "--stdin-filename", "rain.anim", "--format", "concise", "-q")
    assert done.returncode == 1
    assert "rain.anim:2:10: error[E1011]" in done.stdout
    done = piped(MISTAKES, "check", "--fix", "-")
    assert done.returncode == 1
    assert done.stdout.startswith("size = 64x64\nlength = 10s  # ten\n")
    assert "lots" in done.stderr


def test_warnings_are_chosen_and_counted(anim, write_film) -> None:
    film = write_film(FILM + "let unused = 3\n")
    assert anim("check", film).code == 0
    assert anim("check", film, "--strict").code == 1
    said = anim("check", film, "--strict", "--ignore", "W6001")
    assert said.code == 0
    assert "W6001" not in said.out
    assert "W6001" in anim("check", film, "--select", "W60").out
    assert "W6001" not in anim("check", film, "--select", "W1").out
    assert anim("check", film, "--ignore", "E2003").code == 2
    assert anim("check", film, "--ignore", "nonsense").code == 2


@pytest.mark.parametrize("format", ["json", "gitlab", "sarif", "junit", "jsonl", "github"])
def test_every_format_is_nothing_but_itself(anim, write_film, format: str) -> None:
    said = anim("check", write_film(MISTAKES), write_film(FILM, "good.anim"), "--format", format)
    assert said.code == 1
    assert "files ·" not in said.out
    if format in ("json", "gitlab", "sarif"):
        assert json.loads(said.out)
    elif format == "jsonl":
        assert all(json.loads(line)["code"] for line in said.out.splitlines())
    elif format == "junit":
        suites = ElementTree.fromstring(said.out)
        assert [suite.get("name") for suite in suites] == ["film.anim", "good.anim"]
    else:
        assert all(line.startswith("::") for line in said.out.splitlines())

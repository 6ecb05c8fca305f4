"""`anim explain film.anim --passes`: what each pass did and saved, in 80 columns and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Ran

from anim_compiler.passes import PASSES

FILM = """
size = 96x64; fps = 8; length = 2s; model = "null"
prompt { 0s: "a"; 1s: "b" }
camera 2d { zoom = 0s: 1, 2s: 1.2 }
diffuse { steps = 8; strength = 1 if t % 4 == 0 else 0.5; batch = 4 }
coherence { color = lab; contrast = 1.02; noise = 1%; blend = 0.2 if t == 7 else 0 }
grade { exposure = 0.1; vignette = 20%; grain = 0.1 }
"""
STILL = 'size = 64x64; fps = 4; length = 1s; model = "null"\nprompt { 0s: "a" }\ncoherence { cadence = 2 }\n'

Anim = Callable[..., Ran]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "waves.anim"
    path.write_text(FILM)
    return path


def test_a_line_a_pass(anim: Anim, film: Path) -> None:
    ran = anim("explain", film, "--passes")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == "waves.anim  16 frames of 96x64"
    assert max(map(len, lines)) <= 80, max(lines, key=len)
    names = [line.split()[0] for line in lines[3 : 3 + len(PASSES) + 1]]
    assert names == ["lower", *(step.__name__ for step in PASSES)]
    told = {line.split()[0]: line[9:43].strip() for line in lines[2:] if line}
    assert told["cadence"] == "nothing to do"
    assert told["hoist"] == "1 op done once a scene"
    assert told["batch"] == "4 frames are free, 3 split off"
    assert re.search(r"place +\d pictures at once, not \d", ran.out)


def test_what_is_saved_adds_up(anim: Anim, film: Path) -> None:
    ran = anim("explain", film, "--passes", "--format", "json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["film"], told["frames"], told["size"]) == ("waves.anim", 16, [96, 64])
    steps = told["passes"]
    for name in ("ops", "unet", "resamples", "bytes", "columns", "templates"):
        saved = sum(step["saved"].get(name, 0) for step in steps)
        assert steps[0]["cost"][name] - saved == steps[-1]["cost"][name], name
    by_name = {step["name"]: step for step in steps}
    # 12 frames of 4 steps and 4 of 8; then frames 4, 8 and 12 in one call a step
    assert by_name["expand"]["cost"]["unet"] == 12 * 4 + 4 * 8
    assert by_name["place"]["cost"]["unet"] == 12 * 4 + 8 + 8
    assert by_name["batch"]["cost"]["free"] == 4
    assert by_name["cadence"]["idle"]
    assert "changes" not in by_name["fuse"]


def test_tweens_ask_no_model(anim: Anim, tmp_path: Path) -> None:
    (tmp_path / "still.anim").write_text(STILL.replace("length = 1s", "length = 2s"))
    ran = anim("explain", tmp_path / "still.anim", "--passes", "--format=json")
    steps = {step["name"]: step for step in json.loads(ran.out)["passes"]}
    assert steps["cadence"]["did"] == "3 of 8 frames are tweens"
    assert steps["cadence"]["saved"]["unet"] > 0


def test_the_lines_that_one_pass_changed(anim: Anim, film: Path) -> None:
    ran = anim("explain", film, "--passes=fuse")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 80, max(lines, key=len)
    assert any(line.startswith("-  %") and " contrast " in line for line in lines)
    assert any(line.startswith("+  %") and " pointwise " in line for line in lines)
    assert " scene 0, diffused: frames 1-15, chained" in lines
    idle = anim("explain", film, "--passes=cadence")
    assert "nothing to do" in idle.out
    assert not re.search(r"^[-+]", idle.out, re.MULTILINE)
    pruned = anim("explain", film, "--passes=prune").out
    assert "-column coherence.cadence" in pruned


def test_colours_only_where_they_are_wanted(anim: Anim, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in anim("explain", film, "--passes=fuse").out
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = anim("explain", film, "--passes=fuse").out
    assert re.search("\x1b\\[31m-  %", painted)
    assert re.search("\x1b\\[32m\\+  %", painted)


def test_the_film_may_stand_behind_the_flag(anim: Anim, film: Path) -> None:
    assert anim("explain", "--passes", film).out == anim("explain", film, "--passes").out


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["waves.anim"], "nothing in the language is called", "--passes` says what the compiler makes"),
        (["waves.anim", "--passes=fus"], "there is no pass called `fus`", "`fuse`"),
        (["strength", "blend", "--passes"], "`--passes` needs one film", "anim explain film.anim --passes"),
    ],
)
def test_slips(anim: Anim, film: Path, words: list[str], message: str, hint: str) -> None:
    ran = anim("explain", *(str(film.parent / word) if word == film.name else word for word in words))
    assert ran.code == 2
    assert message in ran.err
    assert hint in ran.err


def test_a_film_with_errors_is_told_of(anim: Anim, tmp_path: Path) -> None:
    (tmp_path / "bad.anim").write_text("length = 1s\ndiffuse { strength = 1.4 }\n")
    ran = anim("explain", tmp_path / "bad.anim", "--passes")
    assert ran.code == 1
    assert "E3003" in ran.err
    assert not ran.out

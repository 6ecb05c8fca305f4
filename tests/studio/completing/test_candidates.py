from pathlib import Path

import pytest

from anim_studio.cli.app import COMMANDS
from anim_studio.completing.candidates import candidates
from anim_studio.completing.line import Line

FILM = """\
size = 64x64; fps = 4; length = 2s
let speed = 1.5
scene rain 1s { let turn = 2deg; camera 2d { zoom = speed; angle = turn } }
scene dawn 1s { camera 2d { zoom = speed } }
variant { seed = [1, 2] }
"""


@pytest.fixture
def offered(tmp_path: Path, write_film, monkeypatch: pytest.MonkeyPatch):
    write_film(FILM)
    write_film(FILM, "other/second.anim")
    (tmp_path / "song.wav").write_bytes(b"")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> list[str]:
        return [one.word for one in candidates(Line(words[:-1], words[-1]))]

    return run


def test_commands(offered) -> None:
    assert offered("ren") == ["render"]
    assert offered("") == [row.name for row in COMMANDS]
    assert offered("--v") == ["--version"]


def test_options_that_hold_everywhere_may_stand_first(offered) -> None:
    assert offered("--untrusted", "--colour", "never", "rend") == ["render"]
    assert offered("--colour=never", "render", "film.anim", "--scene", "r") == ["rain"]
    assert offered("--colour", "al") == ["always"]


def test_films_and_folders(offered) -> None:
    assert offered("render", "") == ["film.anim", "other/"]
    assert offered("render", "other/") == ["other/second.anim"]
    assert offered("audio", "s") == ["song.wav"]
    assert offered("render", "nowhere/") == []


def test_options_and_what_holds_everywhere(offered) -> None:
    assert offered("render", "film.anim", "--sc") == ["--scene"]
    assert {"--colour", "--untrusted", "--help", "-D"} <= set(offered("check", "-"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("render", "film.anim", "--scene", ""), ["rain", "dawn"]),
        (("render", "film.anim", "--scene=d"), ["--scene=dawn"]),
        (("render", "film.anim", "--variant", ""), ["seed1", "seed2"]),
        (("render", "film.anim", "-D", ""), ["speed=", "rain.turn="]),
        (("eval", "film.anim", "camera."), ["camera.zoom", "camera.angle"]),
        (("plot", "film.anim", "camera.zoom", "sp"), ["speed"]),
        (("render", "--tier", ""), ["camera", "hints", "draft", "final"]),
        (("render", "--device", "c"), ["cpu", "cuda"]),
        (("check", "--colour", "a"), ["auto", "always"]),
        (("new", "--template", "m"), ["morph", "music-video"]),
        (("graph", "film.anim", "--after", "fu"), ["fuse"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("render", "film.anim", "--seed", ""), []),
        (("nothing", ""), []),
    ],
)
def test_values(offered, words: tuple[str, ...], found: list[str]) -> None:
    assert offered(*words) == found


def test_words_of_the_language(offered) -> None:
    assert "strength" in offered("explain", "stren")
    assert "E2001" in offered("explain", "E20")
    assert not any(word.startswith("E2") for word in offered("explain", ""))
    assert all(word.startswith("W") for word in offered("check", "--select", ""))

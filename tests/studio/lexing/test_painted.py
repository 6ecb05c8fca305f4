"""Films in the colours of a terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from anim_studio.cli.entry import main
from anim_studio.lexing.painted import painted

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FILM = 'length = 2s\nprompt = "rain"\ncamera 2d { zoomm = 0s: 1, 2s: 2 with ease_in }\n'


def test_colours_are_all_that_is_added() -> None:
    text = 'a = 1  # b\nprompt { 0s: """\n  a\n  {b}\n""" }\n'
    assert _COLOUR.sub("", painted(text)) == text


def test_no_colour_crosses_a_line_end() -> None:
    for line in painted('prompt = """\n  rain\n\n  snow"""\n').split("\n"):
        assert _COLOUR.findall(line)[1::2] == ["\x1b[0m"] * (len(_COLOUR.findall(line)) // 2)


def test_what_is_told_of_a_mistake_is_coloured_on_a_terminal_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "rain.anim"
    film.write_text(_FILM)
    assert main(["check", str(film), "--colour", "always"]) == 1
    coloured = capsys.readouterr().out
    assert main(["check", str(film), "--colour", "never"]) == 1
    plain = capsys.readouterr().out
    assert "\x1b[35mwith\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert _COLOUR.sub("", coloured).split(" in 1 file")[0] == plain.split(" in 1 file")[0]


def test_an_explanation_and_a_diff_are_coloured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "sine", "--colour", "always"]) == 0
    assert "\x1b[33msine\x1b[0m(\x1b[36m4beats\x1b[0m" in capsys.readouterr().out
    film = tmp_path / "rain.anim"
    film.write_text("fps    = 12\nlength = 2s\nseed=1\n")
    assert main(["fmt", "--diff", str(film), "--colour", "always"]) == 1
    shown = capsys.readouterr().out
    assert "\x1b[31m-seed=1\x1b[0m" in shown
    assert "\x1b[34mlength\x1b[0m" in shown


def test_without_colours_pygments_is_not_imported(tmp_path: Path) -> None:
    film = tmp_path / "rain.anim"
    film.write_text(_FILM)
    code = (
        "import sys\nfrom anim_studio.cli.entry import main\n"
        f"assert main(['check', {str(film)!r}]) == 1\n"
        "sys.exit('pygments' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

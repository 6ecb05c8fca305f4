import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from anim_studio.cli import entry
from anim_studio.cli.app import COMMANDS


def test_every_command_has_help_with_its_examples(anim) -> None:
    for row in COMMANDS:
        said = anim(row.name, "--help")
        assert said.code == 0
        assert row.help.split(".")[0][:40] in " ".join(said.out.split())
        assert all(example in said.out for example in row.examples)


def test_the_bare_command_lists_the_commands(anim) -> None:
    said = anim()
    assert said.code == 0
    assert all(row.name in said.out for row in COMMANDS)


def test_the_version_is_one_line(anim) -> None:
    said = anim("--version")
    assert said.code == 0
    assert said.out.startswith("anim ")
    assert said.out.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["rendr", "a.anim"], "render"),
        (["render", "a.anim", "--siez", "64x64"], "--size"),
        (["render", "a.anim", "--size", "64"], "768x512"),
        (["render", "a.anim", "--frames", "9-2"], "2-9"),
        (["render", "a.anim", "--device", "tpu"], "cuda"),
        (["render"], "anim render FILM"),
        (["check"], "anim check FILM"),
        (["compile"], "anim compile FILM"),
        (["eval"], "camera.zoom"),
        (["eval", "--deforum", "0:(1)"], "--frames 12"),
        (["sheet", "a.mp4", "--tiles", "0"], "1 or more"),
        (["plot", "a.anim", "-o", "a.bmp"], ".svg"),
        (["render", "a.anim", "b.anim", "-o", "c.mp4"], "--out DIR"),
    ],
)
def test_wrong_usage_says_what_is_meant(anim, words: list[str], meant: str) -> None:
    said = anim(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert meant in said.err
    assert "Traceback" not in said.err


def test_a_bug_ends_in_one_sentence_and_a_log(
    anim, monkeypatch: pytest.MonkeyPatch, fresh_cache: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr("anim_studio.commands.check.load", broken)
    said = anim("check", "film.anim")
    assert said.code == 70
    assert "ZeroDivisionError: of ours" in said.err
    assert "Traceback" not in said.err
    logs = list((fresh_cache / "logs").iterdir())
    assert len(logs) == 1
    assert str(logs[0]) in said.err
    assert "anim check film.anim" in logs[0].read_text(encoding="utf-8")


def test_a_wrong_cap_is_told(anim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANIM_CACHE_CAP", "plenty")
    said = anim("check", "film.anim")
    assert said.code == 2
    assert "20GiB" in said.err


def test_a_reader_that_goes_away_is_no_error(write_film) -> None:
    film = write_film(
        'length = 600s\nfps = 60\nprompt { 0s: "a lake" }\ncamera 2d { zoom = 0s: 1, 600s: 2 }\n'
    )
    reader = subprocess.Popen(
        [sys.executable, "-m", "anim_studio", "eval", str(film), "camera.zoom"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert reader.stdout is not None
    assert reader.stderr is not None
    reader.stdout.readline()
    reader.stdout.close()
    assert reader.stderr.read() == b""
    assert reader.wait(60) == 0
    reader.stderr.close()


def test_an_interrupt_while_modules_are_imported_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        """A module that is being imported when Ctrl-C comes."""

        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "anim_studio.cli.app", Interrupted("anim_studio.cli.app"))
    assert entry.main(["--version"]) == 130


@pytest.mark.parametrize("command", ["render", "preview"])
def test_an_interrupt_that_does_not_wait_still_tells_how_to_go_on(
    anim, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"anim_studio.commands.{command}.prepare_libraries", interrupted)
    said = anim(command, "my film.anim", "-D", 'word="snow"')
    assert said.code == 130
    assert said.err.startswith("stopped\n")
    assert f"to go on: anim {command} 'my film.anim' -D 'word=\"snow\"'" in said.err

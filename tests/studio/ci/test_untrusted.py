"""`anim check --untrusted`: what a project of somebody else's can make the checker open. Nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: runs a command with every opening, connection and process written down, and tells them at the end
WATCH = """
import json, os, sys
seen, out = [], sys.argv[1]
def hook(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        mode, flags = args[1], args[2] if isinstance(args[2], int) else 0
        writes = any(c in (mode or "") for c in "wax+") or bool(flags & (os.O_WRONLY | os.O_RDWR))
        seen.append(("write" if writes else "read", os.fsdecode(args[0])))
    elif event in ("os.listdir", "os.scandir"):
        seen.append(("read", os.fsdecode(args[0] or ".") if not isinstance(args[0], int) else "fd"))
    elif event.split(".")[0] in ("socket", "subprocess", "urllib", "http", "ftplib", "smtplib", "webbrowser"):
        if event != "socket.gethostname":
            seen.append(("reach", event))
    elif event in ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.startfile"):
        seen.append(("reach", event))
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
                   "os.chmod", "os.chown", "os.utime", "sqlite3.connect", "shutil.rmtree"):
        seen.append(("write", event))
sys.addaudithook(hook)
from anim_studio.cli import main
code = main(sys.argv[2:])
told = list(seen)
with open(out, "w") as file:
    json.dump({"code": code, "seen": told}, file)
"""

HOSTILE = """\
size = 64x64
fps = 12
length = 2s
import "../../outside.anim"
import "led.anim"
import "hollow/../../../outside.anim" as hollow
audio song = "../../../etc/hostname"
image photo = "/etc/passwd"
image far = "https://example.org/a.png"
image led = "led.png"
video clip = "file:///etc/passwd"
markers cues = "C:/secret.txt"
series table = "deep/../../../secret.csv"
init = photo
model = "hf:someone/some-model"
lora one = "civitai:25694"
lora two = "/home/someone/one.safetensors"
embedding three = "https://example.org/e.safetensors"
prompt = "a lake"
camera 2d { angle = swing }
layer line { text = "a"; font = "../../../usr/share/fonts/a.ttf" }
output "../../../overwritten.mp4"
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository that tries to be led out of, beneath a folder with secrets."""
    (tmp_path / "secret.csv").write_text("1,2\n")
    (tmp_path / "outside.anim").write_text("let swing = 1deg\nlet token = secret_in_a_file\n")
    top = tmp_path / "project"
    films = top / "films"
    (films / "deep").mkdir(parents=True)
    (top / ".git").mkdir()
    # settings that would be refused, and a table that would choose where models are
    (top / "anim.toml").write_text('out = "../../elsewhere"\n[models]\nfolder = "/root"\n')
    (films / "film.anim").write_text(HOSTILE)
    (films / "led.anim").symlink_to(tmp_path / "outside.anim")
    (films / "led.png").symlink_to(tmp_path / "secret.csv")
    (films / "hollow").symlink_to(tmp_path)
    (films / "circle.anim").symlink_to("circle.anim")
    (films / "huge.anim").write_bytes(b"let a = 1\n" * 200_000)
    (films / "deep" / "nested.anim").write_text("let a = " + "(" * 5000)
    (films / "film.audio.lock").symlink_to(tmp_path / "secret.csv")
    (films / "anim.lock").symlink_to(tmp_path / "secret.csv")
    return top


def watched(folder: Path, *words: str) -> tuple[dict[str, object], str]:
    told = folder.parent / "told.json"
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(told), *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(told.read_text()), done.stdout + done.stderr


def test_nothing_outside_of_the_project_is_opened_and_nothing_is_reached(hostile: Path) -> None:
    told, said = watched(hostile, "check", "--untrusted", "films", "--format", "jsonl")
    # a file beyond the limits is the worst that is found
    assert told["code"] == 3, said
    own = [str(Path(place).resolve()) for place in (sys.prefix, sys.base_prefix, Path(__file__).parents[3])]
    opened: list[tuple[str, str]] = told["seen"]  # type: ignore[assignment]
    assert [one for one in opened if one[0] != "read"] == []
    strange = []
    for _, name in opened:
        if name in ("fd", os.devnull) or name.startswith(("/proc/", "/sys/", "/usr/lib", "/etc/localtime")):
            continue
        place = Path(name) if os.path.isabs(name) else hostile / name
        real = place.resolve() if "circle" not in name else place
        if not any(real.is_relative_to(folder) for folder in (*own, hostile)):
            strange.append(name)
    assert strange == []
    assert str(hostile / "films" / "film.anim") in {str(hostile / name) for _, name in opened}
    assert "secret_in_a_file" not in said


def test_the_watch_sees_what_a_trusted_project_opens(anim, hostile: Path, monkeypatch) -> None:
    """That the test above can fail: without the option settings are read, and a link is."""
    monkeypatch.chdir(hostile)
    said = anim("check", "films/led.anim", "--format", "concise")
    assert (said.code, "anim.toml" in said.err) == (2, True)
    (hostile / "anim.toml").unlink()
    told, out = watched(hostile, "check", "films/led.anim")
    assert str(hostile / "films" / "led.anim") in {str(hostile / name) for _, name in told["seen"]}  # type: ignore[attr-defined]
    assert "secret_in_a_file" in out


@pytest.mark.parametrize("name", ["films/led.anim", "films/circle.anim", "films/hollow/outside.anim"])
def test_a_film_that_leads_out_is_refused(anim, hostile: Path, monkeypatch, name: str) -> None:
    monkeypatch.chdir(hostile)
    said = anim("check", "--untrusted", name)
    assert said.code == 2
    assert "leads out of the project" in said.err
    assert "secret" not in said.out


def test_no_other_command_of_ci_reads_it_either(anim, hostile: Path, monkeypatch) -> None:
    monkeypatch.chdir(hostile)
    for words in (("compile", "--check", "films/led.anim"), ("eval", "films/led.anim", "swing")):
        said = anim(*words, "--untrusted")
        assert (said.code, "leads out of the project" in said.err) == (2, True), said
    said = anim("compile", "--check", "films", "--untrusted", "--audio-lock")
    assert said.err.count("leads out of the project") == 1
    assert "secret_in_a_file" not in said.out + said.err


def test_nothing_is_written_or_compared_through_a_link_that_leads_out(
    anim, tmp_path: Path, hostile: Path, monkeypatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("a.curves.json", "a.plan.json", "a.plan.npz"):
        (outside / name).write_text("kept")
        (hostile / "films" / name).symlink_to(outside / name)
    film = hostile / "films" / "a.anim"
    film.write_text('size = 64x64\nfps = 12\nlength = 1s\nprompt = "a lake"\n')
    monkeypatch.chdir(hostile)
    for words in (
        ("eval", "films/a.anim", "--snapshot"),
        ("eval", "films/a.anim", "--verify"),
        ("compile", "films/a.anim", "-o", "films/a.plan.json"),
    ):
        said = anim(*words, "--untrusted")
        assert (said.code, "leads out of the project" in said.err) == (2, True), said
    said = anim("compile", "--check", "films/a.anim", "-o", "films/a.plan.json", "--untrusted")
    assert (said.code, "it leads out of the project" in said.out) == (1, True), said
    assert {path.read_text() for path in outside.iterdir()} == {"kept"}
    assert anim("eval", "films/a.anim", "--snapshot", "-o", tmp_path / "own.json", "--untrusted").code == 0


def test_a_link_inside_of_the_project_is_a_film(anim, hostile: Path, monkeypatch) -> None:
    monkeypatch.chdir(hostile)
    (hostile / "lib.anim").write_text("let swing = 1deg\n")
    (hostile / "films" / "inside.anim").symlink_to("../lib.anim")
    assert anim("check", "--untrusted", "films/inside.anim").code == 0


def test_the_library_of_models_is_nobody_elses_business(anim, write_film, monkeypatch) -> None:
    def opened(self: object, reference: str) -> None:
        raise AssertionError(reference)

    monkeypatch.setattr("anim_studio.cli.library.LibraryFacts.__call__", opened)
    film = write_film('length = 1s\nmodel = "civitai:25694"\nprompt = "a lake"\n')
    assert anim("check", film, "--untrusted").code == 0

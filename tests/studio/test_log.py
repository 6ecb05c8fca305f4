"""`anim log`: past and present renders, and crashes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Ran
from tests.studio.renders.journals import planned

from anim_runtime.events import Encoded, Failed, Finished, FrameDone, FrameStarted, Warned
from anim_runtime.journal import Journal
from anim_runtime.locks import RunLock
from anim_studio.renders.calls import note_call
from anim_studio.renders.past import renders_of

RECIPE = "r"


def made(journal: Journal, at: float, frame: int) -> None:
    journal.append(FrameStarted(at=at, frame=frame))
    journal.append(FrameDone(at=at, frame=frame, how="diffused", recipe=RECIPE, spent={"warp": 0.1}))


def three_renders(run: Path) -> None:
    """One that was killed, one that was stopped, one that came to its end."""
    with Journal(run / "journal.jsonl") as journal:
        journal.append(planned(1000.0, 3, name="sea"))
        made(journal, 1001.0, 0)
        journal.append(planned(2000.0, 3, reused=1, name="sea"))
        journal.append(FrameDone(at=2000.0, frame=0, how="reused", recipe=RECIPE))
        made(journal, 2002.0, 1)
        journal.append(Failed(at=2003.0, message="stopped with 2 of 3 frames done", hint="go", exit_code=130))
        journal.append(planned(3000.0, 3, reused=2, name="sea"))
        for frame in (0, 1):
            journal.append(FrameDone(at=3000.0, frame=frame, how="reused", recipe=RECIPE))
        made(journal, 3001.0, 2)
        journal.append(Warned(at=3001.0, message="be careful"))
        journal.append(Encoded(at=3002.0, path="/o/sea.mp4", frames=3, seconds=0.1, bytes=9, codec="h264"))
        journal.append(Finished(at=3003.0, frames=3, reused=2, seconds=3.25))


def test_journal_is_told_as_the_renders_it_holds(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "digest"
    three_renders(run)
    killed, stopped, done = renders_of(run)
    assert (killed.state, killed.done, killed.exit_code, killed.seconds) == ("killed", 1, None, 1.0)
    assert (stopped.state, stopped.done, stopped.reused, stopped.exit_code) == ("stopped", 2, 1, 130)
    assert (done.state, done.done, done.reused, done.seconds) == ("done", 3, 2, 3.25)
    assert (done.outputs, done.warnings) == (("/o/sea.mp4",), ("be careful",))
    with RunLock(run / "lock") as lock:
        lock.acquire()
        assert renders_of(run)[-1].state == "done"
        with Journal(run / "journal.jsonl") as journal:
            journal.append(planned(4000.0, 3, name="sea"))
        assert renders_of(run)[-1].state == "running"


def test_told_as_text_and_json(anim: Callable[..., Ran], fresh_cache: Path, tmp_path: Path) -> None:
    assert "nothing was rendered yet" in anim("log").err
    run = fresh_cache / "runs" / "digest"
    three_renders(run)
    logs = fresh_cache / "logs"
    logs.mkdir()
    (logs / "crash-1.log").write_text(
        "time      2020-01-01T00:00:00+00:00\ncommand   anim check x.anim\npython    3\n\n"
        "Traceback\n  at\nKeyError: 'a'\n",
        encoding="utf-8",
    )
    said = anim("log")
    assert said.code == 0
    assert "its process was killed" in said.out
    assert "exit 130: stopped with 2 of 3 frames done" in said.out
    assert "    /o/sea.mp4" in said.out
    assert "anim check x.anim: KeyError: 'a'" in said.out
    told = [json.loads(line) for line in anim("log", "sea.anim", "--json").out.splitlines()]
    assert [row["state"] for row in told] == ["killed", "stopped", "done"]
    assert [row["kind"] for row in told] == ["render"] * 3
    assert len(anim("log", "--last", "1", "--json").out.splitlines()) == 1
    assert "`other.anim` was not rendered yet" in anim("log", "other.anim").err
    assert anim("log", "--last", "-1").code == 2


def test_film_of_the_same_name_elsewhere_is_another(
    anim: Callable[..., Ran], fresh_cache: Path, tmp_path: Path
) -> None:
    run = fresh_cache / "runs" / "digest"
    three_renders(run)
    note_call(run, tmp_path / "elsewhere" / "sea.anim", "anim render sea.anim")
    text = (run / "calls.jsonl").read_text(encoding="utf-8")
    (run / "calls.jsonl").write_text(json.dumps(json.loads(text) | {"at": 2999.9}) + "\n", encoding="utf-8")
    told = [json.loads(line) for line in anim("log", "--json").out.splitlines()]
    assert [row["command"] for row in told] == ["", "", "anim render sea.anim"]
    # what nobody noted counts by its name
    assert len(anim("log", "sea.anim", "--json").out.splitlines()) == 2
    assert len(anim("log", "elsewhere/sea.anim", "--json").out.splitlines()) == 3


def test_rendered_film_is_in_the_log(
    anim: Callable[..., Ran], fresh_cache: Path, write_film: Callable[..., Path]
) -> None:
    film = write_film('size = 32x32; fps = 4; length = 1s; model = "null"\nprompt { 0s: "a" }\n')
    assert anim("render", film, "--quiet", "--progress", "none").code == 0
    (row,) = (json.loads(line) for line in anim("log", film, "--json").out.splitlines())
    assert (row["state"], row["frames"], row["film"]) == ("done", 4, str(film))
    assert row["command"].startswith("anim render")
    assert "nothing renders" in anim("log", film, "--follow").err


def test_follows_a_render_to_its_end(fresh_cache: Path, tmp_path: Path) -> None:
    run = fresh_cache / "runs" / "digest"
    note_call(run, tmp_path / "sea.anim", "anim render sea.anim")
    with RunLock(run / "lock") as lock:
        lock.acquire()
        with Journal(run / "journal.jsonl") as journal:
            journal.append(planned(9e9, 3, name="sea"))
            words = [sys.executable, "-m", "anim_studio", "log", "sea.anim", "--follow"]
            tail = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
            assert tail.stdout is not None
            assert "3 frames" in tail.stdout.readline()
            journal.append(Finished(at=9e9, frames=3, reused=0, seconds=1.5, unmet=("luma is 1",)))
    assert tail.communicate(timeout=120)[0].splitlines()[-1].endswith("done in 1.5 s")
    assert tail.returncode == 1

"""What the queue shows of renders that were left behind, and of those that other terminals run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.studio.renders.journals import frame, planned

from anim_runtime.journal import Journal
from anim_runtime.locks import RunLock
from anim_studio.cli.exits import Stop
from anim_studio.renders import Renders
from anim_studio.renders.calls import note_call
from anim_studio.renders.entry import (
    Ended,
    Entry,
    Started,
    read_ended,
    read_entry,
    shelve,
    write_ended,
    write_started,
)
from anim_studio.renders.worker import killed


def entry(cache: Path, id: str, submitted: float) -> Entry:
    run = cache / "runs" / id
    return Entry(id, f"/films/{id}.anim", id, 24, "cpu", str(run), "/films", "/films/out", None, 1, submitted)


@pytest.mark.parametrize(
    ("code", "life"),
    [(0, "done"), (1, "done"), (143, "stopped"), (4, "stopped"), (5, "stopped"), (2, "failed")],
)
def test_how_it_ended(tmp_path: Path, code: int, life: str) -> None:
    folder = shelve(tmp_path, entry(tmp_path, "film", 1.0), {})
    ended = Ended(9.0, code, "so", "do", 24, 24, 4, 10.0, {"warp": 1.0}, ("/o.mp4",), ("w",), ("u",), ("a",))
    write_started(folder, Started(2.0, 1))
    write_ended(folder, ended)
    assert read_ended(folder) == ended
    (state,) = Renders(tmp_path).list()
    assert (state.life, state.exit_code, state.message, state.hint) == (life, code, "so", "do")
    assert (state.rate, state.started, state.ended) == (2.0, 2.0, 9.0)
    assert (state.outputs, state.advice) == ((Path("/o.mp4"),), ("a",))
    assert state.is_over


def test_order_is_running_waiting_over(tmp_path: Path) -> None:
    for number, id in enumerate("abcde"):
        shelve(tmp_path, entry(tmp_path, id, float(number)), {})
    queue = tmp_path / "queue"
    write_ended(queue / "a", Ended(10.0, 0))
    write_ended(queue / "b", Ended(20.0, 0))
    with RunLock(queue / "e" / "lock") as lock:
        lock.acquire()
        assert [state.id for state in Renders(tmp_path).list()] == ["e", "c", "d", "b", "a"]
        with pytest.raises(Stop, match="running"):
            Renders(tmp_path).forget("e")


def test_one_that_has_told_its_end_is_over_although_its_process_is_still_going(tmp_path: Path) -> None:
    folder = shelve(tmp_path, entry(tmp_path, "film", 1.0), {})
    with RunLock(folder / "lock") as lock:
        lock.acquire()
        write_ended(folder, Ended(2.0, 0))
        assert Renders(tmp_path).list()[0].life == "done"
        Renders(tmp_path).forget("film")
        assert Renders(tmp_path).list() == ()


def test_killed_with_its_machine_is_stopped_not_running(tmp_path: Path) -> None:
    folder = shelve(tmp_path, entry(tmp_path, "film", 1.0), {})
    write_started(folder, Started(2.0, 1))
    (state,) = Renders(tmp_path).list()
    assert state.life == "stopped"
    assert "its process is gone" in state.message
    assert "go on" in state.hint


def test_render_of_another_terminal_is_seen(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "digest"
    note_call(run, Path("/films/sea.anim"), "anim render sea.anim")
    (run / "plan.json").write_text(json.dumps({"name": "sea"}), encoding="utf-8")
    renders = Renders(tmp_path)
    with RunLock(run / "lock") as lock:
        lock.acquire()
        (state,) = renders.list()
        assert (state.own, state.life, state.name, state.pid) == (False, "running", "sea", os.getpid())
        assert state.film == Path("/films/sea.anim")
        # the same plan in the queue waits for it, and is shown once
        queued = shelve(tmp_path, entry(tmp_path, "digest", 1.0), {})
        with RunLock(queued / "lock") as own:
            own.acquire()
            write_started(queued, Started(2.0, os.getpid()))
            (waiting,) = renders.list()
            assert waiting.id == "digest"
    assert [state.own for state in renders.list()] == [True]
    with RunLock(run / "lock") as lock:
        lock.acquire()
        assert not renders.list()[0].own


def test_entry_of_another_version_is_left_alone(tmp_path: Path) -> None:
    folder = shelve(tmp_path, entry(tmp_path, "film", 1.0), {})
    data = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
    (folder / "entry.json").write_text(json.dumps(data | {"version": 99}), encoding="utf-8")
    assert Renders(tmp_path).list() == ()
    (folder / "entry.json").write_text('{"version"', encoding="utf-8")
    assert read_entry(folder) is None
    with pytest.raises(Stop, match="no render"):
        Renders(tmp_path).stop("nothing")


def test_what_a_killed_process_did_is_read_from_its_journal(tmp_path: Path) -> None:
    asked = entry(tmp_path, "film", 1.0)
    folder = shelve(tmp_path, asked, {})
    write_started(folder, Started(1000.0, 1))
    with Journal(Path(asked.run) / "journal.jsonl") as journal:
        journal.append(planned(1000.0, 24))
        for number in range(3):
            frame(journal, 1001.0 + number, number, 1.0)
    ended = killed(-9, folder, asked)
    assert (ended.exit_code, ended.frames, ended.done) == (137, 24, 3)
    assert "signal 9" in ended.message
    assert killed(-11, folder, asked).exit_code == 139
    # Python ends with 1 of what nobody caught, which is no film that is not as it expects
    assert [killed(code, folder, asked).exit_code for code in (0, 1, 6)] == [70, 70, 70]
    write_ended(folder, ended)
    (state,) = Renders(tmp_path).list()
    assert (state.life, state.done, state.frames) == ("stopped", 3, 24)


def test_queue_whose_worker_was_killed_is_woken_but_not_at_every_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[float] = []
    clock = [0.0]
    monkeypatch.setattr("anim_studio.renders.queue.time.monotonic", lambda: clock[0])
    renders = Renders(tmp_path)
    monkeypatch.setattr(renders, "wake", lambda: woken.append(clock[0]))
    for clock[0] in range(40):
        renders.care()
    assert woken == [10, 20, 30]


def test_full_disk_does_not_keep_a_render_from_being_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shelve(tmp_path, entry(tmp_path, "film", 1.0), {})
    write_started(folder, Started(2.0, os.getpid()))
    asked: list[int] = []

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "touch", full)
    monkeypatch.setattr(os, "kill", lambda pid, _: asked.append(pid))
    with RunLock(folder / "lock") as lock:
        lock.acquire()
        Renders(tmp_path).stop("film")
    assert asked == [os.getpid()]


def test_oldest_that_are_over_leave_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anim_studio.renders.queue.KEPT", 2)
    folders = [shelve(tmp_path, entry(tmp_path, id, float(number)), {}) for number, id in enumerate("abcde")]
    write_ended(folders[0], Ended(9.0, 0))
    for begun in folders[1:4]:
        write_started(begun, Started(2.0, 1))
    with RunLock(folders[1] / "lock") as lock:
        lock.acquire()
        Renders(tmp_path)._forget_oldest()
        assert [state.id for state in Renders(tmp_path).list()] == ["b", "e", "c", "d"]

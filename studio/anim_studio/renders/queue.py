"""The queue of renders, as a window or a command sees it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from anim_runtime.locks import Holder, holder_of
from anim_runtime.store import DEFAULT_CAP
from anim_studio.cli.exits import Exit, Stop
from anim_studio.renders.calls import calls_of
from anim_studio.renders.entry import (
    Ended,
    Entry,
    entries,
    new_id,
    queue_folder,
    read_entry,
    shelve,
    write_ended,
    write_entry,
)
from anim_studio.renders.followed import Followed
from anim_studio.renders.others import Others, Running, plan_name
from anim_studio.renders.starting import start_detached
from anim_studio.renders.state import RenderState
from anim_studio.renders.states import state_of, state_of_other
from anim_studio.renders.turn import is_queued, worker_lock
from anim_studio.renders.wanted import Wanted

#: so many renders that are over stay in the list
KEPT = 50
#: seconds between two looks whether the queue has lost its worker; no oftener, as it may be unable to start
_CARE = 10.0
_OTHER = "run-"
_Workers: TypeAlias = list[subprocess.Popen[bytes]]


class Renders:
    """The renders of one cache folder: those asked for here, and those that other terminals run.

    Nothing is held in memory but how far each journal was read, so any number of processes may have one at
    the same time, and one opened later sees the same. Safe to share between threads.
    """

    def __init__(self, cache: Path, cap_bytes: int = DEFAULT_CAP) -> None:
        self.cache = cache
        self._cap_bytes = cap_bytes
        self._followed: dict[Path, Followed] = {}
        self._others = Others(cache)
        self._workers: _Workers = []
        self._one_at_a_time = threading.RLock()
        self._cared = time.monotonic()

    def submit(self, wanted: Wanted) -> str:
        """Put a render into the queue and see that somebody works it off; returns its id.

        One that waits or runs already with the same plan and files is not asked for twice, and one that is
        over is replaced.
        """
        from anim_compiler.plan_file import columns_bytes, plan_json

        entry = self._entry(wanted)
        same = [found for found in entries(self.cache) if _is_same(found[1], entry)]
        for folder, other in same:
            if is_queued(folder) or _is_at_work(folder):
                self.wake()
                return other.id
        for folder, _ in same:
            shutil.rmtree(folder, ignore_errors=True)
        files = {
            "plan.json": plan_json(wanted.plan).encode(),
            "plan.npz": columns_bytes(wanted.columns),
        }
        shelve(self.cache, entry, files)
        self._forget_oldest()
        self.wake()
        return entry.id

    def list(self) -> tuple[RenderState, ...]:
        """Every render: what runs, what waits in its order, then what is over, the newest first."""
        with self._one_at_a_time:
            return self._list()

    def _list(self) -> tuple[RenderState, ...]:
        self._workers = [worker for worker in self._workers if worker.poll() is None]
        running = {other.run: other for other in self._others.running()}
        own = [state_of(f, e, self._follow, running.get(Path(e.run))) for f, e in entries(self.cache)]
        runs = {Path(state.journal).parent for state in own if state.journal and not state.is_over}
        others = [self._other(found) for run, found in running.items() if run not in runs]
        self._let_go({state.journal for state in (*own, *others) if state.exit_code is None})
        return tuple(sorted((*others, *own), key=_order))

    def stop(self, id: str, *, at_once: bool = False) -> None:
        """End it after the frame in work, or at once; what is done stays done. Nothing if it is over."""
        if id.startswith(_OTHER):
            _ask_to_end(holder_of(self.cache / "runs" / id.removeprefix(_OTHER) / "lock"), at_once)
            return
        folder = self._folder(id)
        if (folder / "ended.json").exists():
            return
        queued = is_queued(folder)
        with suppress(OSError):  # on a full disk, what fills it is still asked by a signal
            (folder / "stop").touch()
        holder = holder_of(folder / "lock")
        if queued and holder is None:
            said = Ended(time.time(), Exit.TERMINATED, "stopped before it began", "go on with it at any time")
            write_ended(folder, said)
            return
        _ask_to_end(holder, at_once)

    def again(self, id: str) -> None:
        """Go on with one that is over: the same plan, at the end of the queue. Nothing if it is not over."""
        folder = self._folder(id)
        entry = read_entry(folder)
        if entry is None or is_queued(folder) or _is_at_work(folder):
            return
        write_entry(folder, replace(entry, submitted=time.time()))
        for name in ("stop", "started.json", "ended.json"):
            (folder / name).unlink(missing_ok=True)
        self.wake()

    def forget(self, id: str) -> None:
        """Take one out of the queue; its frames and files stay. Raises `Stop` while it runs."""
        folder = self._folder(id)
        if _is_at_work(folder):
            raise Stop(Exit.BUSY, "this render is running", "stop it first")
        shutil.rmtree(folder, ignore_errors=True)

    def wake(self) -> None:
        """See that somebody works off what is queued, say after the machine was started anew."""
        log = self.cache / "logs" / "worker.log"
        waiting = {entry.device for folder, entry in entries(self.cache) if is_queued(folder)}
        idle = (device for device in sorted(waiting) if holder_of(worker_lock(self.cache, device)) is None)
        for device in idle:
            worker = start_detached("anim_studio.renders.worker", (str(self.cache), device), log)
            with self._one_at_a_time:
                self._workers.append(worker)

    def care(self) -> None:
        """Wake the queue now and then, which may be called often: its worker may have been killed."""
        if time.monotonic() - self._cared < _CARE:
            return
        self._cared = time.monotonic()
        with suppress(OSError):  # on a full disk there is nothing to do but to try again
            self.wake()

    def _entry(self, wanted: Wanted) -> Entry:
        from anim_runtime.digests import run_folder

        outputs = None
        if wanted.outputs is not None:
            outputs = json.dumps([spec.model_dump(mode="json") for spec in wanted.outputs])
        return Entry(
            id=new_id(),
            film=str(wanted.film),
            name=wanted.plan.name,
            frames=wanted.plan.made,
            device=wanted.device,
            run=str(run_folder(self.cache, wanted.plan)),
            root=str(wanted.root),
            folder=str(wanted.folder),
            outputs=outputs,
            cap_bytes=self._cap_bytes,
            submitted=time.time(),
        )

    def _folder(self, id: str) -> Path:
        folder = queue_folder(self.cache) / id
        if not (folder / "entry.json").exists():
            raise Stop(Exit.USAGE, f"there is no render `{id}`", "it was taken out of the queue meanwhile")
        return folder

    def _other(self, found: Running) -> RenderState:
        film = next((Path(call.film) for call in reversed(calls_of(found.run))), Path())
        followed = self._follow(found.run / "journal.jsonl", found.holder.since)
        return state_of_other(f"{_OTHER}{found.run.name}", found, film, plan_name(found.run), followed)

    def _follow(self, journal: Path, since: float) -> Followed:
        """The journal as far as it was written; read on from where it was left."""
        followed = self._followed.get(journal)
        if followed is None or followed.since != since:
            followed = self._followed[journal] = Followed(journal, since)
        followed.poll()
        return followed

    def _let_go(self, needed: set[Path | None]) -> None:
        self._followed = {path: kept for path, kept in self._followed.items() if path in needed}

    def _forget_oldest(self) -> None:
        # those too whose process was killed before it could say so
        over = [f for f, _ in entries(self.cache) if not is_queued(f) and not _is_at_work(f)]
        for folder in over[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)


def _is_at_work(folder: Path) -> bool:
    # a process that has told how it ended needs a moment more to go
    return not (folder / "ended.json").exists() and holder_of(folder / "lock") is not None


def _is_same(one: Entry, other: Entry) -> bool:
    return replace(one, id="", submitted=0.0) == replace(other, id="", submitted=0.0)


def _order(state: RenderState) -> tuple[int, float]:
    if state.is_over:
        return 2, -(state.ended or state.submitted)
    return 0 if state.life == "running" else 1, state.submitted


def _ask_to_end(holder: Holder | None, at_once: bool) -> None:
    """A signal to a render's process; on Windows it would be killed, and looks for a file instead."""
    if holder is None or not holder.pid:
        return
    try:
        if at_once:
            os.kill(holder.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        elif sys.platform != "win32":
            os.kill(holder.pid, signal.SIGTERM)
    except ProcessLookupError:
        return

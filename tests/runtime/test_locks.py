from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from anim_runtime import locks
from anim_runtime.locks import RunLock

HOLD = """
import sys, time
from pathlib import Path
from anim_runtime.locks import RunLock
lock = RunLock(Path(sys.argv[1]))
print("held" if lock.acquire() is None else "busy", flush=True)
time.sleep(60)
"""


def test_one_at_a_time_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "run" / "lock"
    first, second = RunLock(path), RunLock(path)
    assert first.acquire() is None
    holder = second.acquire()
    assert holder is not None
    assert holder.pid == os.getpid()
    first.release()
    assert second.acquire() is None
    second.release()
    second.release()


def test_a_file_that_was_taken_away_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its holder ends between the opening of the file and its locking: who comes later locks a new one."""
    path = tmp_path / "lock"
    tried, other = locks._tried, RunLock(path)

    def late(file: BinaryIO) -> bool:
        monkeypatch.setattr(locks, "_tried", tried)
        path.unlink()
        assert other.acquire() is None
        return tried(file)

    monkeypatch.setattr(locks, "_tried", late)
    assert RunLock(path).acquire() is not None
    other.release()


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "held"
        holder = RunLock(path).acquire()
        assert holder is not None
        assert holder.pid == child.pid
    finally:
        child.kill()
        child.communicate()
    with RunLock(path) as lock:
        assert lock.acquire() is None

"""One process at a time renders a film: an operating-system lock, which dies with its process."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

#: how often a lock is tried, and seconds in between: somebody may just be looking whether it is held
_TRIES, _PAUSE = 3, 0.02
#: the byte that is locked lies beyond the text: on Windows a locked byte cannot be read by others
_BYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that has the lock: its id and when it took it (seconds since the epoch)."""

    pid: int
    since: float


class RunLock:
    """Held from `acquire` to `release` or to the end of the process, whichever comes first.

    The file stays: a lock of a dead process is no lock, so there is nothing to take over or to clean. Whoever
    has the lock may take the file away.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def acquire(self) -> Holder | None:
        """Take the lock; None if that worked, else who has it (pid 0 if that cannot be read)."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        turn, file = 1, self._path.open("a+b")
        while True:
            if not _tried(file):
                file.close()
                return _holder(self._path)
            if turn == _TRIES or _is_at(file, self._path):
                break
            # its last holder took the file away, and another process may have the one that is there now
            file.close()
            turn, file = turn + 1, self._path.open("a+b")
        file.seek(0)
        file.truncate()
        file.write(json.dumps({"pid": os.getpid(), "since": time.time()}).encode())
        file.flush()
        self._file = file
        return None

    def wait(self, seconds: float) -> bool:
        """Take the lock when whoever has it gives it back; False if that took longer than so many seconds."""
        until = time.monotonic() + seconds
        while self.acquire() is not None:
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE)
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            _unlock(self._file)
            self._file.close()
            self._file = None

    def __enter__(self) -> RunLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder_of(path: Path) -> Holder | None:
    """Who has the lock at the moment; None if nobody has. The lock is looked at and not taken."""
    try:
        file = path.open("r+b" if sys.platform == "win32" else "rb")
    except OSError:
        return None
    with file:
        if _lock(file, shared=True):
            _unlock(file)
            return None
    return _holder(path)


def _tried(file: BinaryIO) -> bool:
    for turn in range(_TRIES):
        if _lock(file):
            return True
        if turn < _TRIES - 1:
            time.sleep(_PAUSE)
    return False


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Whether an open file is still the one that a path leads to."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _holder(path: Path) -> Holder:
    try:
        told = json.loads(path.read_text("utf-8"))
        return Holder(int(told["pid"]), float(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(0, 0.0)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO, *, shared: bool = False) -> bool:
        # there is no shared kind here: whoever looks holds it for an instant
        file.seek(_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO, *, shared: bool = False) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

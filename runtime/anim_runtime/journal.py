"""The journal of a run: one JSON line an event, only ever appended, readable by any process meanwhile.

The first line names the format's version. A line that a crash cut short is skipped by readers.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from anim_runtime.events import EVENT, Encoding, Event, FrameStarted, Measured

JOURNAL_VERSION = 1


class Journal:
    """Appends events to a file; each is on the disk when `append` returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        torn = _is_torn(path)
        fresh = not path.exists() or path.stat().st_size == 0
        self._file = path.open("ab")
        if torn:
            self._file.write(b"\n")
        if fresh:
            self._write(json.dumps({"kind": "journal", "version": JOURNAL_VERSION}))

    def append(self, event: Event) -> None:
        """Write one event. Starts, figures, reused frames and how far files are: no wait for the disk."""
        self._write(event.model_dump_json())
        passing = isinstance(event, FrameStarted | Measured | Encoding)
        if not passing and getattr(event, "how", "") != "reused":
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, line: str) -> None:
        self._file.write(line.encode() + b"\n")
        self._file.flush()


def _is_torn(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


class JournalReader:
    """Follows a journal that another process may be writing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def poll(self) -> tuple[Event, ...]:
        """The events of the whole lines that came since the last poll; none if there is no file yet."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return ()
        whole = data.rfind(b"\n") + 1
        self._offset += whole
        return tuple(e for e in map(_event, data[:whole].splitlines()) if e is not None)


def read_journal(path: Path) -> tuple[Event, ...]:
    """Every event of a journal, oldest first; torn and unknown lines are left out."""
    return JournalReader(path).poll()


def _event(line: bytes) -> Event | None:
    try:
        return EVENT.validate_json(line)
    except ValidationError:
        return None

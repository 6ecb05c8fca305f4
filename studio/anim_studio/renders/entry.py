"""One render that was asked for, as it lies in the queue's folder: a folder of its own.

`entry.json` is what was asked, `plan.json` and `plan.npz` the film as it was then, `lock` is held by the
process that renders it, `started.json` and `ended.json` say how far that came, `stop` asks it to end, and
`log.txt` holds what it printed.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from anim_compiler.whole_file import TEMPORARY, write_whole

#: raised when an entry is read in another way; entries of other versions are left alone
ENTRY_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What was asked: the film's text file, and how its plan is rendered.

    `run` is the folder of the plan's journal and lock; `root` is where media are read, `folder` where
    relative outputs start; `outputs` are those instead of the plan's, as JSON, None for the plan's own.
    """

    id: str
    film: str
    name: str
    frames: int
    device: str
    run: str
    root: str
    folder: str
    outputs: str | None
    cap_bytes: int
    submitted: float
    version: int = ENTRY_VERSION


@dataclass(frozen=True, slots=True)
class Started:
    """A process has begun with an entry."""

    at: float
    pid: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How it came out; what was done is told here so that nobody has to read the journal again."""

    at: float
    exit_code: int
    message: str = ""
    hint: str = ""
    frames: int = 0
    done: int = 0
    reused: int = 0
    seconds: float = 0.0
    spent: dict[str, float] | None = None
    outputs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


_Told = TypeVar("_Told", Entry, Started, Ended)


def queue_folder(cache: Path) -> Path:
    """Where the entries lie."""
    return cache / "queue"


def new_id() -> str:
    """An id that no other entry has; ids sort by time."""
    return f"{time.time_ns():019d}-{secrets.token_hex(2)}"


def entries(cache: Path) -> Iterator[tuple[Path, Entry]]:
    """Every entry with its folder, in the order in which they are worked off."""
    try:
        folders = [Path(place.path) for place in os.scandir(queue_folder(cache)) if place.is_dir()]
    except FileNotFoundError:
        return
    whole = (folder for folder in folders if not folder.name.startswith(TEMPORARY))
    found = [(folder, entry) for folder in whole if (entry := read_entry(folder)) is not None]
    yield from sorted(found, key=lambda pair: (pair[1].submitted, pair[1].id))


def read_entry(folder: Path) -> Entry | None:
    """The entry of a folder; None if it is none of this version."""
    data = _read(folder / "entry.json")
    if data is None or data.get("version") != ENTRY_VERSION:
        return None
    return _made(Entry, data)


def read_started(folder: Path) -> Started | None:
    """Who began with it and when; None if nobody did."""
    data = _read(folder / "started.json")
    return None if data is None else _made(Started, data)


def read_ended(folder: Path) -> Ended | None:
    """How it ended; None if it did not, or was killed before it could tell."""
    data = _read(folder / "ended.json")
    if data is None:
        return None
    for name in ("outputs", "warnings", "unmet", "advice"):
        data[name] = tuple(data.get(name) or ())
    return _made(Ended, data)


def write_entry(folder: Path, entry: Entry) -> None:
    """Writes what was asked into a folder that is there."""
    _write(folder / "entry.json", entry)


def write_started(folder: Path, started: Started) -> None:
    """Notes that a process has begun."""
    _write(folder / "started.json", started)


def write_ended(folder: Path, ended: Ended) -> None:
    """Notes how it came out."""
    _write(folder / "ended.json", ended)


def shelve(cache: Path, entry: Entry, files: dict[str, bytes]) -> Path:
    """Puts a whole entry into the queue, or nothing of it; returns its folder."""
    queue = queue_folder(cache)
    part = queue / f"{TEMPORARY}{entry.id}"
    part.mkdir(parents=True)
    try:
        for name, data in files.items():
            write_whole(part / name, data)
        write_entry(part, entry)
        os.replace(part, queue / entry.id)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return queue / entry.id


def _write(path: Path, value: Entry | Started | Ended) -> None:
    write_whole(path, (json.dumps(asdict(value), indent=1) + "\n").encode())


def _read(path: Path) -> dict[str, Any] | None:  # Any: as JSON has it
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _made(kind: type[_Told], data: dict[str, Any]) -> _Told | None:
    """A dataclass from JSON, without what this version does not know; None if something is missing."""
    try:
        return kind(**{name: value for name, value in data.items() if name in _names(kind)})
    except TypeError:
        return None


def _names(kind: type[_Told]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))

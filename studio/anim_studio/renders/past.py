"""Renders of the past and the present, as their journals tell of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anim_runtime.locks import holder_of
from anim_studio.renders.calls import Call, calls_of

#: lines of these kinds are counted or passed over, not read: there are several a frame
_MANY = (b'"kind":"frame_started"', b'"kind":"measured"', b'"kind":"encoding"')
_DONE, _REUSED = b'"kind":"frame_done"', b'"how":"reused"'
#: a call is noted just before its render begins, and equal calls may follow each other
_SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Past:
    """One render, from its beginning to wherever it came; times are seconds since the epoch.

    `exit_code` is None while it runs (`pid` is not 0 then) and where its process was killed. `film` and
    `command` are empty where nobody noted them.
    """

    at: float
    name: str
    run: Path
    film: str = ""
    command: str = ""
    device: str = ""
    frames: int = 0
    done: int = 0
    reused: int = 0
    seconds: float = 0.0
    exit_code: int | None = None
    pid: int = 0
    message: str = ""
    hint: str = ""
    outputs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`running`, `done`, `stopped`, `failed` or `killed`."""
        if self.exit_code is None:
            return "running" if self.pid else "killed"
        if self.exit_code in (0, 1):
            return "done"
        return "stopped" if self.exit_code in (130, 143) else "failed"


def past_renders(cache: Path) -> tuple[Past, ...]:
    """Every render that left a journal in a cache folder, oldest first."""
    runs = sorted((cache / "runs").glob("*/journal.jsonl"))
    return tuple(sorted((past for path in runs for past in renders_of(path.parent)), key=lambda p: p.at))


def renders_of(run: Path) -> tuple[Past, ...]:
    """The renders of one run folder, oldest first: it is gone on with where it stood."""
    try:
        lines = (run / "journal.jsonl").read_bytes().splitlines()
    except OSError:
        return ()
    found = list(_attempts(run, lines))
    if found and found[-1].exit_code is None:
        holder = holder_of(run / "lock")
        found[-1] = replace(found[-1], pid=holder.pid or -1) if holder is not None else found[-1]
    return tuple(_with_call(past, calls_of(run)) for past in found)


def is_of(past: Past, film: Path) -> bool:
    """Whether a render is one of that film: of its file, or of its name where no file was noted."""
    if past.film:
        return Path(past.film) == film.absolute()
    return past.name == film.stem


def _attempts(run: Path, lines: Iterable[bytes]) -> Iterator[Past]:
    """A render ends where it says so, or where the next one begins."""
    past: Past | None = None
    last = b""
    for line in lines:
        if line.startswith(b'{"kind": "journal"'):
            continue
        before, last = last, line
        if _DONE in line:
            past = _counted(past, line)
            continue
        if any(kind in line for kind in _MANY):
            continue
        event = _read(line)
        kind = event.get("kind")
        if kind == "planned" and past is not None and past.frames:
            yield _cut_short(past, before)
            past = None
        past = _after(past or Past(float(event.get("at", 0.0)), "", run), event)
        if kind in ("finished", "failed"):
            yield past
            past, last = None, b""
    if past is not None:
        yield _cut_short(past, last)


def _cut_short(past: Past, last: bytes) -> Past:
    """A render that did not say how it ended: it lasted until its last line."""
    return replace(past, seconds=max(0.0, float(_read(last).get("at", past.at)) - past.at))


def _counted(past: Past | None, line: bytes) -> Past | None:
    if past is None:
        return None
    reused = _REUSED in line
    return replace(past, done=past.done + 1, reused=past.reused + reused)


def _after(past: Past, event: dict[str, Any]) -> Past:
    # Any: the values of a journal's line, which is JSON
    match event.get("kind"):
        case "planned":
            device = str(event.get("device", ""))
            return replace(past, name=str(event.get("name")), frames=int(event["frames"]), device=device)
        case "encoded":
            return replace(past, outputs=(*past.outputs, str(event.get("path"))))
        case "warned":
            return replace(past, warnings=(*past.warnings, str(event.get("message"))))
        case "failed":
            seconds = max(0.0, float(event["at"]) - past.at)
            code, hint = int(event.get("exit_code", 1)), str(event.get("hint", ""))
            message = str(event.get("message"))
            return replace(past, seconds=seconds, exit_code=code, message=message, hint=hint)
        case "finished":
            unmet = tuple(map(str, event.get("unmet", ())))
            seconds, code = float(event["seconds"]), 1 if unmet else 0
            return replace(past, seconds=seconds, exit_code=code, unmet=unmet)
        case _:
            return past


def _read(line: bytes) -> dict[str, Any]:  # Any: as JSON has it
    try:
        data = json.loads(line)
    except ValueError:  # a line that a crash cut short
        return {}
    return data if isinstance(data, dict) else {}


def _with_call(past: Past, calls: tuple[Call, ...]) -> Past:
    call = next((call for call in reversed(calls) if call.at <= past.at + _SLACK), None)
    name = past.name or (Path(call.film).stem if call else past.run.name[:12])
    if call is None:
        return replace(past, name=name)
    return replace(past, name=name, film=call.film, command=call.command)

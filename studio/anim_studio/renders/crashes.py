"""The reports that anim leaves behind when it meets what nobody expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Crash:
    """One report: when, the command, the exception in a line, and the file that tells it all."""

    at: float
    command: str
    message: str
    path: Path


def crashes(cache: Path) -> tuple[Crash, ...]:
    """Every report of a cache folder, oldest first."""
    found = (_crash(path) for path in sorted((cache / "logs").glob("crash-*.log")))
    return tuple(sorted((crash for crash in found if crash is not None), key=lambda crash: crash.at))


def _crash(path: Path) -> Crash | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        written = path.stat().st_mtime
    except (OSError, UnicodeDecodeError):
        return None
    told = dict(line.split(maxsplit=1) for line in lines[:3] if " " in line)
    # the last line that is not indented names the exception
    message = next((line for line in reversed(lines) if line and not line[0].isspace()), "")
    return Crash(_seconds(told.get("time", ""), written), told.get("command", ""), message, path)


def _seconds(text: str, otherwise: float) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return otherwise

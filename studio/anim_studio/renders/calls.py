"""Which film and command a run belongs to: a line beside its journal for each time that it is begun.

The plan names no file and the journal no command, so that equal films share what was rendered.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "calls.jsonl"


@dataclass(frozen=True, slots=True)
class Call:
    """A command that began a run: when, of which film, in the words of a shell, in which process."""

    at: float
    film: str
    command: str
    pid: int


def note_call(run: Path, film: Path, command: str) -> None:
    """Note that this process begins a run; a disk that takes no more is told of by the render itself."""
    with suppress(OSError):
        run.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(Call(time.time(), str(film.absolute()), command, os.getpid())))
        with (run / _NAME).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def calls_of(run: Path) -> tuple[Call, ...]:
    """Every call of a run, oldest first; lines that a crash cut short are left out."""
    try:
        lines = (run / _NAME).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    found: list[Call] = []
    for line in lines:
        with suppress(ValueError, TypeError):
            found.append(Call(**json.loads(line)))
    return tuple(found)

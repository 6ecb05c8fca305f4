"""Whether a film's plan, and the lock of its sound, are what `anim compile` would write today."""

from __future__ import annotations

import json
import os.path
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from anim_dsl.visible import escaped, json_escaped
from anim_studio.cli.exits import Exit
from anim_studio.cli.trust import leads_out
from anim_studio.cli.values import plural

if TYPE_CHECKING:
    from anim_dsl.diagnostic import Diagnostic
    from anim_studio.cli.build import Built
    from anim_studio.cli.terminal import Terminal

State: TypeAlias = Literal["fresh", "stale", "missing", "unreadable", "errors"]

VERSION = 1
"""Of the JSON document; raised when a field goes or means something else."""

#: warnings that a lock is out of date, or does not hold what the film reads
LOCK_CODES = frozenset({"W6153", "W6154"})

_SAYS: dict[State, str] = {
    "fresh": "is up to date",
    "stale": "is out of date",
    "missing": "is not there",
    "unreadable": "cannot be read",
    "errors": "cannot be compared: the film has errors",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A file beside a film, against what would be written: `mend` is the command that writes it."""

    film: Path
    file: Path
    state: State
    differences: tuple[str, ...] = ()
    mend: str = ""

    @property
    def exit(self) -> Exit:
        """What the command ends with for this file."""
        return Exit.DONE if self.state == "fresh" else Exit.FILM_ERRORS


def compared(film: Path, path: Path, built: Built, mend: str) -> Compared:
    """The plan at `path` against the film's own. Nothing is written."""
    from anim_compiler.plan_file import PlanError, columns_bytes, columns_path, plan_json, read_plan
    from anim_studio.fresh.words import differences

    if not path.is_file():
        return Compared(film, path, "missing", mend=mend)
    if leads_out(path) or leads_out(columns_path(path)):
        return Compared(film, path, "unreadable", ("it leads out of the project",), mend)
    try:
        # a checkout may have given it other line ends
        is_same = path.read_bytes().replace(b"\r\n", b"\n") == plan_json(built.plan).encode()
        beside = columns_path(path)
        if is_same and beside.is_file() and beside.read_bytes() == columns_bytes(built.columns):
            return Compared(film, path, "fresh")
        old = read_plan(path)
    except FileNotFoundError:
        return Compared(film, path, "missing", (f"`{columns_path(path).name}` is not beside it",), mend)
    except (OSError, PlanError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        return Compared(film, path, "unreadable", (reason[:1].lower() + reason[1:],), mend)
    try:
        told = differences(old, (built.plan, built.columns))
    except (KeyError, ValueError):
        return Compared(film, path, "unreadable", ("its parts do not belong together",), mend)
    return Compared(film, path, "stale", told, mend)


def compared_lock(film: Path, told: Iterable[Diagnostic], *, is_wanted: bool) -> Compared | None:
    """The lock beside a film, by what was found when the film was compiled; None if it has none and needs
    none. What is heard may differ between machines in the last bits, so its bytes are not compared.
    """
    from anim_compiler.sound.lock import lock_path

    path = lock_path(film.parent, film.name)
    mend = f"anim compile {shlex.quote(str(film))} --audio-lock"
    if not path.is_file():
        return Compared(film, path, "missing", mend=mend) if is_wanted else None
    found = tuple(dict.fromkeys(one.message for one in told if one.code in LOCK_CODES))
    return Compared(film, path, "stale", found, mend) if found else Compared(film, path, "fresh")


def plan_beside(film: Path, name: str) -> Path:
    """The plan of that name that is committed for a film: in the current folder, else beside the film."""
    here, beside = Path(name), film.parent / name
    return beside if beside.is_file() and not here.is_file() else here


def tell(rows: Sequence[Compared], terminal: Terminal, *, quiet: bool) -> None:
    """A line a file, what differs beneath it, and how it is mended."""
    for row in rows:
        is_fresh = row.state == "fresh"
        if is_fresh and quiet:
            continue
        sign = terminal.paint("✓", "green") if is_fresh else terminal.paint("✗", "red")
        terminal.say(f"{sign} {escaped(str(row.file))} {_SAYS[row.state]}")
        for line in row.differences:
            terminal.say(f"    {escaped(line)}")
        if row.mend:
            terminal.say(f"    {terminal.paint('write it anew:', 'cyan')} {escaped(row.mend)}")
    late = sum(row.state != "fresh" for row in rows)
    if not quiet or late:
        of_all = plural(len(rows), "file")
        terminal.note(f"{late} of {of_all} not up to date" if late else f"{of_all} up to date")


def as_json(rows: Sequence[Compared]) -> str:
    """The document for programs."""
    document = {
        "version": VERSION,
        "fresh": all(row.state == "fresh" for row in rows),
        "files": [
            {
                "film": _slashes(row.film),
                "file": _slashes(row.file),
                "state": row.state,
                "differences": list(row.differences),
                "mend": row.mend or None,
            }
            for row in rows
        ],
    }
    return json_escaped(json.dumps(document, ensure_ascii=False, indent=1))


def _slashes(path: Path) -> str:
    return str(path).replace(os.path.sep, "/")

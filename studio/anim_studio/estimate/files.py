"""The files that a render would write, and whether they are there already."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import stat_result
from pathlib import Path
from typing import Literal, TypeAlias

from anim_compiler.plan import OutputSpec, Plan
from anim_runtime.digests import run_folder
from anim_runtime.events import Encoded
from anim_runtime.journal import read_journal

State: TypeAlias = Literal["new", "other", "done"]
"""Not there; there, but not what this film gives; there as a render of just this film left it."""

#: seconds by which the clock of a file system may be off from that of the journal
_CLOCKS = 2.0


@dataclass(frozen=True, slots=True)
class File:
    """One output: `path` as the user would type it, frames that are written into it."""

    path: Path
    state: State
    frames: int


def files(plan: Plan, outputs: Sequence[OutputSpec], folder: Path, cache: Path) -> tuple[File, ...]:
    """The files of a render into a folder, each with what is there now."""
    from anim_runtime.timeline import first_number, length_of

    journal = run_folder(cache, plan) / "journal.jsonl"
    written = {Path(event.path): event for event in read_journal(journal) if isinstance(event, Encoded)}
    found: list[File] = []
    for output in outputs:
        path = folder / output.path
        frames = length_of(plan, output)
        found.append(
            File(
                path,
                _state(_pictures(path, frames, first_number(plan, output)), written.get(path.absolute())),
                frames,
            )
        )
    return tuple(found)


def _pictures(path: Path, frames: int, first: int) -> tuple[Path, ...]:
    """The files of an output: one, or those of a sequence."""
    from anim_runtime.encode import pictures_of

    return pictures_of(path, frames, first) or (path,)


def _state(paths: Sequence[Path], written: Encoded | None) -> State:
    about: list[stat_result] = []
    for path in paths:
        with suppress(OSError):
            about.append(path.stat())
    if not about:
        return "new"
    if written is None or len(about) < len(paths) or sum(one.st_size for one in about) != written.bytes:
        return "other"
    return "other" if max(one.st_mtime for one in about) > written.at + _CLOCKS else "done"

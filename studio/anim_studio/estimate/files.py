"""The files that a render would write, and whether they are there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    from fractions import Fraction

    from anim_runtime.outputs import frame_numbers

    journal = run_folder(cache, plan) / "journal.jsonl"
    written = {Path(event.path): event for event in read_journal(journal) if isinstance(event, Encoded)}
    found: list[File] = []
    for output in outputs:
        path = folder / output.path
        frames = sum(1 for _ in frame_numbers(plan, Fraction(output.fps or plan.fps)))
        found.append(File(path, _state(path, written.get(path.absolute())), frames))
    return tuple(found)


def _state(path: Path, written: Encoded | None) -> State:
    try:
        about = path.stat()
    except OSError:
        return "new"
    if written is None or about.st_size != written.bytes or about.st_mtime > written.at + _CLOCKS:
        return "other"
    return "done"

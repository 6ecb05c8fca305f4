"""The groups of a run, kept in its folder, so that a run that was stopped goes on with the same ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import astuple
from pathlib import Path

from anim_compiler.whole_file import write_whole
from anim_runtime.digests import Environment
from anim_runtime.schedule import Group, Work, groups, split

#: raised when a group means another batch than before
GROUPS_VERSION = 1
FILE = "schedule.json"


class Groups:
    """The groups of one run on one machine; those of another one are not looked at."""

    def __init__(self, folder: Path, where: Environment) -> None:
        self._path = folder / FILE
        self._where = hashlib.sha256(json.dumps([GROUPS_VERSION, *astuple(where)]).encode()).hexdigest()
        self.planned: tuple[Group, ...] = ()

    def plan(self, work: Work, missing: Collection[int]) -> None:
        """Take the groups of the run before, and make groups of what is missing and in none of them."""
        known = self._read(len(work.needs))
        covered = {frame for group in known for frame in group}
        fresh = groups(work, [frame for frame in missing if frame not in covered])
        self.planned = (*known, *fresh)
        if fresh:
            self._write()

    def split(self, done: Collection[int], most: int) -> None:
        """Cut the groups with missing frames into pieces of at most `most`."""
        self.planned = split(self.planned, done, most)
        self._write()

    def _read(self, frames: int) -> tuple[Group, ...]:
        """The groups of the run before; none if there was none, or not here."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
            groups = tuple(tuple(int(frame) for frame in group) for group in found["groups"])
            same = found["where"] == self._where
        except (OSError, ValueError, KeyError, TypeError):
            return ()
        numbers = [frame for group in groups for frame in group]
        sound = len(set(numbers)) == len(numbers) and all(0 <= frame < frames for frame in numbers)
        return groups if same and sound and () not in groups else ()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # a group a line: the file is read by people too
        rows = ",\n".join(json.dumps(group) for group in self.planned)
        text = f'{{"where": "{self._where}",\n"groups": [\n{rows}\n]}}\n'
        write_whole(self._path, text.encode())

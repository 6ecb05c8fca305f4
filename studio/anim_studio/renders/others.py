"""Renders that other terminals run: any run whose lock is held."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anim_runtime.locks import Holder, holder_of


@dataclass(frozen=True, slots=True)
class Running:
    """A run folder and the process that renders into it."""

    run: Path
    holder: Holder


class Others:
    """The runs of a cache that are in work.

    All are looked at once; after that only those whose lock was taken since, which its file's time tells.
    """

    def __init__(self, cache: Path) -> None:
        self._folder = cache / "runs"
        self._seen: dict[str, float] = {}
        self._held: set[str] = set()

    def running(self) -> tuple[Running, ...]:
        """Each run in work, with its process."""
        found: list[Running] = []
        for name, taken in self._locks():
            if self._seen.get(name) == taken and name not in self._held:
                continue
            self._seen[name] = taken
            run = self._folder / name
            holder = holder_of(run / "lock")
            (self._held.discard if holder is None else self._held.add)(name)
            if holder is not None:
                found.append(Running(run, holder))
        return tuple(found)

    def _locks(self) -> Iterator[tuple[str, float]]:
        try:
            names = sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return
        for name in names:
            try:
                yield name, os.stat(self._folder / name / "lock").st_mtime
            except OSError:
                continue


def plan_name(run: Path) -> str:
    """The name of the film that a run renders; empty if its plan is not there yet."""
    try:
        return str(json.loads((run / "plan.json").read_text(encoding="utf-8")).get("name", ""))
    except (OSError, ValueError):
        return ""

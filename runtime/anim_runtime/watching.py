"""A render's frames measured and held against what the film expects of them, while they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_compiler.figures import FIGURES
from anim_compiler.frame_table import frame_table
from anim_runtime.digests import run_folder
from anim_runtime.events import FigureSummary
from anim_runtime.expecting import Expecting
from anim_runtime.job import Job
from anim_runtime.journal import read_journal
from anim_runtime.measuring import Measuring, Shown, known_of


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of it: each figure over the film, and a sentence for each `expect` that did not hold."""

    figures: dict[str, FigureSummary]
    unmet: tuple[str, ...]


class Watch:
    """Measures the shown frames of a job as soon as they can be.

    Where the film expects something of them that is while they are made, so that the first one that does not
    keep to it is told at once; else when they are read for the files, which costs next to nothing.
    """

    def __init__(self, job: Job, shown: Shown) -> None:
        plan, self._shown = job.plan, shown
        self._frames = plan.frames
        table = frame_table(plan, job.columns)
        self._under = table.under
        self._there: set[int] = set()
        self._looked = 0
        self._expecting = Expecting(plan, job.columns, job.tell)
        known = known_of(read_journal(journal_of(job.cache, job)), table.shown)
        self._measuring = Measuring(plan, job.columns, table, shown, job.tell, known)
        self._look()

    def made(self, frame: int) -> None:
        """The carry of a frame is there."""
        if not self._expecting.any:
            return
        self._there.add(frame)
        while (nearest := self._measuring.next) < self._frames and self._can_be_shown(nearest):
            self._measuring.see(nearest, self._shown(nearest))
            self._look()

    def shown(self, frame: int) -> NDArray[np.uint16]:
        """The picture that is shown at a frame, measured on its way."""
        picture = self._shown(frame)
        self._measuring.upto(min(frame, self._frames))
        self._measuring.see(frame, picture)
        self._look()
        return picture

    def ended(self) -> Watched:
        """Measures what no file asked for, and sums all up."""
        self._measuring.upto(self._frames)
        self._look()
        return Watched(summaries(self._measuring.figures), self._expecting.summary())

    def _can_be_shown(self, frame: int) -> bool:
        under = self._under[frame]
        return frame in self._there and (under < 0 or under in self._there)

    def _look(self) -> None:
        """Holds what was measured since against what is expected."""
        for frame in range(self._looked, self._measuring.next):
            self._expecting.look(frame, self._measuring.figures[frame])
        self._looked = max(self._looked, self._measuring.next)


def summaries(figures: Mapping[int, Mapping[str, float]]) -> dict[str, FigureSummary]:
    """Each figure over the frames that have it."""
    found: dict[str, FigureSummary] = {}
    for name in FIGURES:
        rows = [(frame, own[name]) for frame, own in sorted(figures.items()) if name in own]
        if not rows:
            continue
        values = np.array([value for _, value in rows])
        at = int(values.argmax())
        found[name] = FigureSummary(
            mean=round(float(values.mean()), 6),
            p95=round(float(np.percentile(values, 95)), 6),
            most=rows[at][1],
            at=rows[at][0],
        )
    return found


def journal_of(cache: Path, job: Job) -> Path:
    """The journal of a job's run."""
    return run_folder(cache, job.plan) / "journal.jsonl"

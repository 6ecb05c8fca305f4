"""What a render tells of its frames: that they are planned, begun, done."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from anim_compiler.frame_table import FrameTable
from anim_runtime.events import Encoding, FrameDone, FrameStarted, Planned, Warned
from anim_runtime.job import Job

#: seconds between two events of how far the files are
_PACE = 1.0


class Pace:
    """Tells now and then how far the writing of the files is."""

    def __init__(self, job: Job, pictures: int) -> None:
        self._job = job
        self._all = pictures
        self._given = 0
        self._told = time.monotonic()

    def given(self) -> None:
        """One more picture is on its way into a file."""
        self._given += 1
        now = time.monotonic()
        if now - self._told >= _PACE:
            self._told = now
            self._job.tell(Encoding(at=time.time(), pictures=self._given, of=self._all))


class Telling:
    """The events of one job's frames."""

    def __init__(self, job: Job, table: FrameTable) -> None:
        self._job = job
        self._table = table
        self._begun: set[int] = set()

    def planned(self, missing: Collection[int], batch: int) -> None:
        """These frames are made; all the others are there already, or the same as one of them."""
        plan = self._job.plan
        tweens = sum(self._table.kinds[frame] == "tween" for frame in missing)
        self._job.tell(
            Planned(
                at=time.time(),
                name=plan.name,
                frames=plan.made,
                width=plan.width,
                height=plan.height,
                fps=plan.fps,
                reused=plan.made - len(missing),
                diffused=len(missing) - tweens,
                tweens=tweens,
                model=plan.model.reference,
                device=self._job.device,
                batch=batch,
            )
        )

    def started(self, frames: Sequence[int]) -> None:
        """All at one moment; frames that are tried again in a smaller batch have begun already."""
        now = time.time()
        for frame in frames:
            if frame not in self._begun:
                self._begun.add(frame)
                self._job.tell(FrameStarted(at=now, frame=frame))

    def reused(self, frame: int) -> None:
        """The store has the frame without its being made: from before, or it is the same as another."""
        self._done(frame, "reused", {})

    def made(self, frame: int, spent: Mapping[str, float], passes: int = 0) -> None:
        """The frame reached the store; so many pictures went through the denoiser for it."""
        self._done(frame, self._table.kinds[frame], spent, passes)

    def smaller(self, before: int, now: int) -> None:
        """So many frames at once did not fit in memory."""
        said = "one at a time" if now == 1 else f"{now} at a time"
        message = (
            f"there is not enough memory for {before} frames at once: they are drawn {said} from here on"
        )
        self._job.tell(Warned(at=time.time(), message=message))

    def _done(
        self,
        frame: int,
        how: Literal["first", "diffused", "fresh", "tween", "reused"],
        spent: Mapping[str, float],
        passes: int = 0,
    ) -> None:
        recipe, now = self._table.recipes[frame], time.time()
        self._job.tell(
            FrameDone(at=now, frame=frame, how=how, recipe=recipe, spent=dict(spent), passes=passes)
        )

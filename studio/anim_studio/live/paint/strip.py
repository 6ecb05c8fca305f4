"""The pictures of one tier of a version: which are there, and the next one to be made."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from itertools import chain

from anim_runtime.preview.reel import Reel
from anim_studio.live.paint.messages import Look
from anim_studio.live.paint.pictures import Pictures
from anim_studio.live.tier import Tier

STEADY = 0.3
"""The share of the latest frame in the seconds that a frame takes."""


class Strip:
    """One tier of a version. `missing` are the frames that have no picture yet; `present` names pictures that
    are on disk. A strip that is not `paints` makes no carry, and shows those that `stored` tells of.
    """

    def __init__(
        self,
        tier: Tier,
        reel: Reel,
        pictures: Pictures,
        *,
        paints: bool,
        stored: Callable[[str], bool] = lambda key: False,
    ) -> None:
        self.tier = tier
        self.reel = reel
        self.paints = paints
        #: seconds spent in this version, and those that a frame takes
        self.spent = 0.0
        self.pace = 0.0
        self.missing = set(range(reel.plan.frames))
        self._pictures = pictures
        self._stored = stored
        self._same: dict[str, list[int]] = {}
        for frame, name in enumerate(reel.names):
            self._same.setdefault(name, []).append(frame)
        self._order: Iterator[int] = iter(())
        self._goal = -1
        self._pending: list[int] = []

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return self.reel.plan.frames

    def known(self, present: Container[str]) -> tuple[int, ...]:
        """Takes the pictures that are there; returns their frames."""
        return self._painted(f for name, frames in self._same.items() if name in present for f in frames)

    def look(self, look: Look) -> None:
        """From now on frames from `look.head` on come first, then those of the range before it."""
        if not self.missing:
            return
        first, end = max(0, look.first), min(self.frames, look.end)
        head = min(max(look.head, first), max(first, end - 1))
        self._order = iter(chain(range(head, end), range(first, head)))
        self._goal, self._pending = -1, []

    def leave(self, frames: Iterator[int]) -> None:
        """These need no picture of this tier: a better one is there."""
        self.missing.difference_update(frames)

    def wants(self) -> bool:
        """Whether there is something to do in the range that is looked at; finds the next frame."""
        while self._goal not in self.missing:
            found = next((f for f in self._order if f in self.missing and self._can(f)), None)
            if found is None:
                return False
            self._goal, self._pending = found, []
        return True

    def step(self) -> tuple[int, ...]:
        """Makes one carry of what the next frame needs, or its picture; returns the frames that have one now.

        RenderProblem if it cannot be made; what interrupts it leaves all as it was.
        """
        if not self._pending:
            name = self.reel.names[self._goal]
            if self._pictures.has(name):
                return self._painted(self._same[name])
            lacking = self.reel.lacking(self._goal)
            if lacking and not self.paints:
                # something that lies beneath it is not there yet
                self._goal = -1
                return ()
            self._pending = lacking[::-1]
        if self._pending:
            self.reel.make(self._pending[-1])
            made = self._pending.pop()
            # on the way to it other frames are made, which are shown as well
            if self._pending and (made not in self.missing or self.reel.lacking(made)):
                return ()
            frame = made if self._pending else self._goal
        else:
            frame = self._goal
        self._pictures.put(self.reel.names[frame], self.reel.picture(frame))
        return self._painted(self._same[self.reel.names[frame]])

    def took(self, seconds: float, frames: int) -> None:
        """So long did the last steps take, for so many frames."""
        self.spent += seconds
        if frames:
            self.pace = seconds if self.pace == 0.0 else self.pace + STEADY * (seconds - self.pace)

    def _can(self, frame: int) -> bool:
        return self.paints or self._stored(self.reel.keys[frame])

    def _painted(self, frames: Iterator[int] | list[int]) -> tuple[int, ...]:
        found = tuple(sorted(self.missing.intersection(frames)))
        self.missing.difference_update(found)
        return found

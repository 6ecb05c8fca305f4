"""A journal that is followed: how far its latest render is, and how fast it goes now."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from anim_runtime.events import Encoding, Event, FrameStarted, Planned
from anim_runtime.journal import JournalReader
from anim_studio.progress.tally import Tally

#: seconds that the present rate is taken over: long enough for a few groups of frames, short enough to show
#: that another scene goes at another pace
WINDOW = 20.0


class _Steps:
    """How many of something were there at which moments, the last `WINDOW` seconds of them."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque()

    def add(self, at: float, count: int) -> None:
        """One more moment; what is made in one go counts from its first."""
        if self._steps and at == self._steps[-1][0]:
            return
        if self._steps and at < self._steps[-1][0]:
            self._steps.clear()  # the clock was set back
        self._steps.append((at, count))
        while len(self._steps) > 2 and self._steps[1][0] < at - WINDOW:
            self._steps.popleft()

    @property
    def rate(self) -> float | None:
        """How many came in a second; None before the second moment."""
        if len(self._steps) < 2:
            return None
        (first, before), (last, count) = self._steps[0], self._steps[-1]
        return (count - before) / (last - first)


class Followed:
    """The latest render of a journal since a moment; what earlier ones left in the file is passed over."""

    def __init__(self, journal: Path, since: float = 0.0) -> None:
        self.since = since
        self.tally = Tally()
        #: how the latest render began
        self.planned: Planned | None = None
        self._reader = JournalReader(journal)
        self._is_near = False
        #: frames that had been begun before each group of them, and pictures that were given to the files
        self._begun, self._written = _Steps(), _Steps()

    def poll(self) -> None:
        """Take in what was written since the last call."""
        for event in self._reader.poll():
            # all that comes after is of this render too, should the clock be set back meanwhile
            self._is_near = self._is_near or event.at >= self.since
            if self._is_near:
                self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Planned():
                # the same journal goes on where a render is resumed
                self.tally, self.planned = Tally(), event
                self._begun, self._written = _Steps(), _Steps()
            case FrameStarted():
                self._begun.add(event.at, self.tally.begun)
            case Encoding():
                self._written.add(event.at, event.pictures)
        self.tally = self.tally.after(event)

    @property
    def rate(self) -> float | None:
        """Frames a second over the last ones; of all, while there is but one group of frames."""
        return self._begun.rate or self.tally.rate

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the last frame at the present rate, then until the last picture is in the files; None
        while there is no rate.
        """
        tally = self.tally
        files, rate = tally.encoding, self.rate
        if tally.failed is not None or tally.finished is not None:
            return None
        if files is not None:
            rate = self._written.rate
            return (files.of - files.pictures) / rate if rate else None
        if rate is None:
            return None
        to_make = tally.frames - tally.drawn - max(tally.expected_reuse, tally.reused)
        return max(0, to_make) / rate

    @property
    def doing(self) -> str:
        """What goes on, in a word or two."""
        tally = self.tally
        if not tally.frames:
            return "getting ready"
        if tally.encoding is not None or tally.done >= tally.frames:
            return "writing the film"
        if tally.made:
            return "frames"
        return "first frame" if tally.started else "loading the model"

"""How fast bytes come, and whether they have stopped coming."""

from __future__ import annotations

import time
from typing import Final

from anim_runtime.models.net.events import Moved

#: a connection that brings less than this many bytes a second is as good as lost
_SLOWEST: Final = 512
_TOLD_EVERY_S: Final = 0.1


class Pace:
    """The rate of one connection from its first byte on; `silence_s` is how long next to nothing is borne."""

    def __init__(self, silence_s: float, done: int) -> None:
        self._silence_s = silence_s
        self._window = (time.monotonic(), done)
        self._began = self._window
        self._told = 0.0

    def is_due(self) -> bool:
        """Whether it is time to tell of it again; tells so once."""
        now = time.monotonic()
        if now - self._told < _TOLD_EVERY_S:
            return False
        self._told = now
        return True

    def is_stuck(self, done: int) -> bool:
        """Whether next to nothing came for as long as silence is borne."""
        now = time.monotonic()
        since, before = self._window
        if now - since < self._silence_s:
            return False
        self._window = (now, done)
        return done - before < _SLOWEST * (now - since)

    def moved(self, name: str, done: int, size: int | None) -> Moved:
        """What has come of a file, and how long the rest takes."""
        since, before = self._began
        rate = (done - before) / max(time.monotonic() - since, 1e-6)
        left = (size - done) / rate if size is not None and rate > 0 else None
        return Moved(name, done, size, rate, left)

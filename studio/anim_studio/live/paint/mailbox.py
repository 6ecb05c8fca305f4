"""What the painting process tells, put together so that the screen is not kept busy with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from anim_studio.live.paint.messages import Painted, Told

EVERY = 0.03
"""Seconds between two tellings of what was painted."""


class Mailbox:
    """Takes what is told, and sends it in the same order: pictures of one tier that come quickly as one."""

    def __init__(
        self, send: Callable[[Told], None], every: float = EVERY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._send = send
        self._every = every
        self._clock = clock
        self._held: list[Painted] = []
        self._sent = clock() - every

    def __call__(self, told: Told) -> None:
        """Tell something."""
        if not isinstance(told, Painted):
            self.send(at_once=True)
            self._send(told)
            return
        last = self._held[-1] if self._held else None
        if last is not None and (last.version, last.tier) == (told.version, told.tier):
            frames, keys = (*last.frames, *told.frames), (*last.keys, *told.keys)
            self._held[-1] = replace(last, frames=frames, keys=keys)
        else:
            self._held.append(told)
        self.send()

    def send(self, *, at_once: bool = False) -> None:
        """Send what is held, if it is time."""
        if self._held and (at_once or self._clock() - self._sent >= self._every):
            held, self._held = self._held, []
            self._sent = self._clock()
            for told in held:
                self._send(told)

"""Ctrl-C and SIGTERM, turned into a question that a render asks between frames."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from anim_studio.cli.exits import Exit


class StopSwitch:
    """Remembers that a stop was asked for. A second Ctrl-C does not wait for the frame to end."""

    def __init__(self) -> None:
        self.code: Exit | None = None

    def __call__(self) -> bool:
        """Whether to stop at the next frame's end."""
        return self.code is not None

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        if self.code is not None:
            raise KeyboardInterrupt(self.code)
        self.code = Exit.TERMINATED if number == signal.SIGTERM else Exit.INTERRUPTED


@contextmanager
def stop_switch() -> Iterator[StopSwitch]:
    """A switch that listens to Ctrl-C, SIGTERM and, on Windows, Ctrl-Break until the block ends."""
    switch = StopSwitch()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGBREAK"):
        numbers.append(signal.SIGBREAK)
    before = {number: signal.signal(number, switch.handle) for number in numbers}
    try:
        yield switch
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

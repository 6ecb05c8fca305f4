"""Where the time of a frame goes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias

from anim_runtime.marks import mark

#: a moment on a clock, which only that clock can read: seconds, or a mark in a device's queue. Hence Any
Moment: TypeAlias = Any


class Clock(Protocol):
    """Tells how long a device works."""

    def now(self) -> Moment:
        """The moment at which all work that was given out before is done."""
        ...

    def between(self, start: Moment, end: Moment) -> float | None:
        """Seconds from one moment to another; None as long as the later one has not come."""
        ...

    def settle(self) -> None:
        """Wait until all work is done."""
        ...


class HostClock:
    """The clock of work that is done when a call returns; `settle` first waits for a device that is not."""

    def __init__(self, settle: Callable[[], None] | None = None) -> None:
        self._settle = settle

    def now(self) -> Moment:
        """Seconds."""
        self.settle()
        return time.perf_counter()

    def between(self, start: Moment, end: Moment) -> float:
        """Seconds, known at once."""
        taken: float = end - start
        return taken

    def settle(self) -> None:
        """Wait for the device, if there is one to wait for."""
        if self._settle is not None:
            self._settle()


class CudaClock:
    """The clock of a CUDA device: marks in its queue, so that nobody waits for what is measured."""

    def now(self) -> Moment:
        """An event behind all work that was given out."""
        return mark(timed=True)

    def between(self, start: Moment, end: Moment) -> float | None:
        """Seconds by the device's own clock; None as long as it has not come to the later event."""
        return start.elapsed_time(end) / 1000.0 if end.query() else None

    def settle(self) -> None:
        """Wait for the device."""
        import torch

        torch.cuda.synchronize()


class Spent:
    """Seconds by stage, summed up. On a device that works ahead of its caller a stage is counted when it is
    over there, which may be a few frames later.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock: Clock = clock or HostClock()
        self._running: deque[tuple[str, Moment, Moment]] = deque()
        self.seconds: dict[str, float] = {}

    def now(self) -> Moment:
        """A moment to count from, for `lap`."""
        return self._clock.now()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside under `name`."""
        start = self._clock.now()
        try:
            yield
        finally:
            self.lap(name, start)

    def lap(self, name: str, since: Moment) -> Moment:
        """Count the time since a moment under `name`; returns the moment now."""
        end = self._clock.now()
        taken = self._clock.between(since, end)
        if taken is None:
            self._running.append((name, since, end))
        else:
            self.add(name, taken)
        return end

    def add(self, name: str, seconds: float) -> None:
        """Count seconds that were measured elsewhere."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def take(self, *, all_of_it: bool = False) -> dict[str, float]:
        """The seconds so far, rounded to microseconds; counting starts again. With `all_of_it` the device is
        waited for.
        """
        if all_of_it and self._running:
            self._clock.settle()
        while self._running:
            name, start, end = self._running[0]
            taken = self._clock.between(start, end)
            if taken is None:
                break
            self._running.popleft()
            self.add(name, taken)
        found = {name: round(seconds, 6) for name, seconds in self.seconds.items()}
        self.seconds = {}
        return found


def clock_of(device: str) -> Clock:
    """The clock of a device by its name (`cpu`, `cuda`, `mps`)."""
    if device.startswith("cuda"):
        return CudaClock()
    if device.startswith("mps"):
        import torch

        return HostClock(torch.mps.synchronize)
    return HostClock()

"""Where the time of a frame goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Spent:
    """Seconds by stage, summed up; `settle` waits for a device that works ahead of its caller."""

    def __init__(self, settle: Callable[[], None] | None = None) -> None:
        self._settle = settle
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside under `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            if self._settle is not None:
                self._settle()
            self.add(name, time.perf_counter() - start)

    def lap(self, name: str, since: float) -> float:
        """Count the time since a `time.perf_counter()` under `name`; returns the time now."""
        if self._settle is not None:
            self._settle()
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - since
        return now

    def add(self, name: str, seconds: float) -> None:
        """Count seconds that were measured elsewhere."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def take(self) -> dict[str, float]:
        """The seconds so far, rounded to microseconds; counting starts again."""
        taken = {name: round(seconds, 6) for name, seconds in self.seconds.items()}
        self.seconds = {}
        return taken


def settler(device: str) -> Callable[[], None] | None:
    """What waits for that device; None where calls return when the work is done."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.synchronize
    if device.startswith("mps"):
        import torch

        return torch.mps.synchronize
    return None

"""Marks in the queue of a CUDA device."""

from __future__ import annotations

from typing import Any, Protocol


class Mark(Protocol):
    """A place in the queue, behind all work that was given out before."""

    def query(self) -> bool:
        """Whether the device has come to it."""
        ...

    def synchronize(self) -> None:
        """Wait until it has."""
        ...

    def elapsed_time(self, other: Mark) -> float:
        """Milliseconds from here to another mark; both are timed and passed."""
        ...


def mark(*, timed: bool = False) -> Mark:
    """A mark at the end of the queue, on the stream in use."""
    import torch

    # torch does not say what its events are: hence Any
    cuda: Any = torch.cuda
    event = cuda.Event(enable_timing=timed)
    event.record()
    made: Mark = event
    return made

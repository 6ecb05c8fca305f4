"""What a fetch tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Started:
    """A file is being fetched; `done` bytes of it were here already. `size` is None if nobody tells it."""

    name: str
    size: int | None
    done: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """So many bytes are here, at so many a second; `left_s` is how long the rest takes at that rate."""

    name: str
    done: int
    size: int | None
    rate: float
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pause before the next try, and why."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file is whole and has its name."""

    name: str
    sha256: str
    size: int


Event: TypeAlias = Started | Moved | Waiting | Arrived
Tell: TypeAlias = Callable[[Event], None]


def untold(event: Event) -> None:
    """Nobody listens."""
    del event

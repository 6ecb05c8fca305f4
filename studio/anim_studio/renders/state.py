"""How a render stands, as whoever looks at the queue sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Life: TypeAlias = Literal["queued", "running", "done", "stopped", "failed"]
"""`stopped` can go on where it stood, also after its process was killed; `failed` needs another film, file
or machine first.
"""


@dataclass(frozen=True, slots=True)
class RenderState:
    """A render of the queue, or one that another terminal runs (`own` is false then).

    Times are seconds since the epoch. `frames` and `done` are 0 while nothing is known of them; `rate` is
    frames a second over the last ones, `seconds_left` what is left at that rate. `doing` says in a word or
    two what goes on: `waiting`, `loading the model`, `frames`, `writing the film`. `spent` is seconds by
    stage. `exit_code` is None until it has ended.
    """

    id: str
    film: Path
    name: str
    life: Life
    own: bool
    device: str
    submitted: float
    started: float | None = None
    ended: float | None = None
    doing: str = ""
    frames: int = 0
    done: int = 0
    reused: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    spent: Mapping[str, float] = field(default_factory=dict)
    pictures: tuple[int, int] | None = None
    outputs: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    #: what would help a render that was in trouble, a sentence each
    advice: tuple[str, ...] = ()
    exit_code: int | None = None
    message: str = ""
    hint: str = ""
    pid: int = 0
    journal: Path | None = None
    log: Path | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing happens to it any more by itself."""
        return self.life in ("done", "stopped", "failed")

    @property
    def share(self) -> float:
        """How much is done, 0..1: of the frames, or of the pictures in the files once those are written."""
        if self.life == "done":
            return 1.0
        if self.pictures is not None and self.pictures[1]:
            return min(1.0, self.pictures[0] / self.pictures[1])
        return min(1.0, self.done / self.frames) if self.frames else 0.0

    def shares(self, count: int = 4) -> tuple[tuple[str, float], ...]:
        """The stages that took most, with their share of all the time (0..1)."""
        total = sum(self.spent.values())
        if total <= 0:
            return ()
        ranked = sorted(self.spent.items(), key=lambda item: (-item[1], item[0]))
        return tuple((stage, seconds / total) for stage, seconds in ranked[:count])

"""One render: what was asked for, whom to tell, and what has happened so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Event
from anim_runtime.speed import AS_FITS, Speed
from anim_runtime.store import DEFAULT_CAP


@dataclass(frozen=True, slots=True)
class Job:
    """What a render is given. `root` is where media are read, `folder` where outputs are written from.

    `tell` takes every event; `should_stop` is asked between groups of frames.
    """

    plan: Plan
    columns: Columns
    root: Path
    folder: Path
    cache: Path
    device: str
    tell: Callable[[Event], None]
    should_stop: Callable[[], bool]
    cap_bytes: int = DEFAULT_CAP
    #: the folder of the user's library of models
    library: Path | None = None
    speed: Speed = AS_FITS


@dataclass(slots=True)
class Tally:
    """What has happened so far: the one part of a render that changes while it runs."""

    reused: int = 0
    made: int = 0
    outputs: list[Path] = field(default_factory=list)
    #: seconds by stage, over all frames
    spent: dict[str, float] = field(default_factory=dict)

    def add(self, spent: dict[str, float]) -> None:
        """Add the seconds of a frame or an output."""
        for stage, seconds in spent.items():
            self.spent[stage] = round(self.spent.get(stage, 0.0) + seconds, 6)

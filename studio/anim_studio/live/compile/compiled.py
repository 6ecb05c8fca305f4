"""What a compile in the background tells beside versions and plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from anim_studio.live.paint.messages import Trouble
from anim_studio.live.version import TierPlan, Version


@dataclass(frozen=True, slots=True)
class Gone:
    """The film's file cannot be read now; what was good last stays good, and its coming back is a `Version`.

    `message` and `hint` are as a `Stop` has them.
    """

    path: Path
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """Tracks are analysed that this process has not heard yet, which takes seconds for a song that was never
    heard; the version's curves wait for them.
    """

    version: int
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake of ours while a version was made; the next change is tried as if nothing had been. `log` is
    the file that holds the rest.
    """

    version: int
    message: str
    log: Path


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is left to do for this version: its plans are all told, or cannot be made."""

    version: int


#: In the order in which they come of one change: a version or that there is none, its plans from the lowest
#: tier or why there is none of a tier, and at last that it is settled. A version may come again with the same
#: number, when more is known of it: what its plans showed to be wrong, and the sound of its tracks.
Compiled: TypeAlias = Version | Gone | Listening | TierPlan | Trouble | Fault | Settled

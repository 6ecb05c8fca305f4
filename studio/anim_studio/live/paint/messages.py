"""What the painting process is asked and what it tells, as values that go through a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from anim_studio.live.tier import Tier
from anim_studio.live.version import TierPlan


@dataclass(frozen=True, slots=True)
class Paint:
    """Paint this version from now on, the lowest tier first; whatever was in work is dropped at the next step
    of the model. Media are read below `root`. Tiers above `ceiling` are not made here, and told of where the
    store has their frames, or gets them from another process.
    """

    version: int
    root: Path
    tiers: tuple[TierPlan, ...]
    ceiling: Tier = Tier.DRAFT


@dataclass(frozen=True, slots=True)
class Look:
    """Where the user looks: frames near `head` are painted first, and none outside `first <= f < end`."""

    head: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Paint nothing until the next `Paint` or `Look` (the user paused it, or a render wants the machine)."""


Asked: TypeAlias = Paint | Look | Rest


@dataclass(frozen=True, slots=True)
class Ready:
    """The painter has started; `device` is where it paints."""

    device: str


@dataclass(frozen=True, slots=True)
class Painted:
    """Frames of a version have pictures of that tier: `keys[i]` names the one of `frames[i]` in the folder of
    previews. Those that were there already come at once after `Paint`, all in one.
    """

    version: int
    tier: Tier
    frames: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """How it goes: frames of this tier that are there, of how many, and seconds a frame takes now."""

    version: int
    tier: Tier
    done: int
    frames: int
    seconds_a_frame: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A tier cannot be painted, and why, with what to do; lower tiers go on."""

    version: int
    tier: Tier
    message: str
    hint: str = ""


Told: TypeAlias = Ready | Painted | Pace | Trouble

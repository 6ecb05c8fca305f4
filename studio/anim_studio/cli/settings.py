"""What can be set once instead of with every command: names, choices and defaults, without pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Colour: TypeAlias = Literal["auto", "always", "never"]
Device: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
Progress: TypeAlias = Literal["auto", "bar", "lines", "json", "none"]
Images: TypeAlias = Literal["auto", "half", "kitty", "sixel", "off"]
TierWord: TypeAlias = Literal["curves", "camera", "draft", "final"]
#: the tiers that have pictures
PictureTier: TypeAlias = Literal["camera", "draft", "final"]

#: 10 GiB: some two hours of 768x512 carries at 24 fps, on a disk of any size sold today
DEFAULT_CAP_BYTES = 10 * 2**30


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The `[live]` table; None leaves it to `anim live`."""

    images: Images | None = None
    theme: str | None = None
    tier: TierWord | None = None
    editor: str | None = None
    poll: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `cache` None is the user's cache folder; `origins` tells where each that is not at its
    default comes from, by its name (`live.theme`).
    """

    cache: Path | None = None
    cap: int = DEFAULT_CAP_BYTES
    colour: Colour = "auto"
    device: Device = "auto"
    out: Path = Path("out")
    progress: Progress = "auto"
    live: LiveSettings = field(default_factory=LiveSettings)
    origins: Mapping[str, str] = field(default_factory=dict)


#: each setting's variable; `cap` has kept the name that it had before it was a setting
VARIABLES: Mapping[str, str] = {
    "cache": "ANIM_CACHE",
    "cap": "ANIM_CACHE_CAP",
    "colour": "ANIM_COLOUR",
    "device": "ANIM_DEVICE",
    "out": "ANIM_OUT",
    "progress": "ANIM_PROGRESS",
    "live.images": "ANIM_LIVE_IMAGES",
    "live.theme": "ANIM_LIVE_THEME",
    "live.tier": "ANIM_LIVE_TIER",
    "live.editor": "ANIM_LIVE_EDITOR",
    "live.poll": "ANIM_LIVE_POLL",
}

#: what a project may not set, because whoever wrote the film's folder would choose what runs here
OWN_ONLY = frozenset({"live.editor"})

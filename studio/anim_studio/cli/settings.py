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
Switch: TypeAlias = Literal["on", "off"]
MemoryWord: TypeAlias = Literal["auto", "all", "read", "tiles", "parts", "layers"]
TierWord: TypeAlias = Literal["curves", "camera", "draft", "final"]
#: the tiers that have pictures
PictureTier: TypeAlias = Literal["camera", "hints", "draft", "final"]

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
class ModelSettings:
    """The `[models]` table. `folder` None is in the user's data folder.

    `allowed` are hosts (`name:port`) that are spoken to without TLS and at private addresses, `civitai` and
    `hub` addresses of mirrors, `proxy` the address of one to go through; None is the site itself, and no
    proxy.
    """

    folder: Path | None = None
    allowed: tuple[str, ...] = ()
    civitai: str | None = None
    hub: str | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """The `[render]` table: CUDA graphs, and how a model shares a device's memory."""

    graphs: Switch = "on"
    memory: MemoryWord = "auto"


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
    models: ModelSettings = field(default_factory=ModelSettings)
    render: RenderSettings = field(default_factory=RenderSettings)
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
    "models.folder": "ANIM_MODELS",
    "models.allowed": "ANIM_MODELS_ALLOWED",
    "models.civitai": "ANIM_MODELS_CIVITAI",
    "models.hub": "ANIM_MODELS_HUB",
    "models.proxy": "ANIM_MODELS_PROXY",
    "render.graphs": "ANIM_GRAPHS",
    "render.memory": "ANIM_MEMORY",
}

#: what a project may not set, because whoever wrote the film's folder would choose what runs here
OWN_ONLY = frozenset(
    {"live.editor", "models.folder", "models.allowed", "models.civitai", "models.hub", "models.proxy"}
)

"""A screen with everything behind it played by plain objects: films are checked, nothing is painted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.pilot import Pilot

from anim_compiler.asking import Asked as Asking
from anim_compiler.asking import moving, written_still
from anim_dsl.source import Source
from anim_studio.cli.load import load
from anim_studio.live.paint.messages import Asked, Painted, Ready
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, Good, Version
from anim_studio.renders.state import RenderState
from anim_studio.renders.wanted import Wanted
from anim_studio.tui.app import LiveApp
from anim_studio.tui.services import Services, Tell
from anim_studio.tui.state import Begin

FILM = """size = 96x64
fps = 12
length = 10s

prompt {
  0s: "golden hour, a quiet street"
  5s: "neon rain, reflections"
}

camera 2d {
  zoom = 0s: 1.0, 4s: 1.2, 10s: 1.0
  angle = 4deg * sine(4s)
}

scene dusk 4s { }
scene rain 4s { }
scene dawn 2s { }
"""


def version_of(path: Path, cache: Path, number: int, choice: Choice) -> Version:
    """What a film's text comes to, as the compiling thread makes it."""
    loaded = load(path, cache, choice.variant)
    good = None
    if loaded.film is not None and not loaded.has_errors:
        asked = Asking(loaded.film, loaded.world)
        moves = tuple(name for name in moving(loaded.film) if name in asked.names())
        still = tuple(name for name in written_still(loaded.film) if name in asked.names())
        curves = {name: asked.curve(name) for name in (*moves, *still)}
        parts = asked.parts
        good = Good(loaded.film, loaded.film.fps, parts[-1].end, parts, curves, moves)
    source = Source(path.name, path.read_text("utf-8"))
    return Version(
        number, path, source, loaded.document, loaded.world, loaded.diagnostics, good, choice, heard=0.0
    )


@dataclass
class Compiles:
    """Checks the film when it is told to, at once."""

    path: Path
    cache: Path
    told: Tell
    choice: Choice = field(default_factory=Choice)
    number: int = 0
    closed: bool = False

    def choose(self, choice: Choice) -> None:
        self.choice = choice
        self.changed()

    def changed(self) -> None:
        if self.path.exists():
            self.number += 1
            self.told(version_of(self.path, self.cache, self.number, self.choice))

    def close(self) -> None:
        self.closed = True


@dataclass
class Paints:
    """Remembers what it was asked."""

    told: Tell
    asked: list[Asked] = field(default_factory=list)
    closed: bool = False

    def ask(self, asked: Asked) -> None:
        self.asked.append(asked)

    def close(self) -> None:
        self.closed = True


@dataclass
class Queues:
    """A queue that renders nothing."""

    states: list[RenderState] = field(default_factory=list)
    submitted: list[Wanted] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)
    cared: int = 0

    def submit(self, wanted: Wanted) -> str:
        self.submitted.append(wanted)
        return "1"

    def list(self) -> tuple[RenderState, ...]:
        return tuple(self.states)

    def care(self) -> None:
        self.cared += 1

    def stop(self, id: str) -> None:
        self.done.append(("stop", id))

    def again(self, id: str) -> None:
        self.done.append(("again", id))

    def forget(self, id: str) -> None:
        self.done.append(("forget", id))


class Stand:
    """A film in a folder, the app over it, and the objects behind the app."""

    def __init__(self, folder: Path, text: str | None = FILM, **begin: object) -> None:
        self.film = folder / "night-drive.anim"
        if text is not None:
            self.film.write_text(text, "utf-8")
        self.cache = folder / "cache"
        self.time = 0.0
        self.pictures: dict[str, NDArray[np.uint8]] = {}
        self.renders = Queues()
        self.seeds = iter(range(101, 200))
        self.first: list[str] = []
        memory = folder / "layout.json"
        self.app = LiveApp(
            Begin(self.film, cache=self.cache, out=folder / "out", memory=memory, **begin),  # type: ignore[arg-type]
            Services(
                compiling=self._compiling,
                painting=self._painting,
                pictures=self,
                renders=self.renders,
                first_film=self._first,
                draw=lambda: next(self.seeds),
                now=lambda: self.time,
                clock=lambda: "12:00:00",
            ),
        )

    async def settle(self, pilot: Pilot[Any]) -> None:
        """Waits until the first version is on the screen."""
        await until(pilot, lambda: self.app.good is not None and self.app.device == "cpu")

    def get(self, key: str) -> NDArray[np.uint8] | None:
        """As the folder of previews."""
        return self.pictures.get(key)

    def _compiling(self, told: Tell) -> Compiles:
        self.compiling = Compiles(self.film, self.cache, told, self.app.choice)
        self.compiling.changed()
        return self.compiling

    def _painting(self, told: Tell) -> Paints:
        self.painter = Paints(told)
        told(Ready("cpu"))
        return self.painter

    def _first(self, path: Path, template: str) -> None:
        self.first.append(template)
        path.write_text(FILM, "utf-8")

    def save(self, text: str) -> None:
        """The film's text is saved, and heard of."""
        self.film.write_text(text, "utf-8")
        self.compiling.changed()

    def paint(self, tier: Tier, frames: range, version: int | None = None, tint: int = 0) -> None:
        """Pictures of a tier for these frames."""
        keys = tuple(f"{tier.word}{frame}t{tint}" for frame in frames)
        for frame, key in zip(frames, keys, strict=True):
            self.pictures[key] = sky(frame, tier, tint)
        number = self.app.shown.version if version is None else version
        self.painter.told(Painted(number, tier, tuple(frames), keys))


def sky(frame: int, tier: Tier, tint: int = 0) -> NDArray[np.uint8]:
    """A picture uint8 `[64,96,3]` that differs by frame and tier."""
    y, x = np.mgrid[0:64, 0:96]
    red = 40 + 150 * y / 64 + tint
    green = 40 + 60 * x / 96 + 20 * int(tier)
    blue = 160 - 100 * y / 64 + frame % 60
    picture = np.stack([red, green, blue], axis=2)
    sun = (x - 48 - frame % 40) ** 2 + (y - 30) ** 2 < 90
    picture[sun] = (250, 220, 120)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Lets the app work until something holds. Fails when it does not come to that."""
    for _ in range(600):
        await pilot.pause()
        if holds():
            await pilot.pause()
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the screen did not come to that")

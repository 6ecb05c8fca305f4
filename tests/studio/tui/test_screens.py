"""Pictures of whole screens at two sizes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.studio.tui.stands import FILM, Stand, until
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from anim_studio.live.tier import Tier
from anim_studio.renders.state import RenderState
from anim_studio.tui.dialogs.first import First

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["large", "small"])

Compare = Callable[..., bool]
Steps = Callable[[Stand, Pilot[Any]], Awaitable[None]]


async def playing(stand: Stand, pilot: Pilot[Any]) -> None:
    """Camera pictures of all, drafts of a half; the third second plays."""
    stand.paint(Tier.CAMERA, range(120))
    stand.paint(Tier.DRAFT, range(60))
    await pilot.press("space")
    stand.time = 2.6
    await until(pilot, lambda: stand.app.head == 31)


async def error(stand: Stand, pilot: Pilot[Any]) -> None:
    """A mistake while pictures are there."""
    stand.paint(Tier.DRAFT, range(120))
    stand.save(FILM.replace("zoom =", "zom ="))
    await until(pilot, lambda: stand.app.version is not None and stand.app.version.good is None)


async def compared(stand: Stand, pilot: Pilot[Any]) -> None:
    """Two versions side by side."""
    stand.paint(Tier.DRAFT, range(120))
    await pilot.pause()
    stand.save(FILM.replace("1.2", "1.4"))
    await until(pilot, lambda: stand.app.shown.version == 2)
    stand.paint(Tier.CAMERA, range(120), tint=60)
    stand.paint(Tier.DRAFT, range(40), tint=60)
    await pilot.press("a", "right", "right")


async def help_screen(stand: Stand, pilot: Pilot[Any]) -> None:
    """Every key."""
    await pilot.press("question_mark")


async def palette(stand: Stand, pilot: Pilot[Any]) -> None:
    """Commands by what is typed."""
    await pilot.press("slash")
    await pilot.pause()
    pilot.app.screen.query_one(Input).cursor_blink = False
    await pilot.press(*"scene")
    await until(pilot, lambda: pilot.app.screen.query_one(CommandList).option_count > 9)


async def queue(stand: Stand, pilot: Pilot[Any]) -> None:
    """A render that goes on, one that waits and one that is done."""
    first = RenderState("1", stand.film, "night-drive", "done", True, "cpu", 0.0, frames=120, done=120)
    stand.renders.states = [
        first,
        replace(
            first,
            id="2",
            life="running",
            done=46,
            rate=9.8,
            seconds_left=7.6,
            doing="frames",
            spent={"diffuse": 30.0, "decode": 8.0, "warp": 2.0},
        ),
        replace(first, id="3", life="queued", done=0, name="another"),
    ]
    await pilot.press("3")
    await until(pilot, lambda: len(stand.app.renders) == 3)


async def outline(stand: Stand, pilot: Pilot[Any]) -> None:
    """The film's parts, beside a chosen lane and its key."""
    stand.paint(Tier.CAMERA, range(120))
    await pilot.press("2", "down", "down", "down", "shift+right")


SCREENS: dict[str, Steps] = {
    "playing": playing,
    "error": error,
    "compared": compared,
    "help": help_screen,
    "palette": palette,
    "queue": queue,
    "outline": outline,
}


def _run_before(stand: Stand, steps: Steps) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def run(pilot: Pilot[Any]) -> None:
        await stand.settle(pilot)
        await steps(stand, pilot)
        await pilot.pause()

    return run


@SIZES
@pytest.mark.parametrize("name", SCREENS)
def test_screen(
    name: str, size: tuple[int, int], tmp_path: Path, colours: None, snap_compare: Compare
) -> None:
    stand = Stand(tmp_path)
    run = _run_before(stand, SCREENS[name])
    assert snap_compare(stand.app, terminal_size=size, run_before=run)


@SIZES
def test_empty_start(size: tuple[int, int], tmp_path: Path, colours: None, snap_compare: Compare) -> None:
    stand = Stand(tmp_path, text=None)

    async def run(pilot: Pilot[Any]) -> None:
        await until(
            pilot, lambda: isinstance(stand.app.screen, First) and bool(stand.app.screen.query(OptionList))
        )

    assert snap_compare(stand.app, terminal_size=size, run_before=run)

"""Choosing a setting for its first key: the list, its filter, and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from anim_studio.tui.dialogs.choose_setting import ChooseSetting

ROWS = (
    ("camera.zoom", "◇ magnification about the centre; 1 is none"),
    ("camera.angle", "turn of the picture; positive is counter-clockwise"),
    ("grade.exposure", "· brightness in stops; 1 is twice as bright"),
    ("grade.contrast", "· contrast about middle grey, of which a longer help is cut off where the list ends"),
)


class Host(App[None]):
    """Nothing but the question."""

    chosen: str | None = "nothing yet"

    def on_mount(self) -> None:
        self.push_screen(ChooseSetting("key a setting", ROWS), self._take)

    def _take(self, name: str | None) -> None:
        self.chosen = name


def names(host: Host) -> list[str | None]:
    shown = host.screen.query_one(OptionList)
    return [option.id for option in shown.options]


@pytest.mark.asyncio
async def test_what_is_typed_filters_and_names_go_first() -> None:
    host = Host()
    async with host.run_test() as pilot:
        assert names(host) == [name for name, _ in ROWS]
        await pilot.press(*"contrast")
        assert names(host) == ["grade.contrast"]
        host.screen.query_one(Input).value = "picture turn"
        await pilot.pause()
        assert names(host) == ["camera.angle"]
        host.screen.query_one(Input).value = "nothing like it"
        await pilot.pause()
        await pilot.press("enter")
        assert isinstance(host.screen, ChooseSetting)
        host.screen.query_one(Input).value = "grade"
        await pilot.pause()
        await pilot.press("down", "enter")
        assert host.chosen == "grade.contrast"


@pytest.mark.asyncio
async def test_it_is_left_without_choosing() -> None:
    host = Host()
    async with host.run_test() as pilot:
        await pilot.press("up", "escape")
        assert host.chosen is None


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["large", "small"])
def test_it_looks_as_it_did(snap_compare: Callable[..., bool], colours: None, size: tuple[int, int]) -> None:
    async def steady(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one(Input).cursor_blink = False
        await pilot.press(*"on", "down")

    assert snap_compare(Host(), terminal_size=size, run_before=steady)

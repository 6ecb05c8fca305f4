"""Choosing curves: filter, choose, order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App
from textual.pilot import Pilot

from anim_studio.tui.dialogs.choose_curves import ChooseCurves

KNOWN = ("camera.zoom", "camera.angle", "diffuse.strength", "diffuse.steps", "bass")


class Host(App[None]):
    """Keeps what was chosen."""

    chosen: tuple[str, ...] | None = ("nothing yet",)

    def on_mount(self) -> None:
        self.push_screen(ChooseCurves(KNOWN, ("camera.angle", "gone"), KNOWN[:2]), self._chose)

    def _chose(self, chosen: tuple[str, ...] | None) -> None:
        self.chosen = chosen


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["enter"], ("camera.angle",)),
        (["escape"], None),
        (["space", "enter"], ()),
        (["down", "space", "enter"], ("camera.angle", "camera.zoom")),
        ([*"st", "space", "down", "space", "enter"], ("camera.angle", "diffuse.strength", "diffuse.steps")),
        ([*"bass", "space", "ctrl+up", "enter"], ("bass", "camera.angle")),
        (["down", "space", "up", "ctrl+down", "ctrl+down", "enter"], ("camera.zoom", "camera.angle")),
        (["ctrl+a", "enter"], ("camera.zoom", "camera.angle")),
        (["ctrl+n", "enter"], ()),
        ([*"nothing", "space", "ctrl+up", "enter"], ("camera.angle",)),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
async def test_keys(keys: list[str], chosen: tuple[str, ...] | None) -> None:
    """What each key comes to."""
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.chosen == chosen


async def test_a_click_chooses() -> None:
    """As the space bar does."""
    app = Host()
    async with app.run_test() as pilot:
        await pilot.click("OptionList", offset=(6, 2))
        await pilot.press("enter")
        await pilot.pause()
        assert app.chosen == ("camera.angle", "diffuse.strength")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["large", "small"])
def test_picture(size: tuple[int, int], snap_compare: Callable[..., bool], colours: None) -> None:
    """The list with a filter."""

    async def filtered(pilot: Pilot[None]) -> None:
        await pilot.press(*"am", "down", "space")
        await pilot.pause()

    assert snap_compare(Host(), terminal_size=size, run_before=filtered)

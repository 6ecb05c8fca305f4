"""The pane of curves: names, values and plots by hand and as pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from anim_studio.tui.timeline.curves import Curves

FRAMES = np.arange(120, dtype=np.float64)
VALUES = {
    "camera.zoom": 1 + 0.2 * np.sin(FRAMES / 19),
    "camera.angle": FRAMES * 0.75,
    "diffuse.strength": np.full(120, 0.65),
    "grade.exposure": np.where((FRAMES < 48) | (FRAMES >= 96), np.nan, FRAMES / 100),
    "bass": np.abs(np.sin(FRAMES / 7)),
}


class Host(App[None]):
    """A pane of curves that keeps what it tells."""

    CSS = "Curves { padding: 0 1; }"

    def __init__(self, names: tuple[str, ...] = tuple(VALUES)) -> None:
        super().__init__()
        self.names = names
        self.told: list[object] = []

    @property
    def pane(self) -> Curves:
        return self.query_one(Curves)

    def compose(self) -> ComposeResult:
        yield Curves()

    def on_mount(self) -> None:
        self.pane.curves, self.pane.names = VALUES, self.names
        self.pane.units = {"camera.angle": "angle"}
        self.pane.head, self.pane.lane = 31, "camera.angle"

    def on_curves_picked(self, message: Curves.Picked) -> None:
        self.told.append(message.name)
        self.pane.lane = message.name

    def on_curves_scrubbed(self, message: Curves.Scrubbed) -> None:
        self.told.append(message.frame)
        self.pane.head = message.frame


def lines(pane: Curves) -> list[str]:
    return [pane.render_line(y).text for y in range(pane.size.height)]


async def test_values_follow_the_playhead() -> None:
    """Each curve's value at the frame, with its unit; a dash where it has none."""
    app = Host()
    async with app.run_test(size=(80, 5)):
        assert [line.split()[1] for line in lines(app.pane)] == ["1.2", "23.25°", "0.65", "–", "0.96"]
        app.pane.head = 60
        assert [line.split()[1] for line in lines(app.pane)] == ["0.9967", "45°", "0.65", "0.6", "0.7535"]


async def test_clicks() -> None:
    """A click on a name lights the curve; one on a plot takes the playhead along, and so does dragging."""
    app = Host()
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.click(Curves, offset=(3, 0))
        assert app.told == ["camera.zoom"]
        x = app.pane.content_offset.x + app.pane.rows.gutter
        await pilot.mouse_down(Curves, offset=(x, 9))
        await pilot.hover(Curves, offset=(79, 9))
        await pilot.mouse_up(Curves, offset=(79, 9))
        await pilot.hover(Curves, offset=(x, 9))
        assert app.told[1] == "bass"
        assert (app.told[2], app.told[-1], app.pane.head) == (app.pane.window.frame(0), 119, 119)


async def test_more_curves_than_rows() -> None:
    """The wheel scrolls, and the lit curve is brought into view."""
    app = Host()
    async with app.run_test(size=(80, 3)) as pilot:
        assert [line.split()[0] for line in lines(app.pane)] == ["zoom", "▸angle", "strength"]
        app.pane.lane = "bass"
        await pilot.pause()
        assert [line.split()[0] for line in lines(app.pane)] == ["strength", "exposure", "▸bass"]
        up: Any = events.MouseScrollUp(app.pane, 5, 1, 0, 0, 0, False, False, False, 5, 1)
        app.pane.post_message(up)
        await pilot.pause()
        assert lines(app.pane)[0].split()[0] == "angle"


async def test_names_that_are_gone() -> None:
    """A chosen curve that a new version does not have is left out; none at all is an empty pane."""
    app = Host(("camera.zoom", "camera.gone"))
    async with app.run_test(size=(80, 4)) as pilot:
        assert app.pane.shown == ("camera.zoom",)
        app.pane.curves = {}
        await pilot.pause()
        assert [line.strip() for line in lines(app.pane)] == [""] * 4


@pytest.mark.parametrize("size", [(70, 20), (44, 5), (10, 3)], ids=str)
async def test_every_row_fills_its_width(size: tuple[int, int]) -> None:
    """However little room there is."""
    app = Host()
    async with app.run_test(size=size):
        for view in ((0, 0), (20, 40)):
            app.pane.view = view
            for y in range(app.pane.size.height):
                strip = app.pane.render_line(y)
                assert sum(segment.cell_length for segment in strip) == app.pane.size.width


@pytest.mark.parametrize("size", [(64, 20), (40, 6)], ids=["large", "small"])
def test_picture(size: tuple[int, int], snap_compare: Callable[..., bool], colours: None) -> None:
    """Plots with room, and one row each."""

    async def settle(pilot: Pilot[None]) -> None:
        await pilot.pause()

    assert snap_compare(Host(), terminal_size=size, run_before=settle)

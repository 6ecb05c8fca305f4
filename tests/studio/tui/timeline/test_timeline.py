"""The timeline by hand: mouse, zoom, the playhead, and what is drawn anew."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from tests.studio.live.board.boarded import boarded
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from anim_studio.live.board.lanes import Board
from anim_studio.live.tier import OLD
from anim_studio.tui.timeline.timeline import Timeline

FILM = """size = 64x64
fps = 12
seed = 1
bpm = 120
prompt { 0s: "golden hour, a quiet street"; 5s: "neon rain, 雨の夜" }
camera 2d { zoom = 0s: 1.0, 4s: 1.2, 10s: 1.0; angle = 2s: 0deg, 3s: 9deg }
scene dusk 4s { }
scene rain 4s { transition = crossfade(1s) }
scene dawn 2s { }
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    times = np.linspace(0, 30, 120)
    heard = {"bass": np.abs(np.sin(times)), "energy": np.linspace(0, 1, 120)}
    return boarded(FILM, tmp_path_factory.mktemp("film"), heard=heard)


class Host(App[None]):
    """A timeline whose messages become its state, as the app does it."""

    CSS = "Timeline { border-top: solid $panel; padding: 0 1; }"

    def __init__(self, board: Board, head: int = 31) -> None:
        super().__init__()
        self.board = board
        self.first_head = head
        self.told: list[Message] = []

    @property
    def timeline(self) -> Timeline:
        return self.query_one(Timeline)

    def compose(self) -> ComposeResult:
        yield Timeline()

    def on_mount(self) -> None:
        tiers = np.repeat(np.array([3, 2, 1, OLD + 2, 0], np.uint8), 24)
        self.timeline.board, self.timeline.tiers = self.board, tiers
        self.timeline.head = self.first_head

    def on_timeline_scrubbed(self, message: Timeline.Scrubbed) -> None:
        self.told.append(message)
        self.timeline.head = message.frame

    def on_timeline_chosen(self, message: Timeline.Chosen) -> None:
        self.told.append(message)
        self.timeline.lane, self.timeline.key = message.lane, message.key

    def on_timeline_zoomed(self, message: Timeline.Zoomed) -> None:
        self.told.append(message)
        self.timeline.view = message.view

    def on_timeline_key_dragged(self, message: Timeline.KeyDragged) -> None:
        self.told.append(message)

    def frames(self) -> list[int]:
        """Where the playhead was put."""
        return [message.frame for message in self.told if isinstance(message, Timeline.Scrubbed)]


@asynccontextmanager
async def shown(board: Board, size: tuple[int, int] = (120, 20)) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    app = Host(board)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def row_of(app: Host, name: str) -> int:
    return [each.name for each in app.board.lanes].index(name)


def column_of(app: Host, frame: int) -> int:
    """The column of the widget at which a frame is drawn, its border and padding counted."""
    timeline = app.timeline
    column = timeline.window.column(frame)
    assert column is not None
    return timeline.content_offset.x + timeline.rows.gutter + column


def lines(timeline: Timeline) -> list[str]:
    return [timeline.render_line(y).text for y in range(timeline.size.height)]


async def test_a_click_puts_the_playhead(board: Board) -> None:
    """A click on an empty place chooses the lane and goes there; the column is the one that is drawn."""
    async with shown(board) as (app, pilot):
        y = 1 + row_of(app, "bass")
        await pilot.click(Timeline, offset=(column_of(app, 80), y))
        frame = app.timeline.head
        assert app.timeline.window.column(frame) == app.timeline.window.column(80)
        assert (app.timeline.lane, app.timeline.key) == ("bass", None)
        column = app.timeline.rows.gutter + (app.timeline.window.column(frame) or 0)
        assert all(line[column] == "│" for line in lines(app.timeline)[y - 1 : y + 1])


async def test_dragging_scrubs(board: Board) -> None:
    """The playhead follows the mouse, also beyond the ends."""
    async with shown(board) as (app, pilot):
        y = 1 + row_of(app, "bass")
        await pilot.mouse_down(Timeline, offset=(column_of(app, 20), y))
        await pilot.hover(Timeline, offset=(column_of(app, 60), y))
        await pilot.hover(Timeline, offset=(119, y))
        await pilot.mouse_up(Timeline, offset=(119, y))
        await pilot.hover(Timeline, offset=(column_of(app, 20), y))
        assert app.frames()[-1] == 119
        assert app.timeline.window.column(app.frames()[1]) == app.timeline.window.column(60)


async def test_a_click_chooses_a_key(board: Board) -> None:
    """On a key, or beside it, that key is chosen and the playhead is on it; of a prompt its text too."""
    async with shown(board) as (app, pilot):
        await pilot.click(Timeline, offset=(column_of(app, 48) + 1, 1 + row_of(app, "camera.zoom")))
        assert (app.timeline.lane, app.timeline.key, app.timeline.head) == ("camera.zoom", 1, 48)
        await pilot.click(Timeline, offset=(column_of(app, 60) + 6, 1 + row_of(app, "prompts")))
        assert (app.timeline.lane, app.timeline.key, app.timeline.head) == ("prompts", 1, 60)
        await pilot.click(Timeline, offset=(column_of(app, 100), 1 + row_of(app, "camera.zoom")))
        assert (app.timeline.lane, app.timeline.key) == ("camera.zoom", None)


async def test_the_key_at_the_end_of_the_film(board: Board) -> None:
    """It is drawn on the last column, and choosing it goes to the last frame."""
    async with shown(board) as (app, pilot):
        await pilot.click(Timeline, offset=(column_of(app, 119), 1 + row_of(app, "camera.zoom")))
        assert (app.timeline.key, app.timeline.head) == (2, 119)


async def test_dragging_a_key(board: Board) -> None:
    """A key that is dragged is told where it was let go; one that comes back is not."""
    async with shown(board) as (app, pilot):
        y = 1 + row_of(app, "camera.zoom")
        for to in (80, 48):
            await pilot.mouse_down(Timeline, offset=(column_of(app, 48), y))
            await pilot.hover(Timeline, offset=(column_of(app, 80), y))
            assert "◈" in lines(app.timeline)[y - 1]
            await pilot.hover(Timeline, offset=(column_of(app, to), y))
            await pilot.mouse_up(Timeline, offset=(column_of(app, to), y))
            assert "◈" not in lines(app.timeline)[y - 1]
        dragged = [each for each in app.told if isinstance(each, Timeline.KeyDragged)]
        window = app.timeline.window
        assert [(each.lane, each.key, window.column(each.frame)) for each in dragged] == [
            ("camera.zoom", 1, window.column(80))
        ]


async def test_a_click_on_a_name(board: Board) -> None:
    """Chooses the lane and leaves the playhead."""
    async with shown(board) as (app, pilot):
        await pilot.click(Timeline, offset=(3, 1 + row_of(app, "camera.angle")))
        assert (app.timeline.lane, app.timeline.head) == ("camera.angle", 31)
        assert lines(app.timeline)[row_of(app, "camera.angle")].startswith("▸angle")


def _wheel(
    app: Host, kind: type[events.MouseEvent], x: int, y: int, *, shift: bool = False
) -> events.MouseEvent:
    widget = app.timeline
    at = (widget.region.x + x, widget.region.y + y)
    return kind(widget, x, y, 0, 0, 0, shift, False, False, *at)


async def test_the_wheel(board: Board) -> None:
    """Zooms at the pointer, pans with shift, and scrolls the lanes over their names."""
    async with shown(board, (100, 8)) as (app, pilot):
        x = column_of(app, 60)
        before = app.timeline.window.frame(app.timeline.window.column(60) or 0)
        for _ in range(3):
            app.timeline.post_message(_wheel(app, events.MouseScrollUp, x, 2))
            await pilot.pause()
        assert app.timeline.window.count < 70
        assert (
            app.timeline.window.frame(x - app.timeline.content_offset.x - app.timeline.rows.gutter) == before
        )
        first = app.timeline.window.first
        app.timeline.post_message(_wheel(app, events.MouseScrollDown, x, 2, shift=True))
        await pilot.pause()
        assert app.timeline.window.first > first
        app.timeline.post_message(_wheel(app, events.MouseScrollDown, 2, 2))
        await pilot.pause()
        assert app.timeline.rows.top == 1


async def test_zooming_from_outside(board: Board) -> None:
    """`zoom` stays around the playhead, `whole` shows all, and nothing is asked that is so already."""
    async with shown(board) as (app, pilot):
        column = app.timeline.window.column(31)
        app.timeline.zoom(0.5)
        await pilot.pause()
        assert app.timeline.window.count == 60
        assert abs((app.timeline.window.column(31) or 0) - (column or 0)) <= 1
        app.timeline.whole()
        await pilot.pause()
        assert app.timeline.view == (0, 120)
        told = len(app.told)
        app.timeline.whole()
        await pilot.pause()
        assert len(app.told) == told


async def test_the_playhead_stays_in_view(board: Board) -> None:
    """One that runs out of the view turns the page."""
    async with shown(board) as (app, pilot):
        app.timeline.view = (0, 40)
        app.timeline.head = 40
        await pilot.pause()
        first, end = app.timeline.view
        assert (end - first, first <= 40 < end) == (40, True)


async def test_a_chosen_lane_is_scrolled_to(board: Board) -> None:
    """More lanes than rows: the chosen one is seen."""
    async with shown(board, (80, 6)) as (app, pilot):
        app.timeline.lane = "energy"
        await pilot.pause()
        assert any(line.startswith("▸energy") for line in lines(app.timeline))
        app.timeline.lane = "scenes"
        await pilot.pause()
        assert lines(app.timeline)[0].startswith("▸scenes")


async def test_the_place_of_the_playhead(board: Board) -> None:
    """Time, frame and bar stand below it, whole at both ends of the film."""
    async with shown(board) as (app, _):
        foot = app.timeline.rows.foot
        for frame, told in (
            (0, "▲ 00:00.00 · frame 0 · bar 1.1"),
            (31, "▲ 00:02.58 · frame 31 · bar 2.2"),
            (119, "00:09.92 · frame 119 · bar 5.4 ▲"),
        ):
            app.timeline.head = frame
            assert told in lines(app.timeline)[foot]


async def test_a_playhead_out_of_view(board: Board) -> None:
    """Beyond either end an arrow points to it."""
    async with shown(board) as (app, pilot):
        foot = app.timeline.rows.foot
        app.timeline.view = (60, 100)
        await pilot.pause()
        gutter = app.timeline.rows.gutter
        assert lines(app.timeline)[foot][gutter:].startswith("◂ 00:02.58 · frame 31")
        app.timeline.view = (0, 20)
        await pilot.pause()
        assert lines(app.timeline)[foot].endswith("00:02.58 · frame 31 · bar 2.2 ▸")


async def test_a_key_is_told_in_full(board: Board) -> None:
    """The pointer over a key shows what is written there, and its line."""
    async with shown(board) as (app, pilot):
        await pilot.hover(Timeline, offset=(column_of(app, 60), 1 + row_of(app, "prompts")))
        assert str(app.timeline.tooltip) == '5s: "neon rain, 雨の夜"\nline 5'
        await pilot.hover(Timeline, offset=(column_of(app, 100), 1 + row_of(app, "bass")))
        assert app.timeline.tooltip is None


CHANGES: tuple[Callable[[Timeline, random.Random], None], ...] = (
    lambda t, r: setattr(t, "head", r.randrange(120)),
    lambda t, r: setattr(t, "view", sorted((r.randrange(0, 60), r.randrange(61, 121)))),
    lambda t, r: setattr(t, "lane", r.choice([None, "prompts", "camera.zoom", "bass"])),
    lambda t, r: setattr(t, "key", r.choice([None, 0, 1])),
    lambda t, r: setattr(t, "solo", r.choice([None, (48, 96)])),
    lambda t, r: setattr(t, "tiers", np.full(120, r.randrange(4), np.uint8)),
)


async def test_what_is_kept_is_what_would_be_drawn(board: Board) -> None:
    """After any changes the rows are those of a timeline that was never drawn before."""
    chance: random.Random = random.Random(7)
    async with shown(board, (90, 9)) as (app, pilot):
        timeline: Any = app.timeline
        for _ in range(60):
            chance.choice(CHANGES)(timeline, chance)
            kept = [list(timeline.render_line(y)) for y in range(timeline.size.height)]
            timeline.forget()
            assert kept == [list(timeline.render_line(y)) for y in range(timeline.size.height)]
        await pilot.pause()


@pytest.mark.parametrize("size", [(120, 16), (80, 9), (40, 5), (12, 3)], ids=str)
async def test_every_row_fills_its_width(board: Board, size: tuple[int, int]) -> None:
    """However little room there is, no row is too long or too short."""
    async with shown(board, size) as (app, _):
        timeline = app.timeline
        for view in ((0, 0), (50, 60), (0, 60)):
            timeline.view = view
            for y in range(timeline.size.height):
                strip = timeline.render_line(y)
                assert sum(segment.cell_length for segment in strip) == timeline.size.width


@pytest.mark.parametrize("size", [(120, 14), (80, 9)], ids=["large", "small"])
def test_picture(
    board: Board, size: tuple[int, int], snap_compare: Callable[..., bool], colours: None
) -> None:
    """Scenes, keys, beats, levels and tiers with a chosen key and the playhead."""

    async def choose(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, Host)
        app.timeline.lane, app.timeline.key = "camera.zoom", 1
        await pilot.pause()

    assert snap_compare(Host(board), terminal_size=size, run_before=choose)

"""The queue of renders: how it looks, and what its keys ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.message import Message

from anim_studio.renders.state import Life, RenderState
from anim_studio.tui.panels.queue import Queue


def state(name: str, life: Life, **more: object) -> RenderState:
    plain = RenderState(name, Path(f"/films/{name}.anim"), name, life, True, "auto", 0.0)
    return replace(plain, **more)  # type: ignore[arg-type]


STATES = (
    state(
        "song",
        "running",
        own=False,
        frames=300,
        done=300,
        pictures=(120, 300),
        doing="writing the film",
        spent={"diffuse": 5.0, "warp": 1.0, "write": 0.5},
    ),
    state(
        "night-drive",
        "running",
        frames=240,
        done=201,
        rate=9.8,
        seconds_left=4.0,
        doing="frames",
        spent={"diffuse": 74.0, "warp": 6.0, "vae": 17.0, "write": 3.0},
    ),
    state("postcard", "queued", frames=144, doing="waiting"),
    state(
        "orbit",
        "done",
        frames=96,
        reused=38,
        started=0.0,
        ended=75.0,
        outputs=(Path("/films/out/orbit.mp4"),),
        exit_code=0,
        advice=("flicker is 0.081 on average: `coherence.blend` from 0% to 40%",),
    ),
    state(
        "a very long name of a film that does not fit",
        "stopped",
        frames=240,
        exit_code=143,
        message="stopped with 80 of 240 frames done",
        hint="go on with it: what is done stays done",
    ),
    state("big", "failed", exit_code=2, message="`media/song.ogg` changed since the film was planned"),
)


class Shown(App[None]):
    """Nothing but a queue, and what it asked for."""

    def __init__(self, states: tuple[RenderState, ...]) -> None:
        super().__init__()
        self.states = states
        self.asked: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Queue()

    def on_mount(self) -> None:
        queue = self.query_one(Queue)
        queue.renders = self.states
        queue.focus()

    def on_queue_stopped(self, message: Queue.Stopped) -> None:
        self.asked.append(message)

    def on_queue_continued(self, message: Queue.Continued) -> None:
        self.asked.append(message)

    def on_queue_forgotten(self, message: Queue.Forgotten) -> None:
        self.asked.append(message)

    def on_queue_opened(self, message: Queue.Opened) -> None:
        self.asked.append(message)


@pytest.mark.parametrize("size", [(44, 24), (100, 20)], ids=["column", "wide"])
def test_looks(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    assert snap_compare(Shown(STATES), terminal_size=size, press=["down"])


def test_empty_queue_says_what_to_press(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(Shown(()), terminal_size=(60, 6))


async def test_keys_act_on_the_chosen_render() -> None:
    app = Shown(STATES)
    async with app.run_test(size=(80, 40)) as pilot:
        queue = app.query_one(Queue)
        assert queue.chosen == "song"
        await pilot.press("up", "down", "x")
        await pilot.press("g", "delete")  # it runs: there is nothing to go on with
        await pilot.press("down", "down", "down", "g")
        await pilot.press("up", "delete", "enter")
        await pilot.pause()
        told = [(type(m).__name__, getattr(m, "id", None) or getattr(m, "path", None)) for m in app.asked]
        assert told == [
            ("Stopped", "night-drive"),
            ("Continued", STATES[4].id),
            ("Forgotten", "orbit"),
            # its file is not there, so its folder
            ("Opened", Path("/films")),
        ]


async def test_mouse_chooses_and_choice_stays_while_renders_move() -> None:
    app = Shown(STATES)
    async with app.run_test(size=(80, 40)) as pilot:
        queue = app.query_one(Queue)
        await pilot.click(Queue, offset=(3, 5))
        assert queue.chosen == "night-drive"
        queue.renders = tuple(reversed(STATES))
        await pilot.pause()
        assert queue.chosen == "night-drive"
        queue.renders = STATES[3:]
        await pilot.pause()
        assert queue.chosen == "orbit"

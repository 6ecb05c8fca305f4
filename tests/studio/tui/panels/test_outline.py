"""The outline: what it lists, and where its rows lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.studio.live.board.boarded import version_of
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from anim_studio.live.board.board_of import board_of
from anim_studio.live.board.outline import OutlineRow, clock, contents
from anim_studio.tui.panels.outline import Outline

FILM = """size = 64x64
fps = 12
seed = 1
let swell = sine(4s)
prompt { 0s: "golden hour" }
scene dusk 4s {
  camera 2d { zoom = 1 + 0.1 * swell; angle = 4deg }
}
scene rain 2s {
  transition = crossfade(1s)
  prompt { 0s: "neon rain"; 100%: "the sea" }
  layer title { text = "the end" }
}
scene dawn 1m4s { }
output "night.mp4"
"""


@pytest.fixture
def entries(tmp_path: Path) -> tuple[OutlineRow, ...]:
    version = version_of(FILM, tmp_path)
    return contents(version, board_of(version))


def _all(
    entries: tuple[OutlineRow, ...], depth: int = 0
) -> Iterator[tuple[int, str, str, int | None, int | None]]:
    for entry in entries:
        line = None if entry.spot is None else entry.spot.place.line
        yield depth, entry.label, entry.detail, entry.frame, line
        yield from _all(entry.inside, depth + 1)


def test_contents(entries: tuple[OutlineRow, ...]) -> None:
    """Scenes with their prompts, cameras and layers, each with its frame and its line; then the rest."""
    assert list(_all(entries)) == [
        (0, "film", "64×64 · 12 fps · 840 frames · 1:10 · postcard", 0, None),
        (0, "dusk", "0:00–0:04", 0, 6),
        (1, "prompt", "golden hour", 0, 5),
        (1, "camera 2d", "zoom, angle", 0, 7),
        (0, "rain", "0:04–0:06 · crossfade", 48, 9),
        (1, "prompt", "neon rain", 48, 11),
        (1, "prompt", "the sea", 72, 11),
        (1, "layer title", "text", 48, 12),
        (0, "dawn", "0:06–1:10", 72, 14),
        (0, "let swell", "sine(4s)", None, 4),
        (0, "output", "night.mp4", None, 15),
    ]


def test_a_film_with_errors(tmp_path: Path) -> None:
    """What the text says is listed, without frames."""
    version = version_of(FILM.replace("zoom", "zom"), tmp_path)
    assert [entry.label for entry in contents(version, None)] == ["let swell", "output"]


def test_a_film_without_scenes(tmp_path: Path) -> None:
    """Its one shot is the film."""
    version = version_of('size = 64x64\nlength = 2s\nprompt = "sea"\n', tmp_path)
    labels = [row[1:3] for row in _all(contents(version, board_of(version)))]
    assert labels[1:] == [("film", "0:00–0:02"), ("prompt", "sea")]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (4.5, "0:04.5"), (59.999, "1:00"), (61.25, "1:01.25"), (3723, "1:02:03")],
)
def test_clock(seconds: float, text: str) -> None:
    """Times as a clock shows them."""
    assert clock(seconds) == text


class Host(App[None]):
    """An outline that keeps what it asks for."""

    def __init__(self, entries: tuple[OutlineRow, ...]) -> None:
        super().__init__()
        self.entries = entries
        self.told: list[int] = []

    def compose(self) -> ComposeResult:
        yield Outline()

    def on_mount(self) -> None:
        self.query_one(Outline).entries = self.entries
        self.query_one(Outline).focus()

    def on_outline_jumped(self, message: Outline.Jumped) -> None:
        self.told.append(message.frame)

    def on_outline_opened(self, message: Outline.Opened) -> None:
        self.told.append(-message.spot.place.line)


async def test_rows_lead_somewhere(entries: tuple[OutlineRow, ...]) -> None:
    """Enter jumps to a row's frame, `e` asks for its line; a row that has neither does nothing."""
    app = Host(entries)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("e", *["down"] * 5, "enter", "e", "end", "enter", "e")
        await pilot.pause()
        assert app.told == [48, -11, -15]


async def test_a_new_version_keeps_what_was_closed(entries: tuple[OutlineRow, ...], tmp_path: Path) -> None:
    """A scene that was closed stays so, and the cursor on its line."""
    app = Host(entries)
    async with app.run_test(size=(80, 20)) as pilot:
        outline = app.query_one(Outline)
        await pilot.press("down")
        outline.root.children[1].collapse()
        await pilot.pause()
        version = version_of(FILM.replace("golden", "blue"), tmp_path)
        outline.entries = contents(version, board_of(version))
        await pilot.pause()
        assert [node.is_expanded for node in outline.root.children[1:3]] == [False, True]
        assert outline.cursor_line == 1


@pytest.mark.parametrize("size", [(70, 16), (40, 8)], ids=["large", "small"])
def test_picture(
    entries: tuple[OutlineRow, ...], size: tuple[int, int], snap_compare: Callable[..., bool], colours: None
) -> None:
    """The rows with the cursor on a scene."""

    async def down(pilot: Pilot[None]) -> None:
        await pilot.press("down")
        await pilot.pause()

    assert snap_compare(Host(entries), terminal_size=size, run_before=down)

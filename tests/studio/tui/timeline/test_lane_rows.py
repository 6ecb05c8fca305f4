"""Lanes as rows of cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.style import Style
from tests.studio.live.board.boarded import boarded, lane

from anim_studio.live.board.lanes import Board, Kind, Lane, Stretch
from anim_studio.live.tier import OLD
from anim_studio.tui.cells import Cells
from anim_studio.tui.timeline.lane_rows import STYLES, lane_row, ruler_row, tier_row
from anim_studio.tui.timeline.window import Window

FILM = """bpm = 120
prompt { 0s: "golden hour"; 2s: "neon rain"; 4s: "x" }
camera 2d { zoom = 0s: 1, 1s: 1.5, 4s: 1.2 }
scene dusk 2s { }
scene rain 2s { transition = crossfade(1s) }
"""

WHOLE = Window(0, 96, 48, 96)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return boarded(FILM, tmp_path_factory.mktemp("film"))


def text(cells: Cells) -> str:
    return cells.strip(dict.fromkeys(STYLES, Style())).text


def test_scenes(board: Board) -> None:
    """Names on bars; the way in which a scene comes is hatched."""
    row = text(lane_row(lane(board, "scenes"), WHOLE))
    assert row[:24] == "▏dusk " + "─" * 18
    assert row[24:] == "▏╱╱╱╱╱╱╱╱╱╱╱─rain ──────"
    near = text(lane_row(lane(board, "scenes"), Window(48, 78, 20, 96)))
    assert near == "▏rain ╱╱╱╱╱╱╱╱╱╱────"


def test_prompts(board: Board) -> None:
    """Texts as far as they fit; before the first key of a view that which is in force."""
    assert text(lane_row(lane(board, "prompts"), WHOLE)) == "◆ golden hour           ◆ neon rain            ◆"
    narrow = text(lane_row(lane(board, "prompts"), Window(0, 96, 16, 96)))
    assert narrow == "◆ gold… ◆ neo… ◆"
    inside = text(lane_row(lane(board, "prompts"), Window(24, 72, 24, 96)))
    assert inside == "golden hour ◆ neon rain "


def test_prompts_of_scenes_with_their_own(tmp_path: Path) -> None:
    """What is not read there has no text; what holds again after the scene is told where it begins."""
    film = """prompt { 0s: "golden hour"; 3s: "neon rain" }
scene x 2s { }
scene y 2s { prompt { 0s: "city"; 1s: "tower"; 100%: "sea" } }
scene z 2s { }
"""
    cells = lane_row(lane(boarded(film, tmp_path), "prompts"), Window(0, 144, 48, 144), chosen=3)
    assert text(cells) == "◆ golden hour   ◆ city  ◆ tower ◆ neon rain     "
    assert [cells.styles[column] for column in (0, 16, 24, 32, 34)] == [
        *("prompt", "prompt", "key-chosen", "prompt", "label")
    ]


def test_keys(board: Board) -> None:
    """Values stand beside keys that have room for them."""
    row = text(lane_row(lane(board, "camera.zoom"), WHOLE))
    assert row == "◇ 1         ◇ 1.5" + " " * 30 + "◇"
    assert text(lane_row(lane(board, "camera.zoom"), Window(0, 96, 5, 96))) == "◇◇  ◇"


def test_the_chosen_key_is_seen(board: Board) -> None:
    """Of keys that share a column, the chosen one."""
    cells = lane_row(lane(board, "camera.zoom"), Window(0, 96, 2, 96), chosen=0)
    assert cells.styles == ["key-chosen", "key"]


def test_beats_thin_out(board: Board) -> None:
    """Bars and beats, then bars, then every second bar."""
    beats = lane(board, "beats")
    assert text(lane_row(beats, WHOLE)) == "▏     ·     ·     ·     " * 2
    assert text(lane_row(beats, Window(0, 96, 8, 96))) == "▏   ▏   "
    many = Lane(Kind.BEATS, "beats", ticks=np.arange(0, 960, 12), strong=np.arange(0, 960, 48))
    assert text(lane_row(many, Window(0, 960, 20, 960))).count("▏") == 10


def test_marks() -> None:
    """Labels as far as the next mark."""
    marks = Lane(
        Kind.MARKS,
        "cues",
        stretches=(Stretch("flash", 0, 1), Stretch("drop", 24, 48), Stretch("end", 90, 91)),
    )
    assert text(lane_row(marks, WHOLE)) == "▏flash      ▏drop┄┄┄┄┄┄┄                     ▏e…"


def test_levels_show_the_loudest() -> None:
    """A peak is seen however many frames share its column; what is no number is silence."""
    levels = np.zeros(96)
    levels[[3, 50]] = 1.0, np.nan
    row = text(lane_row(Lane(Kind.LEVEL, "bass", levels=levels), WHOLE))
    assert row == " █" + " " * 46


def test_tiers() -> None:
    """The worst frame of a column counts; older pictures and gaps are told apart."""
    tiers = np.array([3, 3, 3, 2, 1, 1, 2, 0, OLD + 2, 1, OLD + 2, 0, 0, 0, 0, 0], np.uint8)
    assert text(tier_row(tiers, Window(0, 16, 8, 16))) == "█▓░·▒·  "
    assert text(tier_row(tiers, Window(0, 8, 8, 16))) == "███▓░░▓ "
    assert text(tier_row(None, WHOLE)).strip() == ""
    # a map of another version has other frames
    assert text(tier_row(np.ones(5, np.uint8), WHOLE)).strip() == ""


def test_ruler(tmp_path: Path) -> None:
    """Seconds where they stand, none cut off, and the range that plays."""
    assert text(ruler_row(WHOLE, 24.0, None)) == "".join(f"{n}s".ljust(12) for n in range(4))
    assert text(ruler_row(WHOLE, 24.0, (48, 96)))[24:] == "━" * 24
    # a label that would be cut by what stands there is left out whole
    assert text(ruler_row(WHOLE, 24.0, None, (13, 20))).split() == ["0s", "2s", "3s"]
    assert text(ruler_row(WHOLE, 24.0, (48, 96), (20, 30)))[20:] == " " * 10 + "━" * 18

"""Jumps of the playhead over a film's board."""

from __future__ import annotations

import pytest
from tests.studio.live.board.boarded import boarded

from anim_studio.live.board.jumps import beat_from, key_from, number_from, scene_from
from anim_studio.live.board.lanes import EMPTY, Board

FILM = """bpm = 120
prompt { 0s: "a"; 3s: "b" }
camera 2d { zoom = 1s: 1, 4s: 1.2 }
scene x 2s { }
scene y 2s { }
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return boarded(FILM, tmp_path_factory.mktemp("film"))


def test_keys_of_all_lanes(board: Board) -> None:
    """Without a lane all keys count; one at the film's end is its last frame."""
    assert [key_from(board, None, frame, 1) for frame in (0, 23, 24, 72, 95)] == [24, 24, 72, 95, None]
    assert [key_from(board, None, frame, -1) for frame in (95, 72, 25, 24, 0)] == [72, 24, 24, 0, None]


def test_keys_of_a_lane(board: Board) -> None:
    """With a lane its own count; with one that has none, all."""
    assert [key_from(board, "prompts", frame, 1) for frame in (0, 72)] == [72, None]
    assert key_from(board, "beats", 0, 1) == 24
    assert number_from(board, "prompts", 0, 1) == ("prompts", 1)
    assert number_from(board, None, 24, 1) == ("prompts", 1)
    assert number_from(board, None, 72, 1) == ("camera.zoom", 1)
    assert number_from(board, "prompts", 72, 1) is None


def test_beats_and_scenes(board: Board) -> None:
    """Beats step by beats; back within a scene is its own start first."""
    assert [beat_from(board, frame, 1) for frame in (0, 11, 84)] == [12, 12, None]
    assert [beat_from(board, frame, -1) for frame in (13, 12, 0)] == [12, 0, None]
    assert [scene_from(board, frame, 1) for frame in (0, 47, 48)] == [48, 48, None]
    assert [scene_from(board, frame, -1) for frame in (60, 48, 0)] == [48, 0, None]


def test_nothing_to_jump_to() -> None:
    """An empty board has no places."""
    for jump in (beat_from, scene_from):
        assert jump(EMPTY, 0, 1) is None
    assert key_from(EMPTY, None, 0, -1) is None

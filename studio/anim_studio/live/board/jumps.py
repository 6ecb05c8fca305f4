"""Where the playhead jumps to: the next key, beat, bar or scene, and those before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_studio.live.board.lanes import Board


def key_from(board: Board, lane: str | None, frame: int, step: int) -> int | None:
    """The frame of the next key (`step` 1) or the one before (-1) of a lane, of all lanes if it has none;
    None if there is no more.
    """
    chosen = board.lane(lane)
    lanes = [chosen] if chosen is not None and chosen.keys else board.lanes
    places = {min(key.frame, board.frames - 1) for each in lanes for key in each.keys}
    return _from(np.array(sorted(places), np.int64), frame, step)


def number_from(board: Board, lane: str | None, frame: int, step: int) -> tuple[str, int] | None:
    """The lane and the number of the key that `key_from` finds: the first of those on that frame."""
    found = key_from(board, lane, frame, step)
    if found is None:
        return None
    chosen = board.lane(lane)
    for each in [chosen] if chosen is not None and chosen.keys else board.lanes:
        for number, key in enumerate(each.keys):
            if min(key.frame, board.frames - 1) == found:
                return each.name, number
    return None


def beat_from(board: Board, frame: int, step: int) -> int | None:
    """The frame of the next beat or the one before."""
    return _from(board.beats, frame, step)


def scene_from(board: Board, frame: int, step: int) -> int | None:
    """The first frame of the next scene, or of the one before; within a scene, back is to its own start."""
    return _from(np.array([scene.first for scene in board.scenes], np.int64), frame, step)


def _from(places: NDArray[np.int64], frame: int, step: int) -> int | None:
    """The first place after a frame, or the last before it."""
    if step > 0:
        after = int(np.searchsorted(places, frame, side="right"))
        return int(places[after]) if after < len(places) else None
    before = int(np.searchsorted(places, frame, side="left")) - 1
    return int(places[before]) if before >= 0 else None

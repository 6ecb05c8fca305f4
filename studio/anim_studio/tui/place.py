"""A place in a film as somebody types it: a frame, a time, a bar, a share or a scene."""

from __future__ import annotations

import re
from fractions import Fraction

from anim_studio.live.board.lanes import Board

EXAMPLES = "62, 2.5s, 1:02, bar 3.2, 50%, or a scene"

_FRAME = re.compile(r"(?:f|frame)?\s*(\d{1,9})", re.IGNORECASE)
_SECONDS = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(s|ms)")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d{1,6})?)")
_BAR = re.compile(r"bar\s*(\d{1,6})(?:\.(\d{1,3}))?", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")


def place_of(text: str, board: Board) -> int | None:
    """The frame that is meant, within the film; None if none is."""
    words = text.strip()
    found = _frame(words, board)
    if found is None:
        found = next((scene.first for scene in board.scenes if words and scene.name == words), None)
    return None if found is None else max(0, min(found, board.frames - 1))


def _frame(words: str, board: Board) -> int | None:
    if match := _FRAME.fullmatch(words):
        return int(match[1])
    if match := _SECONDS.fullmatch(words):
        return _at(Fraction(match[1]) / (1000 if match[2] == "ms" else 1), board)
    if match := _CLOCK.fullmatch(words):
        return _at(int(match[1] or 0) * 3600 + int(match[2]) * 60 + Fraction(match[3]), board)
    if match := _SHARE.fullmatch(words):
        return int(Fraction(match[1]) / 100 * board.frames)
    if match := _BAR.fullmatch(words):
        return _bar(int(match[1]), int(match[2] or 1), board)
    return None


def _at(seconds: Fraction, board: Board) -> int:
    """The first frame that is not before that time."""
    return -int(-seconds * board.fps // 1)


def _bar(bar: int, beat: int, board: Board) -> int | None:
    wanted = (bar - 1) * board.beats_per_bar + beat - 1
    for frame, number in zip(board.beats, board.counted, strict=True):
        if int(number) == wanted:
            return int(frame)
    return None

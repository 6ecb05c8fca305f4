"""Frames as ranges and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anim_compiler.ranges import frame_ranges, read_ranges


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ((), ""),
        ((0,), "0"),
        ((1, 2), "1-2"),
        ((1, 2, 3, 5), "1-3,5"),
        ((0, 2), "0,2"),
        ((0, 3, 6), "0-6/3"),
        (tuple(range(0, 97, 3)), "0-96/3"),
        ((0, 3, 4, 5, 9, 12, 15), "0,3-5,9-15/3"),
        ((1, 2, 4, 5), "1-2,4-5"),
        ((1, 2, 4, 5, 7, 8, 10, 11), "1-11/2:3"),
        ((0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 20, 21), "0-3,5-15/3:4,20-21"),
    ],
)
def test_how_ranges_are_written(frames: tuple[int, ...], text: str) -> None:
    assert frame_ranges(frames) == text
    assert read_ranges(text) == frames


@given(st.sets(st.integers(0, 60)).map(sorted))
def test_any_frames_come_back(frames: list[int]) -> None:
    assert read_ranges(frame_ranges(frames)) == tuple(frames)


@pytest.mark.parametrize(
    "text",
    ["a", "3-1", "1-", "-1", "1,1", "2-5,4", "0-5/3", "1 2", "01", "1,,2", "0-4/0", "1-11/2:2", "1-10/2:3"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="range"):
        read_ranges(text)

"""Frames and columns, both ways, at every zoom."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anim_studio.tui.timeline.window import NEAREST, Window

FAST = settings(max_examples=150, deadline=None)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    frames = draw(st.integers(1, 5000))
    first = draw(st.integers(0, frames - 1))
    end = draw(st.integers(first + 1, frames))
    return Window(first, end, draw(st.integers(1, 300)), frames)


@FAST
@given(windows(), st.data())
def test_a_column_shows_its_frame(window: Window, data: st.DataObject) -> None:
    """The frame of a column is drawn on it where frames share columns; else its column shows it."""
    column = data.draw(st.integers(0, window.columns - 1))
    frame = window.frame(column)
    assert window.first <= frame < window.end
    drawn = window.column(frame)
    assert drawn is not None
    assert window.frame(drawn) == frame
    if window.count >= window.columns:
        assert drawn == column


@FAST
@given(windows(), st.data())
def test_many_at_once_are_as_one_by_one(window: Window, data: st.DataObject) -> None:
    """Columns of many frames, and frames of all columns, are those of each."""
    chosen = data.draw(st.lists(st.integers(0, window.frames - 1), unique=True, max_size=20))
    frames = np.array(sorted(chosen), np.int64)
    one_by_one = [window.column(frame) for frame in frames.tolist() if window.first <= frame < window.end]
    assert window.columns_of(frames).tolist() == one_by_one
    assert window.shown_frames.tolist() == [window.frame(column) for column in range(window.columns)]


@FAST
@given(windows(), st.floats(0.05, 20), st.data())
def test_zooming_keeps_the_frame_at_the_pointer(window: Window, factor: float, data: st.DataObject) -> None:
    """Unless the film ends there, the frame at a column is at that column afterwards."""
    column = data.draw(st.integers(0, window.columns - 1))
    first, end = window.zoomed(factor, column)
    assert 0 <= first < end <= window.frames
    assert end - first >= min(NEAREST, window.frames)
    after = Window(first, end, window.columns, window.frames)
    if first > 0 and end < window.frames:
        assert after.frame(column) == window.frame(column)


@FAST
@given(windows(), st.integers(-9000, 9000))
def test_panning_stays_on_the_film(window: Window, frames: int) -> None:
    """As many frames as before, none beyond the film."""
    first, end = window.panned(frames)
    assert (end - first, first >= 0, end <= window.frames) == (window.count, True, True)


@FAST
@given(windows(), st.data())
def test_following_shows_the_playhead(window: Window, data: st.DataObject) -> None:
    """A playhead that leaves is on the next page; one that is seen moves nothing."""
    head = data.draw(st.integers(0, window.frames - 1))
    first, end = window.following(head)
    assert first <= head < end
    if window.first <= head < window.end:
        assert (first, end) == window.view


def test_zooming_always_moves() -> None:
    """However few frames are shown, a step nearer or farther is one, up to the ends."""
    window = Window(0, 10, 80, 100)
    assert window.zoomed(0.99) == (1, 10)
    assert window.zoomed(1.01)[1] - window.zoomed(1.01)[0] == 11
    assert Window(0, 8, 80, 100).zoomed(0.5) == (0, 8)
    assert Window(0, 100, 80, 100).zoomed(2) == (0, 100)


def test_an_empty_view_is_the_whole_film() -> None:
    """What is beyond the film is left out."""
    assert Window.of((0, 0), 10, 50).view == (0, 50)
    assert Window.of((40, 90), 10, 50).view == (40, 50)
    assert Window.of((60, 90), 10, 50).view == (0, 50)


def test_the_end_of_the_film_has_a_column() -> None:
    """A key at the very end stands on the last column; of a part that ends before, on none."""
    assert Window(0, 50, 10, 50).column(50) == 9
    assert Window(0, 40, 10, 50).column(40) is None


def test_edges() -> None:
    """Spans begin where their frame begins, and fill the view where they reach beyond it."""
    window = Window(10, 20, 20, 50)
    assert [window.edge(frame) for frame in (0, 10, 11, 15, 20, 30)] == [0, 0, 2, 10, 20, 20]

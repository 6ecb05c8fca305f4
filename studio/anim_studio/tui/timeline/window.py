"""The frames that a timeline shows, and on which columns: both ways, zoomed and panned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAREST = 8
"""So few frames are shown at the nearest, or all of a shorter film."""

_LEAD = 0.1
"""The part of the columns behind the playhead where a page is turned while the film plays."""


@dataclass(frozen=True, slots=True)
class Window:
    """Frames `first <= f < end` of a film of `frames`, on `columns` columns; all of them at least 1.

    Columns and frames meet at their middles, so that a column's frame is drawn in that very column, however
    near or far it is looked at.
    """

    first: int
    end: int
    columns: int
    frames: int

    @classmethod
    def of(cls, view: tuple[int, int], columns: int, frames: int) -> Window:
        """A view on so many columns; one that is empty or beyond the film is the whole film."""
        first, end = max(0, view[0]), min(view[1], frames)
        if end <= first:
            first, end = 0, max(1, frames)
        return cls(first, end, max(1, columns), max(1, frames))

    @property
    def count(self) -> int:
        """How many frames are shown."""
        return self.end - self.first

    @property
    def view(self) -> tuple[int, int]:
        """The first frame and the one after the last."""
        return self.first, self.end

    def column(self, frame: int) -> int | None:
        """The column of a frame; None outside. The film's end stands on the last column."""
        if not self.first <= frame < self.end and not frame == self.end == self.frames:
            return None
        return min(self._column(frame), self.columns - 1)

    def columns_of(self, frames: NDArray[np.int64]) -> NDArray[np.int64]:
        """The columns of rising frames that are shown."""
        begin, past = np.searchsorted(frames, [self.first, self.end])
        shown = frames[begin:past]
        return (2 * (shown - self.first) + 1) * self.columns // (2 * self.count)

    def edge(self, frame: int) -> int:
        """The column where a frame begins, for spans: 0 before the view, `columns` behind it."""
        found = -(-(frame - self.first) * self.columns // self.count)
        return min(max(found, 0), self.columns)

    def frame(self, column: int) -> int:
        """The frame in the middle of a column; columns outside count as the nearest."""
        inside = min(max(column, 0), self.columns - 1)
        return self.first + (2 * inside + 1) * self.count // (2 * self.columns)

    @property
    def shown_frames(self) -> NDArray[np.int64]:
        """The frame of every column: int64[columns]."""
        return self.first + (2 * np.arange(self.columns) + 1) * self.count // (2 * self.columns)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each column's share of the frames begins, for sums over them: int64[columns]."""
        return self.first + np.arange(self.columns) * self.count // self.columns

    def zoomed(self, factor: float, at: int | None = None) -> tuple[int, int]:
        """The view of `factor` times as many frames, in which the frame at a column stays on that column;
        without a column the middle stays.
        """
        column = self.columns // 2 if at is None else min(max(at, 0), self.columns - 1)
        least = min(NEAREST, self.frames)
        count = min(max(round(self.count * factor), least), self.frames)
        if count == self.count and factor != 1.0:
            # where rounding would stand still
            count = min(max(count + (1 if factor > 1 else -1), least), self.frames)
        first = self.frame(column) - (2 * column + 1) * count // (2 * self.columns)
        return self._within(first, count)

    def panned(self, frames: int) -> tuple[int, int]:
        """The view so many frames later."""
        return self._within(self.first + frames, self.count)

    def following(self, head: int) -> tuple[int, int]:
        """The view that shows the playhead: the next page if it runs out of this one."""
        if self.first <= head < self.end:
            return self.view
        return self._within(head - int(self.count * _LEAD), self.count)

    def _within(self, first: int, count: int) -> tuple[int, int]:
        begin = min(max(first, 0), self.frames - count)
        return begin, begin + count

    def _column(self, frame: int) -> int:
        return (2 * (frame - self.first) + 1) * self.columns // (2 * self.count)

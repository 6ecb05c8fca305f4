"""Curves as rows of signs: braille dots where there is room, blocks on one row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_studio.tui.timeline.lane_rows import BLOCKS
from anim_studio.tui.timeline.window import Window

#: dots of a braille sign by row from the top, left and right (Unicode 15, chapter 21.1)
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800


@dataclass(frozen=True, slots=True)
class Extent:
    """The least and greatest value of a whole curve, by which its plot is scaled wherever one looks."""

    low: float
    high: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Extent:
        """That of float64[frames]; values that are not finite do not count."""
        finite = values[np.isfinite(values)]
        return cls(float(finite.min()), float(finite.max())) if finite.size else cls(0.0, 0.0)

    def shares(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values as parts of the way from least to greatest; what never changes is half way up."""
        if self.high <= self.low:
            return np.where(np.isfinite(values), 0.5, np.nan)
        return np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)


def plot_rows(values: NDArray[np.float64], extent: Extent, window: Window, rows: int) -> list[str]:
    """The curve over a window, top row first; float64[frames], gaps where it is not a number."""
    if len(values) < window.end or rows < 1:
        return [" " * window.columns] * max(rows, 0)
    if rows == 1:
        return ["".join(_blocks(values, extent, window))]
    return _braille(values, extent, window, rows)


def _blocks(values: NDArray[np.float64], extent: Extent, window: Window) -> list[str]:
    high = _spread(values, window)[1]
    if extent.high <= extent.low:
        return ["─" if ok else " " for ok in np.isfinite(high).tolist()]
    eighths = 1 + np.rint(np.nan_to_num(extent.shares(high)) * 7).astype(np.int64)
    return [
        BLOCKS[n] if ok else " " for n, ok in zip(eighths.tolist(), np.isfinite(high).tolist(), strict=True)
    ]


def _braille(values: NDArray[np.float64], extent: Extent, window: Window, rows: int) -> list[str]:
    fine = Window(window.first, window.end, window.columns * 2, window.frames)
    low, high = _spread(values, fine)
    tall = rows * 4
    bottom = np.rint(np.nan_to_num(1 - extent.shares(low)) * (tall - 1)).astype(np.int64)
    top = np.rint(np.nan_to_num(1 - extent.shares(high)) * (tall - 1)).astype(np.int64)
    is_there = np.isfinite(low)
    top, bottom = _joined(top, bottom, is_there)
    place = np.arange(tall)[:, None]
    on = (place >= top) & (place <= bottom) & is_there
    cells = on.reshape(rows, 4, window.columns, 2)
    signs = np.full((rows, window.columns), _BLANK)
    for row, pair in enumerate(_DOTS):
        for side, dot in enumerate(pair):
            signs += cells[:, row, :, side] * dot
    return ["".join(map(chr, line)).replace(chr(_BLANK), " ") for line in signs.tolist()]


def _joined(
    top: NDArray[np.int64], bottom: NDArray[np.int64], is_there: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Steps from one column to the next are lines: each begins beside where the one before ended."""
    both = is_there[1:] & is_there[:-1]
    above, below = top.copy(), bottom.copy()
    above[1:] = np.where(both & (top[1:] > bottom[:-1] + 1), bottom[:-1] + 1, top[1:])
    below[1:] = np.where(both & (bottom[1:] < top[:-1] - 1), top[:-1] - 1, bottom[1:])
    return above, below


def _spread(values: NDArray[np.float64], window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and greatest value of each column's frames; NaN where none is a number."""
    if window.count <= window.columns:
        shown = values[window.shown_frames]
        shown = np.where(np.isfinite(shown), shown, np.nan)
        return shown, shown
    part = values[: window.end]
    is_finite = np.isfinite(part)
    if is_finite[window.first :].all():
        return np.minimum.reduceat(part, window.starts), np.maximum.reduceat(part, window.starts)
    low = np.minimum.reduceat(np.where(is_finite, part, np.inf), window.starts)
    high = np.maximum.reduceat(np.where(is_finite, part, -np.inf), window.starts)
    return np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)


def value_text(value: float, unit: str = "") -> str:
    """A value with its unit, as exact as it is read: `1.18`, `87.5°`, `12.4 px`; `–` where there is none."""
    if not np.isfinite(value):
        return "–"
    # what is 0 but for the last bits of a sum is 0 to a reader
    text = f"{value:.0f}" if abs(value) >= 10_000 else f"{round(float(value), 9) + 0.0:.4g}"
    return f"{text}{UNIT_SIGNS.get(unit, '')}"


#: what is written behind a value of a setting's type
UNIT_SIGNS = {"angle": "°", "px": " px", "time": " s", "frequency": " hz", "level": " db"}

"""Where things are on a timeline: which lane is on which row, and what is under the pointer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rich.text import Text

from anim_studio.cli.values import format_time
from anim_studio.live.board.lanes import Board, KeyMark, Kind, Lane
from anim_studio.tui.timeline.window import Window

_LEAST_NAME, _MOST_NAME = 8, 16
_NEAR = 1
"""A key so many columns beside the pointer is meant."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What is at a cell: the frame, the lane, and the number of a key that is meant; `is_name` left of it."""

    frame: int
    lane: str | None = None
    key: int | None = None
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a timeline: lanes from number `top` on, then the tiers, then the ruler; names are `gutter`
    cells wide.
    """

    lanes: int
    top: int
    width: int
    height: int
    gutter: int

    @classmethod
    def of(cls, board: Board, width: int, height: int, top: int = 0) -> Rows:
        """The rows of a board at a size; `top` is the first lane that is wanted."""
        longest = max((len(name) for name in (*short_names(board), "frames")), default=0) + 2
        gutter = min(max(longest, _LEAST_NAME), _MOST_NAME, max(width // 4, 1))
        count = len(board.lanes)
        most = max(count - max(height - 2, 0), 0)
        return cls(count, min(max(top, 0), most), width, height, gutter)

    @property
    def columns(self) -> int:
        """Cells for frames."""
        return max(self.width - self.gutter, 1)

    @property
    def lanes_shown(self) -> int:
        """How many lanes have a row, which is also the row of the tiers."""
        return min(max(self.height - 2, 0), self.lanes)

    def at(self, y: int) -> int | Literal["ruler", "blank"]:
        """What is on a row: the number of a lane, -1 for the tiers, or the ruler."""
        if y < self.lanes_shown:
            return self.top + y
        below = y - self.lanes_shown
        if below == self.foot - self.lanes_shown:
            return "ruler"
        return -1 if below == 0 else "blank"

    @property
    def foot(self) -> int:
        """The row of the ruler: below the tiers, or alone where there is one row."""
        return min(self.lanes_shown + 1, max(self.height - 1, 0))

    def top_for(self, lane: int) -> int:
        """The first lane to show, so that one is seen."""
        if lane < self.top:
            return lane
        return max(self.top, lane - self.lanes_shown + 1)

    def scrolled(self, by: int) -> int:
        """The first lane to show, so many further."""
        return min(max(self.top + by, 0), max(self.lanes - self.lanes_shown, 0))

    def hit(self, board: Board, window: Window, x: int, y: int) -> Hit:
        """What is at a cell."""
        frame, row = window.frame(x - self.gutter), self.at(y)
        lane = board.lanes[row] if isinstance(row, int) and row >= 0 else None
        if lane is None:
            return Hit(frame, is_name=x < self.gutter)
        if x < self.gutter:
            return Hit(frame, lane.name, is_name=True)
        return Hit(frame, lane.name, _key_at(lane, window, x - self.gutter))


def _key_at(lane: Lane, window: Window, column: int) -> int | None:
    """The number of the nearest key; of a prompt its text is meant too."""
    found = [
        (column_of, n)
        for n, key in enumerate(lane.keys)
        if (column_of := window.column(key.frame)) is not None
    ]
    near = min(found, key=lambda row: abs(row[0] - column), default=None)
    if near is not None and abs(near[0] - column) <= _NEAR:
        return near[1]
    before = [row for row in found if row[0] < column]
    if lane.kind is not Kind.PROMPTS or not before:
        return None
    at, number = before[-1]
    return number if column < at + 2 + len(lane.keys[number].label) else None


@lru_cache(maxsize=8)
def short_names(board: Board) -> tuple[str, ...]:
    """What lanes are called: the last part of a name where no other ends so, else all of it."""
    lasts = Counter(lane.name.rpartition(".")[2] for lane in board.lanes)
    names: list[str] = []
    for lane in board.lanes:
        last = lane.name.rpartition(".")[2]
        names.append(last if lasts[last] == 1 else _tail(lane.name))
    return tuple(names)


def _tail(name: str) -> str:
    most = _MOST_NAME - 2
    return name if len(name) <= most else f"…{name[1 - most :]}"


def key_text(key: KeyMark | None) -> Text | None:
    """A key as it is written, its line, and why it cannot be edited if so; None without a key."""
    if key is None:
        return None
    written = f"{key.time}: {key.value} {key.easing}".strip() if key.time else key.value
    where = f"line {key.spot.place.line}" + (f": {key.why_not}" if key.why_not else "")
    return Text(f"{written}\n{where}")


def place_text(board: Board, frame: int) -> str:
    """`00:02.58 · frame 62 · bar 2.1`."""
    text = f"{format_time(board.seconds(frame))} · frame {frame}"
    counted = board.bar_beat(frame)
    return text if counted is None else f"{text} · bar {counted[0]}.{counted[1]}"

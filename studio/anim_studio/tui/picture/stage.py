"""Where pictures stand in a widget: one alone, or two beside or above each other, whichever shows them
larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anim_studio.tui.picture.scale import fitted

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a picture stands: cells from the left and across, half cells from the top and down."""

    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The half cell after its last one."""
        return self.top + self.height

    @property
    def label_row(self) -> int:
        """The row of cells above it."""
        return self.top // 2 - 1


@dataclass(frozen=True, slots=True)
class Stage:
    """The places of the pictures, and the row of cells for the caption; that one may cover the last picture's
    foot.
    """

    places: tuple[Box, ...]
    caption_row: int | None


def staged(sizes: Sequence[Size], room: Size, *, aspect: float, captioned: bool, whole: bool) -> Stage:
    """Places for pictures of these widths and heights in `room` columns and rows.

    Two pictures have a row above each for its name. `whole` keeps to whole cells, and the caption off the
    pictures; otherwise it covers one only where no row is free.
    """
    columns, rows = room
    full = _arranged(sizes, room, aspect=aspect, whole=whole)
    if captioned and rows > 1:
        free = _arranged(sizes, (columns, rows - 1), aspect=aspect, whole=whole)
        if whole or _area(free) >= _area(full):
            return Stage(free, max(-(-place.bottom // 2) for place in free))
    return Stage(full, min(rows, -(-full[-1].bottom // 2)) - 1 if captioned and rows else None)


def _arranged(sizes: Sequence[Size], room: Size, *, aspect: float, whole: bool) -> tuple[Box, ...]:
    columns, rows = room
    if len(sizes) == 1:
        return (_placed(sizes[0], 0, 0, room, aspect=aspect, whole=whole),)
    half, tall = (columns - 1) // 2, rows // 2
    beside = tuple(
        _placed(size, left, 1, (half, rows - 1), aspect=aspect, whole=whole)
        for size, left in zip(sizes, (0, columns - half), strict=True)
    )
    above = tuple(
        _placed(size, 0, top + 1, (columns, tall - 1), aspect=aspect, whole=whole)
        for size, top in zip(sizes, (0, tall), strict=True)
    )
    return above if tall > 1 and (half < 1 or _area(above) > _area(beside)) else beside


def _placed(size: Size, left: int, row: int, room: Size, *, aspect: float, whole: bool) -> Box:
    """In the middle of a room of cells, whose upper left one is `left`, `row`."""
    columns, rows = max(1, room[0]), max(1, room[1])
    width, height = fitted(size, (columns, 2 * rows), aspect)
    if whole:
        height = max(2, height - height % 2)
    top = (2 * rows - height) // 2
    # an even start keeps the upper edge sharp, and leaves the free row below
    return Box(left + (columns - width) // 2, 2 * row + top - top % 2, width, height)


def _area(places: Sequence[Box]) -> int:
    return min(place.width * place.height for place in places)

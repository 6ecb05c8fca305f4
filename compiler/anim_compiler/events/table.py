"""Rows and columns of a file, whatever its format; a column is put together when it is asked for."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_ROWS = 1_000_000
"""So many rows may a table have."""

MOST_COLUMNS = 1_000
"""So many columns may it have."""

_GAPS = frozenset({"", "nan", "null", "none", "na", "n/a", "#n/a", "-", "--"})
"""How programs write that there is no value, in small letters."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of `rows` rows. `headers` are the names of its columns as written, empty where it has none.

    `read` gives the cells of a column by its place; `place` says where a cell is, by row and column.
    `is_by_frame`: there is no column of times, and a row stands for a frame; `fps` is the rate of its frames,
    None if that is the film's. With `decimal_comma` numbers may have one.
    """

    headers: tuple[str, ...]
    rows: int
    read: Callable[[int], Sequence[object]]
    place: Callable[[int, int], str]
    is_by_frame: bool = False
    decimal_comma: bool = False
    fps: float | None = None


@dataclass(frozen=True, slots=True)
class NoNumber:
    """A cell that holds something else; `row` counts from 0."""

    row: int
    shown: str


def numbers(table: Table, column: int) -> list[float | None] | NoNumber:
    """The numbers of a column, None where there is a gap; the first cell that is neither."""
    found: list[float | None] = []
    cells = table.read(column)
    plain = plain_numbers(cells)
    if plain is not None:
        return list(plain)
    for row, cell in enumerate(cells):
        try:
            value = float(cell)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            other = _otherwise(cell, table.decimal_comma)
            if isinstance(other, str):
                return NoNumber(row, other)
            value = other
        if math.isinf(value):
            return NoNumber(row, shown(cell))
        found.append(None if value != value else value)
    return found


def plain_numbers(cells: Sequence[object]) -> array[float] | None:
    """The numbers of cells of which each is one, as most columns are: one by one they take three times as
    long; None if any is none.
    """
    try:
        found = array("d", map(float, cells))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return found if all(map(math.isfinite, found)) else None


def _otherwise(cell: object, decimal_comma: bool) -> float | str:
    """A cell that Python does not read as a number: NaN for a gap, its text if it is none."""
    if cell is None:
        return math.nan
    if not isinstance(cell, str):
        return shown(cell)
    words = cell.strip().lower()
    if words in _GAPS:
        return math.nan
    plain, under = (words[:-1], 100.0) if words.endswith("%") else (words, 1.0)
    try:
        return float(plain.replace(",", ".") if decimal_comma else plain) / under
    except ValueError:
        return shown(cell)


def shown(cell: object, most: int = 24) -> str:
    """A cell as messages show it, on one line."""
    if isinstance(cell, dict | list):
        return "a list" if isinstance(cell, list) else "an object"
    try:
        words = " ".join(str(cell)[:200].split())
    except ValueError:  # a whole number of more digits than Python prints
        return "a huge number"
    return words if len(words) <= most else words[: most - 1] + "…"


def is_number(cell: object) -> bool:
    """Whether a cell is a number or a gap, as all below a header are."""
    if cell is None or isinstance(cell, int | float):
        return True
    return isinstance(cell, str) and not isinstance(_cell(cell), str)


def _cell(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return _otherwise(cell, decimal_comma=True)

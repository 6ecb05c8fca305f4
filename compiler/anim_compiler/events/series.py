"""The `series` statement: columns of numbers over time as curves."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from anim_compiler import setting
from anim_compiler.events import csv_table, json_table
from anim_compiler.events.curve import points
from anim_compiler.events.marks import spelled
from anim_compiler.events.opening import Opened
from anim_compiler.events.table import NoNumber, Table, numbers, plain_numbers
from anim_compiler.events.times import seconds
from anim_compiler.events.unreadable import Unreadable, content, text
from anim_compiler.film_events import Series
from anim_compiler.names import did_you_mean, some
from anim_compiler.options import fixed, last
from anim_compiler.typed import Points, Recorded
from anim_compiler.values import NumberValue, Value
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.tokens import RESERVED

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_SECONDS = ("time", "seconds", "sec", "time_s", "time_sec", "time_seconds", "timestamp", "t", "t_s", "s")
_MILLISECONDS = ("ms", "milliseconds", "time_ms", "time_milliseconds", "timestamp_ms", "t_ms")
_FRAMES = ("frame", "frames", "frame_number", "frame_idx", "f")


@dataclass(frozen=True, slots=True, eq=False)
class SeriesFile:
    """A table of a film. `times` are its rows' seconds of the film, `order` the rows by time; `names` are its
    columns as a film calls them, None for that of the times.
    """

    series: Series
    table: Table
    names: tuple[str | None, ...]
    times: array[float]
    order: Sequence[int]
    kept: dict[int, Points] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The names of its curves."""
        return [name for name in self.names if name is not None]


def made(check: Expressions, opened: Opened) -> SeriesFile | Unreadable:
    """The table of a statement's file; what is odd about its times is warned of."""
    table = _table(opened)
    if isinstance(table, Unreadable):
        return table
    later = fixed(check, "series", "offset", opened.entries) or Fraction(0)
    how, wanted = (_word(check, opened, name) for name in ("interpolation", "time"))
    column = _time_column(opened, table, wanted)
    if isinstance(column, Unreadable):
        return column
    times = _times(table, column, float(later), check.scope.fps, opened)
    if isinstance(times, Unreadable):
        return times
    series = Series(opened.name, opened.relative, opened.sha256, later, how or "linear", wanted)
    order = _order(check, opened, table, times, max(column, 0))
    return SeriesFile(series, table, _names(table, column), times, order)


def _table(opened: Opened) -> Table | Unreadable:
    data = content(opened.path, opened.written)
    found = text(data, opened.written) if isinstance(data, bytes) else data
    if isinstance(found, Unreadable):
        return found
    suffix = PurePosixPath(opened.written.replace("\\", "/")).suffix.lower()
    is_json = suffix == ".json" or (suffix != ".csv" and found.lstrip()[:1] in ("{", "["))
    return json_table.table(found, opened.written) if is_json else csv_table.table(found, opened.written)


def _word(check: Expressions, opened: Opened, name: str) -> str | None:
    entry = last(opened.entries, name)
    found = None if entry is None else setting.word(check, SETTINGS["series", name], entry)
    return found if isinstance(found, str) else None


# --- times ---


def _time_column(opened: Opened, table: Table, wanted: str | None) -> int | Unreadable:
    """The place of the column of times, -1 if a row stands for a frame."""
    headers = [header.strip().lower() for header in table.headers]
    if wanted is not None:
        if wanted.strip().lower() in headers:
            return headers.index(wanted.strip().lower())
        hint = did_you_mean(wanted, table.headers) or f"it has {some(table.headers)}"
        entry = last(opened.entries, "time")
        at = None if entry is None else entry.value.span
        return Unreadable(f"`{opened.written}` has no column `{wanted}`", hint, "E2001", at)
    if table.is_by_frame:
        return -1
    kinds = [_kind(header) for header in headers]
    named = (kinds.index(name) for name in (*_SECONDS, *_MILLISECONDS, *_FRAMES) if name in kinds)
    return next(named, 0)


def _kind(header: str) -> str:
    """What a header says, its unit as a word: `Time (ms)` is `time_ms`."""
    return spelled(header).lower()


def _times(
    table: Table, column: int, later: float, fps: Fraction, opened: Opened
) -> array[float] | Unreadable:
    """The second of the film of every row."""
    rate = float(fps if table.fps is None else table.fps)
    if column < 0:
        return array("d", [row / rate + later for row in range(table.rows)])
    kind = _kind(table.headers[column])
    under = rate if kind in _FRAMES else 1000.0 if kind in _MILLISECONDS else 1.0
    cells = table.read(column)
    plain = plain_numbers(cells)
    if plain is not None:
        return array("d", [at / under + later for at in plain])
    found: list[float] = []
    for row, cell in enumerate(cells):
        at = _second(cell, fps)
        if at is None:
            where = table.place(row, column)
            hint = 'write seconds, or name the column of times: `{ time = "seconds" }`'
            return Unreadable(f"`{opened.written}` has no time at {where}", hint)
        found.append(at / under + later)
    return array("d", found)


def _second(cell: object, fps: Fraction) -> float | None:
    try:
        at = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        exact = seconds(cell, fps) if isinstance(cell, str) else None
        return None if exact is None else float(exact)
    return at if math.isfinite(at) else None


def _order(
    check: Expressions, opened: Opened, table: Table, times: array[float], column: int
) -> Sequence[int]:
    """The rows by time; warns of those that stand before an earlier one, and of times that come twice."""
    order: Sequence[int] = range(len(times))
    back = next((i for i in range(1, len(times)) if times[i] < times[i - 1]), None)
    if back is not None:
        order = sorted(order, key=times.__getitem__)
        message = f"`{opened.written}` goes back in time at {table.place(back, column)}"
        hint = 'its rows are read in order of time; write `{ time = "…" }` if another column holds the times'
        check.findings.warning("W6160", opened.span, message, hint=hint)
    twice = next((b for a, b in pairwise(order) if times[a] == times[b]), None)
    if twice is not None:
        message = f"`{opened.written}` has the same time twice, at {table.place(twice, column)}"
        check.findings.warning(
            "W6161", opened.span, message, hint="the later row counts; take the other away"
        )
    return order


# --- what is read of it ---


def _names(table: Table, column: int) -> tuple[str | None, ...]:
    """What a film calls the columns: their headers in letters, digits and `_`; `c2` without one."""
    taken: set[str] = set(RESERVED)
    names: list[str | None] = []
    for i, header in enumerate(table.headers):
        base = name = spelled(header) or f"c{i + 1}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        names.append(None if i == column else name)
    return tuple(names)


def alone(check: Expressions, found: SeriesFile, span: Span) -> Value | None:
    """The curve of a table that has one column beside its times."""
    columns = found.columns
    if len(columns) == 1:
        return member(check, found, (columns[0],), span)
    name = found.series.name
    message = f"`{name}` has {len(columns)} columns, and one is wanted"
    hint = (
        f"write `{name}.{columns[0]}`; it has {some(columns)}" if columns else "its only column is the time"
    )
    check.findings.error("E2133", span, message, hint=hint)
    return None


def member(check: Expressions, found: SeriesFile, path: tuple[str, ...], span: Span) -> Value | None:
    """The curve of a column; what is none, or holds no numbers, is reported."""
    name = path[0]
    if len(path) > 1 or name not in found.columns:
        hint = did_you_mean(name, found.columns) or f"it has {some(found.columns)}"
        message = f"`{found.series.path}` has no column `{'.'.join(path)}`"
        check.findings.error("E2001", span, message, hint=hint)
        return None
    made = _points(found, found.names.index(name))
    if isinstance(made, str):
        hint = "a cell is a number, or empty: then it is told by those around it"
        check.findings.error("E2132", span, made, hint=hint)
        return None
    return NumberValue(Recorded(found.series.name, found.series.interpolation, made, span), live=True)


def _points(found: SeriesFile, column: int) -> Points | str:
    """The rows of a column that hold a number; of several at one time the last one. Else what is wrong."""
    if column in found.kept:
        return found.kept[column]
    cells, path = numbers(found.table, column), found.series.path
    if isinstance(cells, NoNumber):
        return f"`{path}` has no number at {found.table.place(cells.row, column)}: `{cells.shown}`"
    times, values = array("d"), array("d")
    for row in found.order:
        value, at = cells[row], found.times[row]
        if value is None:
            continue
        if times and times[-1] == at:
            values[-1] = value
        else:
            times.append(at)
            values.append(value)
    if not values:
        return f"`{path}` has no number in its column `{found.names[column]}`"
    found.kept[column] = points(times, values, values[0])
    return found.kept[column]

"""Tables as JSON: objects in a list, lists in an object, values by time, or frames of Parseq."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from anim_compiler.events.table import MOST_COLUMNS, MOST_ROWS, Table
from anim_compiler.events.unreadable import Unreadable
from anim_compiler.world import TOO_LARGE

_INSIDE = ("rendered_frames", "frames", "data", "rows", "series", "values", "keyframes")
"""Where programs put their table in a larger object; Parseq's is the first."""

_LIKE = 'write `[{"time": 0, "level": 0.5}, …]`, `{"time": [0, 1], "level": [0.5, 1]}` or `{"0": 0.5}`'


def table(text: str, name: str) -> Table | Unreadable:
    """The table of a JSON text."""
    try:
        found = json.loads(text)
    except RecursionError:
        return Unreadable(f"`{name}` is nested too deep", _LIKE)
    except json.JSONDecodeError as why:
        said = f"`{name}` is not JSON: {why.msg.lower()}, line {why.lineno}, column {why.colno}"
        return Unreadable(said, "mend it there, or save it anew")
    except ValueError:
        return Unreadable(f"`{name}` holds a number of too many digits", "write numbers like `0.5`")
    fps = None
    if isinstance(found, dict):
        inside = next((found[key] for key in _INSIDE if _is_rows(found.get(key))), None)
        fps = None if inside is None else _rate(found)
        found = found if inside is None else inside
    made = (
        _of_list(found) if isinstance(found, list) else _of_object(found) if isinstance(found, dict) else None
    )
    if made is None:
        return Unreadable(f"`{name}` holds no table", _LIKE)
    if made.rows > MOST_ROWS or len(made.headers) > MOST_COLUMNS:
        said = f"`{name}` has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns"
        return Unreadable(said, "keep what the film needs", TOO_LARGE)
    return replace(made, fps=fps)


def _rate(found: Mapping[str, Any]) -> float | None:
    """The frames a second that Parseq wrote its frames for; None if there is no such number."""
    options = found.get("options")
    rate = options.get("output_fps") if isinstance(options, dict) else None
    return float(rate) if isinstance(rate, int | float) and 0 < rate <= 1000 else None


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _place(row: int, _column: int) -> str:
    return f"row {row + 1}"


def _of_list(rows: list[Any]) -> Table | None:
    """`[{"time": 0, "level": 1}, …]`, `[[0, 1], …]`, `[0.5, 0.7, …]`; Any: values as JSON has them."""
    if not rows:
        return None
    if all(isinstance(row, dict) for row in rows):
        return _of_objects(rows)
    if all(isinstance(row, list) for row in rows):
        width = max(map(len, rows))
        return Table(("",) * width, len(rows), _cells(rows), _place, width == 1) if width else None
    return Table(("",), len(rows), lambda _: rows, _place, True)


def _of_objects(rows: Sequence[Mapping[str, Any]]) -> Table | None:
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
        if len(names) > MOST_COLUMNS:
            break
    headers = tuple(names)

    def read(column: int) -> list[object]:
        return [row.get(headers[column]) for row in rows]

    return Table(headers, len(rows), read, _place, len(headers) == 1) if headers else None


def _cells(rows: Sequence[Sequence[Any]]) -> Any:
    """Reads a column of rows that are lists; Any, as their values are."""
    return lambda column: [row[column] if column < len(row) else None for row in rows]


def _of_object(found: Mapping[str, Any]) -> Table | None:
    """`{"time": […], "level": […]}`, or values by time."""
    if found and all(isinstance(value, list) for value in found.values()) and not all(map(_is_time, found)):
        headers, columns = tuple(found), tuple(found.values())
        length = max(map(len, columns))

        def read(column: int) -> list[object]:
            return [*columns[column], *[None] * (length - len(columns[column]))]

        return Table(headers, length, read, _place, len(headers) == 1) if length else None
    return _by_time(found)


def _is_time(key: str) -> bool:
    try:
        float(key)
    except ValueError:
        return False
    return True


def _by_time(found: Mapping[str, Any]) -> Table | None:
    """`{"0": 0.5, "1.5": 1}`, or `{"0": {"level": 0.5}, …}`."""
    if not found or not all(map(_is_time, found)):
        return None
    times, values = list(found), list(found.values())
    if all(isinstance(value, dict) for value in values):
        inner = _of_objects(values)
        if inner is None:
            return None
        return Table(
            ("time", *inner.headers), len(times), lambda i: inner.read(i - 1) if i else times, _place
        )
    return Table(("time", ""), len(times), lambda i: values if i else times, _place)

"""Tables as text: cells between commas, semicolons, tabs or spaces, with or without a line of names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

from anim_compiler.events.table import MOST_COLUMNS, MOST_ROWS, Table, is_number
from anim_compiler.events.times import seconds
from anim_compiler.events.unreadable import Unreadable
from anim_compiler.world import TOO_LARGE

_MARKS = ("\t", ";", ",")

_SEP = re.compile(r"sep=(.)\r?\n")
"""How spreadsheets say in a line of its own, the first, what stands between cells."""

_DECIMAL = re.compile(r'"[-+]?(?:0,\d+|\d+,(?:\d\d?|\d{4,}))"')
"""A number in quotes whose comma can only be a decimal one: three digits after it could be thousands."""


def table(text: str, name: str) -> Table | Unreadable:
    """The table of a text; empty lines and those that begin with `#` are skipped."""
    told = _SEP.match(text)
    # an empty line in its place, so that lines keep their numbers
    text = text if told is None else "\n" + text[told.end() :]
    mark = _mark(text) if told is None else told[1]
    try:
        # in one go: a table may have a million rows, and a check must be short
        rows = [row for row in islice(_reader(text, mark), MOST_ROWS + 1) if _says(row)]
    except csv.Error as why:
        hint = "save it as CSV in UTF-8, with the names of the columns in its first line"
        return Unreadable(f"`{name}` is not a table: {why}", hint)
    if len(rows) > MOST_ROWS:
        said = f"`{name}` has more than {MOST_ROWS:,} rows"
        return Unreadable(said, "keep the rows that the film needs", TOO_LARGE)
    return _checked(rows, text, mark, name)


def _reader(text: str, mark: str) -> Iterator[list[str]]:
    if not mark:
        return (line.split() for line in text.splitlines())
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)


def _says(row: Sequence[str]) -> bool:
    if not row or not row[0]:
        return any(row)
    return row[0][0] != "#"


def _line(text: str, mark: str, number: int) -> int:
    """The line, from 1, of a row that says something, by its number; looked for only where it is told."""
    reader = _reader(text, mark)
    for line, row in enumerate(reader, 1):
        if _says(row):
            if number == 0:
                return int(getattr(reader, "line_num", line))
            number -= 1
    return 0


def _mark(text: str) -> str:
    """What stands between cells: what is most of all in the first line that says something; none: spaces."""
    first = next((line for line in io.StringIO(text) if line.strip() and line.strip()[0] != "#"), "")
    counts = [(first.count(mark), mark) for mark in _MARKS]
    most = max(count for count, _ in counts)
    return (
        next(mark for count, mark in counts if count == most) if most else "" if " " in first.strip() else ","
    )


def _checked(rows: list[list[str]], text: str, mark: str, name: str) -> Table | Unreadable:
    """The rows as a table, if they are of one width."""
    if rows and len(rows[0]) > MOST_COLUMNS:
        said = f"`{name}` has more than {MOST_COLUMNS:,} columns"
        return Unreadable(said, "keep the columns that the film needs", TOO_LARGE)
    # a line of names begins with a name; the first column of a table without one holds its times
    first = next((cell for cell in rows[0] if cell.strip()), "") if rows else ""
    has_header = not is_number(first) and not _is_time(first)
    head = [cell.strip() for cell in rows.pop(0)] if has_header else []
    if not rows:
        hint = "its lines look like `time,level`, then `0,0.5`"
        return Unreadable(f"`{name}` has no row of numbers", hint)
    width = len(head) or len(rows[0])
    wide = next((i for i, row in enumerate(rows) if len(row) > width and any(row[width:])), None)
    if wide is not None:
        line, cells = _line(text, mark, wide + has_header), len(rows[wide])
        said = f"line {line} of `{name}` has {cells} cells, and the first one has {width}"
        hint = "write numbers with a point, and texts that hold a comma in quotes"
        return Unreadable(said, hint)

    def read(column: int) -> list[str | None]:
        return [row[column] if column < len(row) else None for row in rows]

    def place(row: int, column: int) -> str:
        return f"line {_line(text, mark, row + has_header)}, column {column + 1}"

    headers = tuple(head) or ("",) * width
    has_commas = mark != "," or _DECIMAL.search(text) is not None
    return Table(headers, len(rows), read, place, width == 1, has_commas)


def _is_time(cell: str) -> bool:
    return ":" in cell and seconds(cell, Fraction(24)) is not None

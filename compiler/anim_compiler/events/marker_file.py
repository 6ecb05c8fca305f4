"""Named times out of a file: Audacity's labels, a table `time,label`, or one time a line. Pure text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from anim_compiler.events.table import shown
from anim_compiler.events.times import seconds
from anim_compiler.events.unreadable import Unreadable, content, text
from anim_compiler.world import TOO_LARGE

MOST_MARKS = 30_000
"""So many marks may a file have."""

_COLUMNS = {
    "start": ("start", "time", "in", "seconds", "position", "timestamp", "begin", "t"),
    "end": ("end", "out", "stop", "finish"),
    "length": ("length", "duration"),
    "label": ("label", "name", "marker", "text", "title", "marker name", "comment", "description"),
}
"""How the columns of a table are called by the programs that write one, the likeliest first."""

_IN_BARS = re.compile(r"\d+\.\d+\.\d+")
"""A place such as `3.1.00`: bars, beats and parts of one, as programs count whose ruler shows them."""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of the file: `end` is None where a single moment is marked, `text` is empty without a label."""

    start: Fraction
    end: Fraction | None
    text: str


_SUBTITLES = re.compile(r"^[\d:.,]+ +--> +[\d:.,]+|^\[\d+:\d[\d.:]*\]", re.MULTILINE)
"""A time as SRT, WebVTT or LRC has it."""

_Line: TypeAlias = tuple[int, str]
"""The number of a line, from 1, and what it says."""


def read(path: Path, name: str, fps: Fraction) -> tuple[Label, ...] | Unreadable:
    """The marks of a file in order of time; times with frames count at the film's rate."""
    data = content(path, name)
    found = text(data, name) if isinstance(data, bytes) else data
    if isinstance(found, Unreadable):
        return found
    if _SUBTITLES.search(found):
        hint = "`lyrics` reads LRC and SRT; for markers save labels as text: start, tab, end, tab, label"
        return Unreadable(f"`{name}` holds subtitles, not markers", hint)
    lines = list(islice(_lines(found), MOST_MARKS + 1))
    if len(lines) > MOST_MARKS:
        said = f"`{name}` has more than {MOST_MARKS:,} lines"
        return Unreadable(said, "keep the marks that the film needs", TOO_LARGE)
    head = _head(lines[0][1]) if lines else None
    labels: list[Label] = []
    for number, line in lines if head is None else lines[1:]:
        label = _label(_cells(line, fps), fps) if head is None else _of_table(line, *head, fps)
        if label is None:
            said = f"line {number} of `{name}` has no time: `{shown(line, 30)}`"
            return Unreadable(said, _hint(line, is_first=not labels))
        labels.append(label)
    if not labels:
        hint = "its lines look like `12.5`, `12.5,drop`, or Audacity's `12.5`, tab, `13.0`, tab, `drop`"
        return Unreadable(f"`{name}` marks no time", hint)
    return tuple(sorted(labels, key=lambda label: label.start))


def _hint(line: str, is_first: bool) -> str:
    """What to do about a line without a time."""
    if _IN_BARS.search(line):
        return "let the program that writes it count in seconds, not in bars"
    if is_first and re.search("[,;\t]", line) and not re.search(r"\d", line):
        return "if it names the columns, call that of the times `time` or `start`"
    return "a line begins with seconds, or with minutes and seconds: `62.5` or `1:02.5`"


def _lines(found: str) -> Iterator[_Line]:
    """The lines that say something.

    Lines that begin with a backslash hold the frequencies of the label above, and `#` begins a comment,
    unless it is the first of several columns, as Reaper has it.
    """
    for number, line in enumerate(found.splitlines(), 1):
        said = line.strip()
        if not said or said[0] == "\\" or (said[0] == "#" and said[:2] not in ("#,", "#;", "#\t")):
            continue
        yield number, line.strip("\r\n ")


def _split(line: str, mark: str) -> list[str]:
    """The cells of a line between marks; what stands in quotes may hold one."""
    try:
        cells = line.split(mark) if mark == "\t" else next(csv.reader([line], delimiter=mark))
    except (csv.Error, StopIteration):
        cells = [line]
    return [cell.strip() for cell in cells]


def _cells(line: str, fps: Fraction) -> list[str]:
    """The cells of a line without a header: at tabs, else at the `;` or `,` after its time, else at the first
    space, where a dash may stand before the label.
    """
    if "\t" in line:
        return _split(line, "\t")
    for mark in (";", ","):
        if mark in line and seconds(line.partition(mark)[0].strip().strip('"'), fps) is not None:
            return _split(line, mark)
    first, *rest = line.split(None, 1)
    return [first, *(re.sub("^[-–—] ", "", words) for words in rest)]


def _head(line: str) -> tuple[str, dict[str, int]] | None:
    """What stands between the cells of a table, and which column is which, if its first line names them."""
    for mark in ("\t", ";", ","):
        columns = _header(_split(line, mark))
        if columns is not None:
            return mark, columns
    return None


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is which, if the first line names them; a time must be among them."""
    called = [cell.lower().lstrip("#").strip() for cell in cells]
    found: dict[str, int] = {}
    for column, names in _COLUMNS.items():
        place = next((called.index(name) for name in names if name in called), None)
        if place is not None:
            found[column] = place
    return found if "start" in found else None


def _of_table(line: str, mark: str, columns: dict[str, int], fps: Fraction) -> Label | None:
    cells = _split(line, mark)

    def cell(column: str) -> str:
        place = columns.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    start, end, length = (seconds(cell(column), fps) for column in ("start", "end", "length"))
    if start is None:
        return None
    if end is None and length is not None:
        end = start + length
    return _made(start, end, cell("label"))


def _label(cells: Sequence[str], fps: Fraction) -> Label | None:
    """A line without a header: a time, perhaps the end of a region, perhaps a label."""
    start = seconds(cells[0], fps)
    if start is None:
        return None
    end = (
        seconds(cells[1], fps)
        if len(cells) > 2 or (len(cells) == 2 and _is_end(cells[1], start, fps))
        else None
    )
    rest = cells[1:] if end is None else cells[2:]
    return _made(start, end, " ".join(cell for cell in rest if cell))


def _is_end(cell: str, start: Fraction, fps: Fraction) -> bool:
    """Whether the last of two cells is the end of a region without a label, rather than a label `2`."""
    end = seconds(cell, fps)
    return end is not None and end >= start and ("." in cell or ":" in cell)


def _made(start: Fraction, end: Fraction | None, label: str) -> Label:
    return Label(start, end if end is not None and end > start else None, label)

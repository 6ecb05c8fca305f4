"""What became of the marks of a file: by their names, where they stood and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from anim_compiler.diff.where import short
from anim_compiler.film_events import Mark, Markers

_MOST = 6
"""So many marks are told one by one."""


def moved(was: Markers, now: Markers) -> str:
    """`: drop 1 s → 1.5 s, solo at 4 s added`; empty if all stand where they stood."""
    rows = list(_rows({mark.name: mark for mark in was.marks}, {mark.name: mark for mark in now.marks}))
    more = f" and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return f": {', '.join(islice(rows, _MOST))}{more}" if rows else ""


def _rows(was: dict[str, Mark], now: dict[str, Mark]) -> Iterator[str]:
    for name, mark in now.items():
        before = was.get(name)
        if before is None:
            yield f"`{name}` at {_place(mark)} added"
        elif _place(before) != _place(mark):
            yield f"`{name}` {_place(before)} → {_place(mark)}"
    for name, mark in was.items():
        if name not in now:
            yield f"`{name}` at {_place(mark)} removed"


def _place(mark: Mark) -> str:
    end = "" if mark.end is None else f" to {short(float(mark.end))} s"
    return f"{short(float(mark.start))} s{end}"

"""What a film is told and when, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.frames import Frames
from anim_compiler.plan import ColumnRef, Prompts, Segment, TextPart, Weighted
from anim_compiler.ranges import frame_ranges

Schedule: TypeAlias = Literal["prompt", "negative"]

SCHEDULES: tuple[Schedule, ...] = ("prompt", "negative")


def segments(prompts: Prompts, columns: Mapping[str, NDArray[Any]], frames: Frames) -> tuple[Segment, ...]:
    """The segments of both schedules, scene by scene, each from one key to the next.

    A number that is inserted stands as its column in braces, a weight that changes in brackets.
    """
    return tuple(
        segment
        for scene in frames.scenes
        for schedule in SCHEDULES
        for segment in _of(schedule, np.array(scene, dtype=np.int64), prompts, columns)
    )


def _of(
    schedule: Schedule, rows: NDArray[np.int64], prompts: Prompts, columns: Mapping[str, NDArray[Any]]
) -> Iterator[Segment]:
    if f"{schedule}.from" not in columns:
        return
    start, end, mix = (columns[f"{schedule}.{side}"][rows] for side in ("from", "to", "mix"))
    turns = np.flatnonzero((np.diff(start) != 0) | (np.diff(end) != 0)) + 1
    for part in np.split(np.arange(len(rows)), turns):
        says = _said(prompts, int(start[part[0]]))
        if mix[part].any():
            says = f"{says} → {_said(prompts, int(end[part[0]]))}"
        if says:
            yield Segment(schedule=schedule, frames=frame_ranges(rows[part].tolist()), says=says)


def _said(prompts: Prompts, conditioning: int) -> str:
    """A conditioning on one line: `a forest (0.7) + fire (0.3)`."""
    rows = prompts.conditionings[conditioning]
    if len(rows) == 1:
        return _text(prompts, rows[0])
    return " + ".join(f"{_text(prompts, row)} ({_weight(row)})" for row in rows)


def _text(prompts: Prompts, row: Weighted) -> str:
    parts = prompts.texts[row.text]
    return "".join(f"{{{part.column}}}" if isinstance(part, TextPart) else part for part in parts)


def _weight(row: Weighted) -> str:
    return f"[{row.weight.column}]" if isinstance(row.weight, ColumnRef) else f"{row.weight:g}"

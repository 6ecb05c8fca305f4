"""Frames as a person writes them: `1-23,25`, every third `0-96/3`, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_PART = re.compile(r"(0|[1-9]\d*)(?:-(0|[1-9]\d*)(?:/([1-9]\d*)(?::([1-9]\d*))?)?)?")
#: fewer frames than this in even steps are written one by one: `0,3` is shorter than `0-3/3`
_STRIDED = 3
#: fewer runs than this of one length in even steps are written one by one
_REPEATED = 3


def frame_ranges(frames: Sequence[int]) -> str:
    """Ascending frames as ranges: 1, 2, 3, 5 is `1-3,5`; 0, 3, 6, 9 is `0-9/3`; none is the empty text.

    Runs of one length again and again are one range: `1-11/2:3` is two of every three, 1-2, 4-5, 7-8, 10-11.
    """
    runs, parts, at = list(_runs(frames)), list[str](), 0
    while at < len(runs):
        first, count, step = runs[at]
        again = _again(runs, at)
        if again >= _REPEATED:
            last, period = runs[at + again - 1][0] + count - 1, runs[at + 1][0] - first
            parts.append(f"{first}-{last}/{count}:{period}")
            at += again
            continue
        stride = f"/{step}" if step > 1 else ""
        parts.append(f"{first}" if count == 1 else f"{first}-{first + (count - 1) * step}{stride}")
        at += 1
    return ",".join(parts)


def read_ranges(text: str, end: int | None = None) -> tuple[int, ...]:
    """The frames of ranges, ascending. Raises ValueError for a text that `frame_ranges` does not write, and
    for one that goes on to the frame `end` or beyond, before it is written out.
    """
    frames: list[int] = []
    for part in text.split(",") if text else ():
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"`{part}` is no range of frames: write it like `4`, `1-23` or `0-96/3`")
        first, last = int(match[1]), int(match[2] or match[1])
        if end is not None and last >= end:
            raise ValueError(f"the range `{part}` goes beyond the last of {end} frames")
        # how many stand side by side, and after how many frames the next do
        count, period = (int(match[3]), int(match[4])) if match[4] else (1, int(match[3] or 1))
        begins = range(first, last - count + 2, period)
        if last < first or (frames and first <= frames[-1]):
            raise ValueError(f"the range `{part}` does not go upwards")
        if (match[4] and not 1 < count < period) or not begins or begins[-1] + count - 1 != last:
            raise ValueError(f"the range `{part}` does not end where it says")
        frames.extend(begin + more for begin in begins for more in range(count))
    return tuple(frames)


def _again(runs: Sequence[tuple[int, int, int]], at: int) -> int:
    """How many runs from one on are alike, side by side within and in even steps."""
    _, count, step = runs[at]
    end = at + 1
    while end < len(runs) and count > 1 and step == 1 and runs[end][1:] == (count, step):
        if runs[end][0] - runs[end - 1][0] != runs[at + 1][0] - runs[at][0]:
            break
        end += 1
    return end - at


def _runs(frames: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """First frame, number of frames and step of every run, from the left, each as long as it can be."""
    at = 0
    while at < len(frames):
        step = frames[at + 1] - frames[at] if at + 1 < len(frames) else 1
        end = at + 1
        while end < len(frames) and frames[end] - frames[end - 1] == step:
            end += 1
        count = end - at
        if step > 1 and count < _STRIDED:
            count = 1
        yield frames[at], count, step
        at += count

"""A curve as a few lines that people read and compare, and as numbers again.

A piece is a run of frames: one value that holds (`0-11: 1`), a straight way (`12-48: 1 → 1.6`), values one
by one (`49-51: 1.61 1.58 1.6`), or frames on which there is none (`52-60: none`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

DIGITS = 9
"""Significant digits of a value: less than machines differ in, and more than is seen."""

_MOST_VALUES = 12
"""So many values stand on one line."""
_LONGEST = 4096
"""A straight way is looked for among so many frames."""
_LEAST_RUN = 3
"""Shorter runs are written value by value."""
_NEAR = 2e-9
"""What a straight way may miss, as a share of the curve's largest value: what its last digit shows."""
_PIECE = re.compile(r"(\d+)(?:-(\d+))?: (.+)")

Values = NDArray[np.float64]


def written(value: float) -> str:
    """A value at 9 significant digits, `none` for one that is no number."""
    if math.isfinite(value):
        return f"{float(f'{value:.{DIGITS}g}') + 0.0:.{DIGITS}g}"
    return "none" if math.isnan(value) else "inf" if value > 0 else "-inf"


def pieces(values: Sequence[float], first: int = 0) -> list[str]:
    """The lines of a curve whose first value is that of frame `first`; the time is that of its length."""
    texts = [written(value) for value in values]
    lines: list[str] = []
    loose: list[int] = []
    for at, end in _runs(np.asarray(values, dtype=np.float64), texts):
        if end - at < min(_LEAST_RUN, len(texts)):
            loose += range(at, end)
            continue
        lines += _rows(loose, texts, first)
        loose.clear()
        is_held = texts[at] == texts[end - 1]
        says = texts[at] if is_held else f"{texts[at]} → {texts[end - 1]}"
        lines.append(f"{_span(first + at, first + end)}: {says}")
    return [*lines, *_rows(loose, texts, first)]


def _runs(values: Values, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places and ends of runs, each held or straight, in order; what is neither is runs of one or two."""
    finite = np.isfinite(values)
    scale = float(np.abs(values[finite]).max()) if finite.any() else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        is_bent = np.ones(len(texts), dtype=np.bool_)
        is_bent[1:-1] = ~(np.abs(np.diff(values, 2)) <= 4 * _NEAR * scale)
    turns = np.flatnonzero(is_bent)
    at = 0
    while at < len(texts):
        end = _held(texts, at)
        if end - at < _LEAST_RUN and finite[at]:
            # up to the next frame at which the way turns, that one included
            turn = int(turns[np.searchsorted(turns, at, side="right")]) + 1 if at + 1 < len(texts) else at + 1
            end = _straight(values, at, min(turn, at + _LONGEST), _NEAR * scale)
            if end == at + 1 and turn > at + _LEAST_RUN:
                # a slow bend: what is no straight way here is none a frame later either
                yield from ((one, one + 1) for one in range(at, min(turn, at + _MOST_VALUES) - 1))
                end = min(turn, at + _MOST_VALUES)
                at = end - 1
        yield at, end
        at = end


def _held(texts: Sequence[str], at: int) -> int:
    """The end of the run of equal values that begins at a place."""
    end = at + 1
    while end < len(texts) and texts[end] == texts[at]:
        end += 1
    return end


def _straight(values: Values, at: int, end: int, room: float) -> int:
    """The end of a straight way between its ends as they are written: `end`, or where halves of it fit."""
    while end - at >= _LEAST_RUN:
        way = np.linspace(float(written(values[at])), float(written(values[end - 1])), end - at)
        if np.abs(way - values[at:end]).max() <= room:
            return end
        end = at + (end - at) // 2
    return at + 1


def _rows(places: Sequence[int], texts: Sequence[str], first: int) -> Iterator[str]:
    """Values one by one, so many a line; lines begin at frames that are multiples of so many."""
    row: list[int] = []
    for place in places:
        if row and (first + place) % _MOST_VALUES == 0:
            yield _row(row, texts, first)
            row = []
        row.append(place)
    if row:
        yield _row(row, texts, first)


def _row(row: Sequence[int], texts: Sequence[str], first: int) -> str:
    return f"{_span(first + row[0], first + row[-1] + 1)}: {' '.join(texts[place] for place in row)}"


def _span(first: int, end: int) -> str:
    return str(first) if end == first + 1 else f"{first}-{end - 1}"


def numbers(lines: Iterable[object], frames: int, first: int = 0) -> Values:
    """The values of lines that begin with frame `first`, float64[frames]. ValueError for lines that are no
    curve of so many frames.
    """
    found: list[Values] = []
    frame = first
    for line in lines:
        match = _PIECE.fullmatch(line) if isinstance(line, str) and len(line) < 1000 else None
        if match is None:
            raise ValueError(f"`{line}` is no piece of a curve")
        start, last = int(match[1]), int(match[2] or match[1])
        if start != frame or not start <= last < first + frames:
            raise ValueError(f"`{line}` does not follow on frame {frame - 1} of {frames}")
        found.append(_values(match[3], last - start + 1))
        frame = last + 1
    if frame != first + frames:
        raise ValueError(f"the curve ends at frame {frame - 1} of {frames}")
    return np.concatenate(found) if found else np.zeros(0)


def _values(text: str, count: int) -> Values:
    ends = text.split(" → ")
    if len(ends) == 2:
        return np.linspace(_number(ends[0]), _number(ends[1]), count)
    given = [_number(word) for word in text.split()]
    if len(given) not in (1, count):
        raise ValueError(f"`{text}` has {len(given)} values for {count} frames")
    return np.full(count, given[0]) if len(given) == 1 else np.array(given)


def _number(word: str) -> float:
    return math.nan if word == "none" else float(word)

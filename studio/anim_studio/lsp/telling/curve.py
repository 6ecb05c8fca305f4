"""A curve in a hover: its value at a key or a frame, its ends, and a small plot."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from anim_studio.draw.spark import spark
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.clock import Clock
from anim_studio.lsp.columns import Column
from anim_studio.lsp.telling.layout import code, fenced, number, stacked

_COLUMNS = 48
_ROWS = 4
_STALE = "_of the last text that could be evaluated_"


def of_column(column: Column, at: Fraction | None = None) -> str:
    """The numbers of a curve; `at` is the second of the film that is asked for."""
    here = "" if at is None else _here(column, at)
    stale = "" if column.is_current else _STALE
    if column.is_still:
        return stacked(here or f"**{number(column.low)}** on every frame", stale)
    last = column.first + len(column.values) - 1
    ends = f"**{number(column.low)}** … **{number(column.high)}** on frames {column.first}–{last}"
    return stacked(here, ends, plot(column), stale)


def _here(column: Column, at: Fraction) -> str:
    frame = -(-(at * Fraction(column.fps)) // 1)
    value = column.at(int(frame))
    if value is None:
        return ""
    return f"**{number(value)}** at frame {int(frame)} ({number(float(at))} s)"


def plot(column: Column) -> str:
    """The curve as a few lines of text."""
    values = [float(value) for value in column.values]
    count, mean = len(values), sum(values) / len(values)
    if count > _COLUMNS:
        # of each column's frames the one that stands out most: a beat is one frame long
        edges = [i * count // _COLUMNS for i in range(_COLUMNS + 1)]
        parts = (values[a:b] for a, b in pairwise(edges))
        values = [max(part, key=lambda value: abs(value - mean)) for part in parts]
    lines = spark(values, rows=_ROWS, seconds=round(count / column.fps, 3))
    return fenced("\n".join(lines), "text")


def times(clock: Clock, seconds: Fraction) -> str:
    """A second of the film in all of its counts: `2.5 s · frame 60 · beat 5`."""
    told = [f"{number(float(seconds - clock.start))} s", f"frame {_frame(clock, seconds)}"]
    beats = clock.beats(seconds)
    if beats is not None:
        told.append(f"beat {number(float(beats))}")
    if clock.start:
        told.append(f"{number(float(seconds))} s of the film")
    return " · ".join(told)


def lasting(clock: Clock, seconds: Fraction) -> str:
    """A duration in all of its counts: `2.5 s = 60 frames = 5 beats`."""
    told = [f"{number(float(seconds))} s", f"{number(float(seconds * clock.fps))} frames"]
    if clock.grid is not None:
        beats = clock.grid.beats(clock.start + seconds) - clock.grid.beats(clock.start)
        told.append(f"{number(float(beats))} beats")
    return " = ".join(told)


def _frame(clock: Clock, seconds: Fraction) -> str:
    local = (seconds - clock.start) * clock.fps
    return number(float(local))


def unheard(analysed: Analysed) -> str:
    """That a song was not heard yet, and what hears it."""
    film = analysed.film or analysed.last_film
    if not analysed.unheard or film is None:
        return ""
    track = next((t for t in film.tracks if t.name in analysed.unheard), None)
    if track is None:
        return ""
    return f"_`{track.name}` was not heard yet: {code(f'anim audio {track.path}')} or a render hears it_"

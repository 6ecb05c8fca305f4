"""A track as a few lines of text: its wave in braille dots, its parts above and its beats below."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from anim_studio.draw.portrait import Portrait, peaks, seen, within
from anim_studio.draw.ticks import clock_text, tick_step

#: dots of a braille sign by row from the top, left and right (Unicode 15, chapter 21.1)
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800
#: columns from beat to beat, or from bar to bar, under which marks would stand in each other's place
_APART = 2.0

Paint = Callable[[str, str], str]
"""Text in a style of the terminal, such as `dim`; the text itself where there are no colours."""


def song_lines(
    portrait: Portrait, columns: int, *, rows: int = 4, plain: bool = False, paint: Paint | None = None
) -> list[str]:
    """The lines of the picture, top first, each at most `columns` wide: parts, wave, beats, a ruler.

    A line of beats is left out where they are too near each other to be told apart; bars then stand alone.
    `plain` draws with ASCII signs.
    """
    painted = paint or (lambda text, style: text)
    lines = [_parts(portrait, columns, plain)] if len(portrait.sections) > 1 else []
    wave = _ascii_wave(portrait, columns, rows) if plain else _wave(portrait, columns, rows)
    lines += [painted(line, "cyan") for line in wave]
    beats = _beats(portrait, columns, plain)
    lines += [beats] if beats else []
    return [*lines, painted(_ruler(portrait, columns), "dim")]


def _parts(portrait: Portrait, columns: int, plain: bool) -> str:
    """Where each part begins, and its label: `├A───────├B────`."""
    bar, line = ("|", "-") if plain else ("├", "─")
    signs = [" "] * columns
    for section in seen(portrait.sections, portrait.begin, portrait.end):
        first, past = (_column(portrait, columns, time) for time in (section.start, section.end))
        for place in range(first, min(past, columns)):
            signs[place] = line
        label = section.label[: max(0, past - first - 1)]
        signs[first : first + 1 + len(label)] = [bar, *label][: columns - first]
    return "".join(signs).rstrip()


def _wave(portrait: Portrait, columns: int, rows: int) -> list[str]:
    """The wave around its middle: two dots a column, four a row."""
    wide, tall = columns * 2, rows * 4
    upper = peaks(portrait.high, portrait.rate, portrait.begin, portrait.end, wide)
    lower = peaks(-portrait.low, portrait.rate, portrait.begin, portrait.end, wide)
    above, below = (_dots(levels, tall // 2) for levels in (upper, lower))
    place = np.arange(tall)[:, None]
    on = (place >= tall // 2 - above) & (place < tall // 2 + below)
    cells = on.reshape(rows, 4, columns, 2)
    signs = np.full((rows, columns), _BLANK)
    for row, pair in enumerate(_DOTS):
        for side, dot in enumerate(pair):
            signs += cells[:, row, :, side] * dot
    return ["".join(map(chr, line)).rstrip(chr(_BLANK)) for line in signs.tolist()]


def _dots(levels: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """How many dots a side of the wave has at each column: one at least, so that silence is a line."""
    return np.clip(np.rint(levels * most), 0, most - 1).astype(np.int64) + 1


def _ascii_wave(portrait: Portrait, columns: int, rows: int) -> list[str]:
    """The loudest sample of every column as a bar of `#` from below."""
    upper = peaks(portrait.high, portrait.rate, portrait.begin, portrait.end, columns)
    lower = peaks(-portrait.low, portrait.rate, portrait.begin, portrait.end, columns)
    heights = np.rint(np.clip(np.maximum(upper, lower), 0.0, 1.0) * rows)
    return [
        "".join("#" if height >= rows - row else " " for height in heights).rstrip() for row in range(rows)
    ]


def _beats(portrait: Portrait, columns: int, plain: bool) -> str:
    """A mark at every beat, a longer one where a bar begins; nothing if even bars run together."""
    bar, beat = ("|", "'") if plain else ("╹", "╵")
    signs = [" "] * columns
    for times, sign in ((portrait.beats, beat), (portrait.downbeats, bar)):
        if times.size > 1 and float(np.median(np.diff(times))) / portrait.seconds * columns < _APART:
            continue
        for time in within(times, portrait.begin, portrait.end).tolist():
            signs[_column(portrait, columns, time)] = sign
    return "".join(signs).rstrip()


def _column(portrait: Portrait, columns: int, time: float) -> int:
    share = (time - portrait.begin) / portrait.seconds
    return min(columns - 1, max(0, int(share * columns + 1e-6)))


def _ruler(portrait: Portrait, columns: int) -> str:
    """Seconds where they stand, as many as there is room for."""
    step = tick_step(portrait.seconds)
    signs = [" "] * columns
    free = 0
    for number in range(int(np.ceil(portrait.begin / step - 1e-9)), int(portrait.end / step + 1e-9) + 1):
        words = clock_text(number * step, step)
        place = _column(portrait, columns, number * step)
        if place >= free and place + len(words) <= columns:
            signs[place : place + len(words)] = words
            free = place + len(words) + 2
    return "".join(signs).rstrip()

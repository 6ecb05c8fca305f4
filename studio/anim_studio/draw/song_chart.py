"""A picture of a track: rows of time, each with the wave, what is heard in it, its beats and its parts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_studio.draw.canvas import Canvas, Colour, Point
from anim_studio.draw.chart import BACKGROUND, FAINT, INK, PALETTE, STRIP, Box
from anim_studio.draw.font import shortened, width_of
from anim_studio.draw.portrait import DRUMS, LEVELS, Portrait, Section, peaks, seen, within
from anim_studio.draw.raster import RasterCanvas
from anim_studio.draw.svg import SvgCanvas
from anim_studio.draw.ticks import clock_text, tick_step

WIDTH, LEFT, RIGHT, HEAD, GAP, FOOT = 1720, 92, 28, 58, 26, 22
#: pixels of a row's parts, from the top: names of its sections, wave, a level, a drum, the axis below
NAMES, WAVE, LEVEL, DRUM, AXIS, BETWEEN = 18, 92, 30, 16, 36, 3
#: so many seconds make a row, unless there would be more than `MOST_ROWS`
ROW_SECONDS, MOST_ROWS = 60.0, 8
#: pixels between neighbouring lines under which they would run together
APART = 8.0
WAVE_INK: Colour = (84, 92, 110)
BEAT: Colour = (214, 206, 192)
BAR: Colour = (150, 140, 122)


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of the track, in seconds, and its place in the picture."""

    begin: float
    end: float
    box: Box

    def x(self, time: float) -> float:
        """The pixel at a second of the track."""
        return self.box.x((time - self.begin) / (self.end - self.begin))


def draw_song_png(portrait: Portrait) -> RasterCanvas:
    """The picture as pixels."""
    canvas = RasterCanvas(*song_size(portrait), BACKGROUND)
    _draw_song(portrait, canvas)
    return canvas


def draw_song_svg(portrait: Portrait) -> SvgCanvas:
    """The picture as SVG."""
    canvas = SvgCanvas(*song_size(portrait), BACKGROUND)
    _draw_song(portrait, canvas)
    return canvas


def song_size(portrait: Portrait) -> tuple[int, int]:
    """Width and height in pixels."""
    return WIDTH, HEAD + len(rows(portrait)) * (_row_height(portrait) + GAP) - GAP + FOOT


def rows(portrait: Portrait) -> tuple[Row, ...]:
    """The rows from top to bottom, all of one length: a minute at most, or an eighth of a long track."""
    count = min(MOST_ROWS, max(1, math.ceil(portrait.seconds / ROW_SECONDS - 1e-9)))
    length = portrait.seconds / count
    if count > 1:
        # whole steps of the ruler, so that every row is labelled alike
        step = tick_step(length)
        length = math.ceil(length / step - 1e-9) * step
        count = math.ceil(portrait.seconds / length - 1e-9)
    tall = _row_height(portrait)
    return tuple(
        Row(
            portrait.begin + length * number,
            portrait.begin + length * (number + 1),
            Box(LEFT, HEAD + number * (tall + GAP), WIDTH - RIGHT, HEAD + number * (tall + GAP) + tall),
        )
        for number in range(count)
    )


def _draw_song(portrait: Portrait, canvas: Canvas) -> None:
    """Draws the title, and the rows under it."""
    canvas.text((16, 30), shortened(portrait.title, 19, WIDTH / 3), INK, 19)
    canvas.text((WIDTH - RIGHT, 30), portrait.facts, FAINT, 13, "end")
    for row in rows(portrait):
        _row(portrait, canvas, row)


def _levels(portrait: Portrait) -> tuple[str, ...]:
    return tuple(name for name in LEVELS if name in portrait.curves)


def _drums(portrait: Portrait) -> tuple[str, ...]:
    return tuple(name for name in DRUMS if name in portrait.curves)


def _row_height(portrait: Portrait) -> int:
    levels = len(_levels(portrait)) * (LEVEL + BETWEEN)
    return NAMES + WAVE + BETWEEN + levels + len(_drums(portrait)) * (DRUM + BETWEEN) + AXIS


def _row(portrait: Portrait, canvas: Canvas, row: Row) -> None:
    end = min(row.end, portrait.end)
    shown = seen(portrait.sections, row.begin, end)
    body = Box(row.box.left, row.box.top + NAMES, row.x(end), row.box.bottom - AXIS)
    lanes = _lanes(portrait, body)
    for name, lane, _ in lanes:
        canvas.area(_corners(lane), STRIP)
        size = 13 if lane.bottom - lane.top > DRUM else 12
        canvas.text((LEFT - 10, (lane.top + lane.bottom) / 2 + 4), name, FAINT, size, "end")
    if len(portrait.sections) > 1:
        _sections(canvas, row, shown, body)
    _lines(canvas, row, portrait, body, end)
    for name, lane, colour in lanes:
        columns = max(1, round(lane.right - lane.left))
        if name == "wave":
            _wave(canvas, lane, portrait, row.begin, end, columns)
        else:
            heights = peaks(portrait.curves[name], portrait.rate, row.begin, end, columns)
            _filled(canvas, lane, heights, colour)
    _axis(canvas, row, portrait, end)


def _lanes(portrait: Portrait, body: Box) -> list[tuple[str, Box, Colour]]:
    """Name, place and colour of everything that has a curve, from the top."""
    found = [("wave", Box(body.left, body.top, body.right, body.top + WAVE), WAVE_INK)]
    top = body.top + WAVE + BETWEEN
    for number, name in enumerate(_levels(portrait)):
        found.append((name, Box(body.left, top, body.right, top + LEVEL), PALETTE[number]))
        top += LEVEL + BETWEEN
    for name in _drums(portrait):
        found.append((name, Box(body.left, top, body.right, top + DRUM), WAVE_INK))
        top += DRUM + BETWEEN
    return found


def _sections(canvas: Canvas, row: Row, shown: tuple[Section, ...], body: Box) -> None:
    """A coloured strip above the wave for each part, with its label; the wave's ground takes its tint."""
    for section in shown:
        left, right = row.x(section.start), row.x(section.end)
        colour = _section_colour(section.label)
        canvas.area(
            _corners(Box(left, row.box.top, max(right - 1, left + 1), row.box.top + NAMES - 2)), colour
        )
        canvas.area(_corners(Box(left, body.top, right, body.top + WAVE)), _pale(colour, 0.72))
        words = shortened(section.label, 12, right - left - 8)
        if width_of(words, 12) <= right - left - 8:
            canvas.text((left + 5, row.box.top + NAMES - 6), words, INK, 12)


def _section_colour(label: str) -> Colour:
    """The strip's colour of a part: the same for parts of one label."""
    number = sum(ord(sign) for sign in label) - ord("A")
    return _pale(PALETTE[number % len(PALETTE)], 0.45)


def _pale(colour: Colour, share: float) -> Colour:
    """The colour, mixed with so much white."""
    red, green, blue = (round(part + (255 - part) * share) for part in colour)
    return red, green, blue


def _lines(canvas: Canvas, row: Row, portrait: Portrait, body: Box, end: float) -> None:
    """A line at every beat, stronger where a bar begins; beats or bars too near each other are left out."""
    beats = within(portrait.beats, row.begin, end)
    bars = within(portrait.downbeats, row.begin, end)
    if _apart(row, portrait.beats):
        for beat in beats.tolist():
            canvas.line([(row.x(beat), body.top), (row.x(beat), body.bottom)], BEAT, 1)
    if _apart(row, portrait.downbeats):
        for bar in bars.tolist():
            canvas.line([(row.x(bar), body.top - 1), (row.x(bar), body.bottom + 3)], BAR, 1.3)


def _apart(row: Row, times: NDArray[np.float64]) -> bool:
    """Whether lines at these times stand far enough from each other to be told apart."""
    if times.size < 2:
        return True
    return row.x(row.begin + float(np.median(np.diff(times)))) - row.box.left >= APART


def _wave(canvas: Canvas, lane: Box, portrait: Portrait, begin: float, end: float, columns: int) -> None:
    """The greatest and least sample of every column, around the middle."""
    upper = peaks(portrait.high, portrait.rate, begin, end, columns)
    lower = -peaks(-portrait.low, portrait.rate, begin, end, columns)
    middle, half = (lane.top + lane.bottom) / 2, (lane.bottom - lane.top) / 2 - 2
    xs = _middles(lane, columns)
    over = [(x, middle - half * min(1.0, value)) for x, value in zip(xs, upper.tolist(), strict=True)]
    under = [(x, middle - half * max(-1.0, value)) for x, value in zip(xs, lower.tolist(), strict=True)]
    canvas.area([*over, *reversed(under)], WAVE_INK)
    canvas.line([(lane.left, middle), (lane.right, middle)], WAVE_INK, 0.7)


def _filled(canvas: Canvas, lane: Box, heights: NDArray[np.float64], colour: Colour) -> None:
    """The area under a curve of 0..1, with its edge."""
    top = [
        (x, lane.y(min(1.0, max(0.0, value))))
        for x, value in zip(_middles(lane, heights.size), heights.tolist(), strict=True)
    ]
    canvas.area([(top[0][0], lane.bottom), *top, (top[-1][0], lane.bottom)], _pale(colour, 0.35))
    canvas.line(_above(top, lane), colour, 1)


def _above(points: list[Point], lane: Box) -> list[Point]:
    return points if len(points) > 1 else [*points, (lane.right, points[0][1])]


def _middles(lane: Box, columns: int) -> list[float]:
    wide = (lane.right - lane.left) / columns
    return [lane.left + wide * (number + 0.5) for number in range(columns)]


def _corners(box: Box) -> list[Point]:
    return [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]


def _axis(canvas: Canvas, row: Row, portrait: Portrait, end: float) -> None:
    """Seconds under the row, and under them the numbers of the bars that begin there."""
    bottom = row.box.bottom - AXIS + 4
    right = row.x(end)
    canvas.line([(row.box.left, bottom), (right, bottom)], FAINT, 1)
    step = tick_step(row.end - row.begin)
    first = math.ceil(row.begin / step - 1e-9)
    for number in range(first, math.floor(end / step + 1e-9) + 1):
        x = row.x(number * step)
        canvas.line([(x, bottom), (x, bottom + 5)], FAINT, 1)
        canvas.text((x, bottom + 17), clock_text(number * step, step), INK, 12, "middle")
    canvas.text((LEFT - 28, bottom + 17), "time", FAINT, 12, "end")
    _bar_numbers(canvas, row, portrait, end, bottom + 30)


def _bar_numbers(canvas: Canvas, row: Row, portrait: Portrait, end: float, baseline: float) -> None:
    """Bars are counted from 1 over the whole track; every 2nd, 4th, 8th … is named where room is short."""
    bars = portrait.downbeats
    if bars.size < 2:
        return
    canvas.text((LEFT - 28, baseline), "bar", FAINT, 11, "end")
    wide = row.x(row.begin + float(np.median(np.diff(bars)))) - row.box.left
    every = 1
    while every * wide < 30:
        every *= 2
    for number, bar in enumerate(bars.tolist()):
        if number % every == 0 and row.begin <= bar < end:
            canvas.text((row.x(bar), baseline), f"{number + 1}", FAINT, 11, "middle")

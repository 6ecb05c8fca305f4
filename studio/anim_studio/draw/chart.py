"""A chart of curves over the sound they follow: one strip a curve, one axis of time below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anim_studio.draw.canvas import Canvas, Colour, Point
from anim_studio.draw.font import shortened
from anim_studio.draw.raster import RasterCanvas
from anim_studio.draw.svg import SvgCanvas

BACKGROUND: Colour = (252, 252, 250)
STRIP: Colour = (244, 244, 240)
INK: Colour = (38, 40, 46)
FAINT: Colour = (128, 130, 138)
BEAT: Colour = (222, 216, 204)
GRID: Colour = (206, 206, 202)
SOUND: Colour = (206, 214, 226)
#: Okabe & Ito's palette, told apart by all common kinds of colour vision (jfly.uni-koeln.de/color)
PALETTE: tuple[Colour, ...] = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (86, 180, 233),
    (230, 159, 0),
)
LEFT, RIGHT, TOP, BOTTOM, GAP = 168, 64, 46, 44, 10


@dataclass(frozen=True, slots=True)
class Trace:
    """A curve to draw: `values` is float64[frames]; what is no number leaves a gap."""

    name: str
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn. `fps` is frames per second, `beats` are seconds of film time.

    `sounds` are audio features in 0..1; they are drawn as filled strips under the curves.
    """

    title: str
    fps: float
    curves: tuple[Trace, ...]
    sounds: tuple[Trace, ...] = ()
    beats: tuple[float, ...] = ()

    @property
    def frames(self) -> int:
        """The number of frames of the longest trace."""
        return max((len(trace.values) for trace in (*self.curves, *self.sounds)), default=0)

    @property
    def seconds(self) -> float:
        """The length of the time axis."""
        return max(1, self.frames) / self.fps


@dataclass(frozen=True, slots=True)
class Box:
    """A strip's place in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def x(self, share: float) -> float:
        """The pixel at a share (0..1) of the width."""
        return self.left + (self.right - self.left) * share

    def y(self, share: float) -> float:
        """The pixel at a share (0..1) of the height, counted from below."""
        return self.bottom - (self.bottom - self.top) * share


def chart_size(chart: Chart) -> tuple[int, int]:
    """Width and height in pixels: wide enough that neighbouring frames can be told apart."""
    width = LEFT + RIGHT + min(1800, max(760, chart.frames * 3))
    return width, TOP + BOTTOM + len(chart.curves) * (_curve_height(chart) + GAP) + len(chart.sounds) * (
        30 + GAP
    )


def draw_png(chart: Chart) -> RasterCanvas:
    """The chart as pixels."""
    canvas = RasterCanvas(*chart_size(chart), BACKGROUND)
    draw(chart, canvas)
    return canvas


def draw_svg(chart: Chart) -> SvgCanvas:
    """The chart as SVG."""
    canvas = SvgCanvas(*chart_size(chart), BACKGROUND)
    draw(chart, canvas)
    return canvas


def draw(chart: Chart, canvas: Canvas) -> None:
    """Draws strips from top to bottom, then the time axis."""
    width, height = chart_size(chart)
    facts = f"{chart.frames} frames · {chart.seconds:.2f} s · {chart.fps:g} fps"
    facts += f" · {len(chart.beats)} beats" if chart.beats else ""
    canvas.text((16, 28), chart.title, INK, 18)
    canvas.text((width - 16, 28), facts, FAINT, 13, "end")
    top = float(TOP)
    rows = [(trace, _curve_height(chart)) for trace in chart.curves] + [(trace, 30) for trace in chart.sounds]
    for number, (trace, tall) in enumerate(rows):
        box = Box(LEFT, top, width - RIGHT, top + tall)
        canvas.area(
            [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)],
            STRIP,
        )
        _beats(canvas, chart, box)
        if number < len(chart.curves):
            _curve(canvas, chart, trace, box, PALETTE[number % len(PALETTE)])
        else:
            _sound(canvas, chart, trace, box)
        top += tall + GAP
    _axis(canvas, chart, Box(LEFT, TOP, width - RIGHT, height - BOTTOM))


def _curve_height(chart: Chart) -> int:
    return 130 if len(chart.curves) <= 4 else 80


def _beats(canvas: Canvas, chart: Chart, box: Box) -> None:
    for beat in chart.beats:
        if 0 <= beat < chart.seconds:
            x = box.x(beat / chart.seconds)
            canvas.line([(x, box.top), (x, box.bottom)], BEAT, 1)


def _curve(canvas: Canvas, chart: Chart, trace: Trace, box: Box, colour: Colour) -> None:
    canvas.text((16, box.top + 18), shortened(trace.name, 14, LEFT - 28), colour, 14)
    finite = trace.values[np.isfinite(trace.values)]
    if not finite.size:
        canvas.text((16, box.top + 38), "no number in it", FAINT, 12)
        return
    low, high = float(finite.min()), float(finite.max())
    inner = Box(box.left, box.top + 8, box.right, box.bottom - 8)
    if high == low:
        canvas.text((16, box.top + 38), f"always {number_text(low, 0)}", FAINT, 12)
        canvas.line([(box.left, inner.y(0.5)), (box.right, inner.y(0.5))], colour, 1.8)
        return
    canvas.text((box.right + 8, inner.top + 4), number_text(high, high - low), FAINT, 12)
    canvas.text((box.right + 8, inner.bottom + 4), number_text(low, high - low), FAINT, 12)
    ends = f"{number_text(low, high - low)} to {number_text(high, high - low)}"
    canvas.text((16, box.top + 38), ends, FAINT, 12)
    if low < 0 < high:
        canvas.line(
            [(box.left, inner.y(-low / (high - low))), (box.right, inner.y(-low / (high - low)))], GRID, 1
        )
    for run in _runs(chart, trace, inner, low, high):
        canvas.line(run, colour, 1.8)


def _sound(canvas: Canvas, chart: Chart, trace: Trace, box: Box) -> None:
    canvas.text((16, box.bottom - 10), trace.name, FAINT, 12)
    for run in _runs(chart, trace, box, 0.0, 1.0):
        canvas.area([(run[0][0], box.bottom), *run, (run[-1][0], box.bottom)], SOUND)


def _runs(chart: Chart, trace: Trace, box: Box, low: float, high: float) -> list[list[Point]]:
    """The trace as polylines, cut where a value is no number; frame f is drawn at f / fps."""
    runs: list[list[Point]] = [[]]
    for frame, value in enumerate(trace.values.tolist()):
        if not np.isfinite(value):
            runs.append([])
            continue
        share = min(1.0, max(0.0, (value - low) / (high - low)))
        runs[-1].append((box.x(frame / chart.fps / chart.seconds), box.y(share)))
    # a lone point gets a length, so that it can be seen
    return [run if len(run) > 1 else [run[0], (run[0][0] + 1.5, run[0][1])] for run in runs if run]


def _axis(canvas: Canvas, chart: Chart, box: Box) -> None:
    bottom = box.bottom - GAP + 4
    canvas.line([(box.left, bottom), (box.right, bottom)], FAINT, 1)
    step = tick_step(chart.seconds)
    for number in range(int(chart.seconds / step + 1e-9) + 1):
        at = number * step
        x = box.x(at / chart.seconds)
        canvas.line([(x, bottom), (x, bottom + 6)], FAINT, 1)
        canvas.text((x, bottom + 20), f"{at:g} s", INK, 12, "middle")
        canvas.text((x, bottom + 34), f"{round(at * chart.fps)}", FAINT, 11, "middle")
    canvas.text((16, bottom + 20), "time", FAINT, 12)
    canvas.text((16, bottom + 34), "frame", FAINT, 11)


def tick_step(seconds: float) -> float:
    """Seconds between two labels: 1, 2 or 5 times a power of ten, at most twelve of them."""
    steps: Sequence[float] = [base * 10.0**power for power in range(-3, 6) for base in (1, 2, 5)]
    for step, wider in pairwise(steps):
        if seconds / step <= 12:
            return step
        if seconds / wider <= 12:
            return wider
    return steps[-1]


def number_text(value: float, span: float) -> str:
    """The value to a thousandth of `span` or finer: `1.053`, `268`, `0.001`; never longer than it helps."""
    decimals = max(0, 2 - math.floor(math.log10(span))) if span > 0 else 6
    text = f"{value:.{min(decimals, 9)}f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in ("-0", "") else short

"""A chart of curves over the sound they follow: one strip a curve, one axis of time below."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_studio.cli.values import plural
from anim_studio.draw.canvas import Canvas, Colour, Point
from anim_studio.draw.font import shortened, wrapped
from anim_studio.draw.raster import RasterCanvas
from anim_studio.draw.svg import SvgCanvas
from anim_studio.draw.ticks import tick_step

BACKGROUND: Colour = (252, 252, 250)
STRIP: Colour = (244, 244, 240)
INK: Colour = (38, 40, 46)
FAINT: Colour = (128, 130, 138)
EDGE: Colour = (120, 122, 130)
BEAT: Colour = (222, 216, 204)
BAR: Colour = (188, 180, 162)
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
LEFT, RIGHT, TOP, BOTTOM, GAP = 168, 64, 46, 50, 10
#: height of the row of scene names, and of a line of what does not change
SCENES, LINE = 20, 18


@dataclass(frozen=True, slots=True)
class Trace:
    """A curve to draw: `values` is float64[frames]; what is no number leaves a gap, and so does the
    beginning of a scene if every scene has a curve of its own.
    """

    name: str
    values: NDArray[np.float64]
    by_scene: bool = False


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a scene begins: its name, and the frame from the chart's left edge."""

    name: str
    frame: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn. `fps` is frames per second; `beats`, and those of them that begin `bars`, are
    seconds from the left edge, where frame `first` of the film stands.

    `sounds` are audio features in 0..1; they are drawn as filled strips under the curves. `constant`
    are names and values of what does not move.
    """

    title: str
    fps: float
    curves: tuple[Trace, ...]
    sounds: tuple[Trace, ...] = ()
    beats: tuple[float, ...] = ()
    scenes: tuple[Boundary, ...] = ()
    constant: tuple[tuple[str, str], ...] = ()
    first: int = 0
    bars: tuple[float, ...] = ()

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
    strips = len(chart.curves) * (_curve_height(chart) + GAP) + len(chart.sounds) * (30 + GAP)
    named = SCENES if chart.scenes else 0
    return width, TOP + named + strips + BOTTOM + LINE * len(_constant_lines(chart, width))


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
    width, _ = chart_size(chart)
    facts = f"{plural(chart.frames, 'frame')} · {chart.seconds:.2f} s · {chart.fps:g} fps"
    facts += f" · {plural(len(chart.beats), 'beat')}" if chart.beats else ""
    canvas.text((16, 28), chart.title, INK, 18)
    canvas.text((width - 16, 28), facts, FAINT, 13, "end")
    top = float(TOP + (SCENES if chart.scenes else 0))
    rows = [(trace, _curve_height(chart)) for trace in chart.curves] + [(trace, 30) for trace in chart.sounds]
    for number, (trace, tall) in enumerate(rows):
        box = Box(LEFT, top, width - RIGHT, top + tall)
        canvas.area(
            [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)],
            STRIP,
        )
        beat_lines(canvas, chart, box)
        scene_edges(canvas, chart, box)
        if number < len(chart.curves):
            _curve(canvas, chart, trace, box, PALETTE[number % len(PALETTE)])
        else:
            _sound(canvas, chart, trace, box)
        top += tall + GAP
    scene_names(canvas, chart, Box(LEFT, TOP, width - RIGHT, TOP + SCENES))
    axis(canvas, chart, Box(LEFT, TOP, width - RIGHT, top))
    for number, line in enumerate(_constant_lines(chart, width)):
        canvas.text((16, top + BOTTOM + 4 + LINE * number), line, FAINT, 12)


def _curve_height(chart: Chart) -> int:
    return 130 if len(chart.curves) <= 4 else 80


def beat_lines(canvas: Canvas, chart: Chart, box: Box) -> None:
    """A thin line at every beat, a stronger one where a bar begins."""
    for times, colour, wide in ((chart.beats, BEAT, 1.0), (chart.bars, BAR, 1.4)):
        for time in times:
            if 0 <= time < chart.seconds:
                x = box.x(time / chart.seconds)
                canvas.line([(x, box.top), (x, box.bottom)], colour, wide)


def scene_edges(canvas: Canvas, chart: Chart, box: Box) -> None:
    """A line where a scene begins, but for the first."""
    for scene in chart.scenes[1:]:
        x = box.x(scene.frame / chart.fps / chart.seconds)
        canvas.line([(x, box.top), (x, box.bottom)], EDGE, 1.4)


def scene_names(canvas: Canvas, chart: Chart, box: Box) -> None:
    """The names of scenes over their parts."""
    ends = [scene.frame for scene in chart.scenes[1:]] + [chart.frames]
    for scene, end in zip(chart.scenes, ends, strict=False):
        left, right = (box.x(f / chart.fps / chart.seconds) for f in (scene.frame, end))
        canvas.text((left + 4, box.top + 13), shortened(scene.name, 13, right - left - 6), INK, 13)


def _constant_lines(chart: Chart, width: int) -> list[str]:
    """What does not change, as lines of text."""
    words = [f"{name} = {value}" for name, value in chart.constant]
    return list(wrapped("does not change: " + " · ".join(words), 12, width - 32, 3)) if words else []


def _curve(canvas: Canvas, chart: Chart, trace: Trace, box: Box, colour: Colour) -> None:
    # a formula may take a second line
    lines = wrapped(trace.name, 14, LEFT - 28, 2)
    for number, line in enumerate(lines):
        canvas.text((16, box.top + 18 + 17 * number), line, colour, 14)
    below = box.top + 21 + 17 * len(lines)
    finite = trace.values[np.isfinite(trace.values)]
    if not finite.size:
        canvas.text((16, below), "no number in it", FAINT, 12)
        return
    low, high = float(finite.min()), float(finite.max())
    inner = Box(box.left, box.top + 8, box.right, box.bottom - 8)
    if high == low:
        canvas.text((16, below), f"always {number_text(low, 0)}", FAINT, 12)
        canvas.line([(box.left, inner.y(0.5)), (box.right, inner.y(0.5))], colour, 1.8)
        return
    canvas.text((box.right + 8, inner.top + 4), number_text(high, high - low), FAINT, 12)
    canvas.text((box.right + 8, inner.bottom + 4), number_text(low, high - low), FAINT, 12)
    ends = f"{number_text(low, high - low)} to {number_text(high, high - low)}"
    canvas.text((16, below), ends, FAINT, 12)
    if low < 0 < high:
        canvas.line(
            [(box.left, inner.y(-low / (high - low))), (box.right, inner.y(-low / (high - low)))], GRID, 1
        )
    for run in runs(chart, trace, inner, low, high):
        canvas.line(run, colour, 1.8)


def _sound(canvas: Canvas, chart: Chart, trace: Trace, box: Box) -> None:
    canvas.text((16, box.bottom - 10), trace.name, FAINT, 12)
    for run in runs(chart, trace, box, 0.0, 1.0):
        canvas.area([(run[0][0], box.bottom), *run, (run[-1][0], box.bottom)], SOUND)


def runs(chart: Chart, trace: Trace, box: Box, low: float, high: float) -> list[list[Point]]:
    """The trace as polylines, cut where a value is no number; frame f is drawn at f / fps."""
    found: list[list[Point]] = [[]]
    begins = {scene.frame for scene in chart.scenes} if trace.by_scene else set()
    for frame, value in enumerate(trace.values.tolist()):
        if frame in begins or not np.isfinite(value):
            found.append([])
        if not np.isfinite(value):
            continue
        share = min(1.0, max(0.0, (value - low) / (high - low)))
        x = box.x(frame / chart.fps / chart.seconds)
        if found[-1] and _steps(trace.values, frame):
            # what holds and then holds something else jumps at the frame: no ramp is drawn towards it
            found[-1].append((x, found[-1][-1][1]))
        found[-1].append((x, box.y(share)))
    # a lone point gets a length, so that it can be seen
    return [run if len(run) > 1 else [run[0], (run[0][0] + 1.5, run[0][1])] for run in found if run]


def _steps(values: NDArray[np.float64], frame: int) -> bool:
    """Whether a value that held becomes, at this frame, another that holds."""
    held = frame < 2 or values[frame - 1] == values[frame - 2]
    holds = frame + 1 >= len(values) or values[frame + 1] == values[frame]
    return bool(held and holds and values[frame] != values[frame - 1])


def axis(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Seconds and frames under the strips, which fill the box."""
    bottom = box.bottom - GAP + 4
    canvas.line([(box.left, bottom), (box.right, bottom)], FAINT, 1)
    step = tick_step(chart.seconds)
    for number in range(int(chart.seconds / step + 1e-9) + 1):
        at = number * step
        x = box.x(at / chart.seconds)
        canvas.line([(x, bottom), (x, bottom + 6)], FAINT, 1)
        canvas.text((x, bottom + 20), f"{chart.first / chart.fps + at:.6g} s", INK, 12, "middle")
        canvas.text((x, bottom + 34), f"{chart.first + at * chart.fps:.6g}", FAINT, 11, "middle")
    canvas.text((16, bottom + 20), "time", FAINT, 12)
    canvas.text((16, bottom + 34), "frame", FAINT, 11)


def number_text(value: float, span: float) -> str:
    """The value to a thousandth of `span` or finer: `1.053`, `268`, `0.001`; never longer than it helps."""
    decimals = max(0, 2 - math.floor(math.log10(span))) if span > 0 else 6
    text = f"{value:.{min(decimals, 9)}f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in ("-0", "") else short

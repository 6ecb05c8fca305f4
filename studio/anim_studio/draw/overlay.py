"""Curves in two versions, one over the other, with the frames at which they differ shaded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anim_studio.draw.canvas import Canvas, Colour
from anim_studio.draw.chart import (
    BACKGROUND,
    BOTTOM,
    FAINT,
    GAP,
    GRID,
    INK,
    LEFT,
    PALETTE,
    RIGHT,
    SCENES,
    STRIP,
    TOP,
    Box,
    Chart,
    Trace,
    axis,
    beat_lines,
    number_text,
    runs,
    scene_edges,
    scene_names,
)
from anim_studio.draw.font import shortened
from anim_studio.draw.raster import RasterCanvas
from anim_studio.draw.svg import SvgCanvas

SHADE: Colour = (253, 240, 205)
BEFORE: Colour = (150, 152, 160)
TALL, LOW = 130, 90
"""Height of a strip in pixels: of up to four, and of more."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A curve in two versions: float64[frames] each, NaN where there is none."""

    name: str
    before: NDArray[np.float64]
    after: NDArray[np.float64]

    @property
    def differs(self) -> NDArray[np.bool_]:
        """The frames at which the two are not the same: bool[frames]."""
        absent = np.isnan(self.before) & np.isnan(self.after)
        return np.asarray(~((self.before == self.after) | absent))


@dataclass(frozen=True, slots=True)
class Overlay:
    """Everything that is drawn: `chart` has the title, the rate, scenes and beats, and no curves."""

    chart: Chart
    curves: tuple[Changed, ...]
    before: str
    after: str

    @property
    def framed(self) -> Chart:
        """The chart with as many frames as the curves have."""
        return replace(self.chart, curves=tuple(Trace(c.name, c.after, True) for c in self.curves))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width = LEFT + RIGHT + min(1800, max(760, self.framed.frames * 3))
        named = SCENES if self.chart.scenes else 0
        return width, TOP + 20 + named + len(self.curves) * (self.strip + GAP) + BOTTOM

    @property
    def strip(self) -> int:
        """The height of one curve's strip."""
        return TALL if len(self.curves) <= 4 else LOW


def overlay_png(overlay: Overlay) -> RasterCanvas:
    """The overlay as pixels."""
    canvas = RasterCanvas(*overlay.size, BACKGROUND)
    draw(overlay, canvas)
    return canvas


def overlay_svg(overlay: Overlay) -> SvgCanvas:
    """The overlay as SVG."""
    canvas = SvgCanvas(*overlay.size, BACKGROUND)
    draw(overlay, canvas)
    return canvas


def draw(overlay: Overlay, canvas: Canvas) -> None:
    """Draws a strip a curve from top to bottom, then the time axis."""
    width, _ = overlay.size
    chart = overlay.framed
    canvas.text((16, 28), chart.title, INK, 18)
    _legend(canvas, overlay, width)
    top = float(TOP + 20 + (SCENES if chart.scenes else 0))
    scene_names(canvas, chart, Box(LEFT, TOP + 20, width - RIGHT, top))
    for number, changed in enumerate(overlay.curves):
        box = Box(LEFT, top, width - RIGHT, top + overlay.strip)
        corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
        canvas.area(corners, STRIP)
        _shade(canvas, chart, changed, box)
        beat_lines(canvas, chart, box)
        scene_edges(canvas, chart, box)
        _curves(canvas, chart, changed, box, PALETTE[number % len(PALETTE)])
        top += overlay.strip + GAP
    axis(canvas, chart, Box(LEFT, TOP, width - RIGHT, top))


def _legend(canvas: Canvas, overlay: Overlay, width: int) -> None:
    """Which line is which version, and what is shaded."""
    y = 50.0
    canvas.line([(16, y - 4), (40, y - 4)], BEFORE, 3)
    room = (width - 260) / 2
    before, after = (shortened(text, 13, room) for text in (overlay.before, overlay.after))
    canvas.text((46, y), before, FAINT, 13)
    at = 46 + 8.0 * len(before) + 24
    canvas.line([(at, y - 4), (at + 24, y - 4)], PALETTE[0], 1.8)
    canvas.text((at + 30, y), after, INK, 13)
    at += 30 + 8.0 * len(after) + 24
    canvas.area([(at, y - 12), (at + 24, y - 12), (at + 24, y + 2), (at, y + 2)], SHADE)
    canvas.text((at + 30, y), "differs", FAINT, 13)


def _shade(canvas: Canvas, chart: Chart, changed: Changed, box: Box) -> None:
    """The frames at which the versions differ, each from its moment to the next one's."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], changed.differs, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2).tolist():
        left, right = (box.x(min(1.0, f / chart.fps / chart.seconds)) for f in (first, end))
        canvas.area([(left, box.top), (right, box.top), (right, box.bottom), (left, box.bottom)], SHADE)


def _curves(canvas: Canvas, chart: Chart, changed: Changed, box: Box, colour: Colour) -> None:
    canvas.text((16, box.top + 18), shortened(changed.name, 14, LEFT - 28), colour, 14)
    both = np.concatenate([changed.before, changed.after])
    finite = both[np.isfinite(both)]
    if not finite.size:
        return
    low, high = float(finite.min()), float(finite.max())
    for number, (word, values) in enumerate((("was", changed.before), ("is", changed.after))):
        canvas.text((16, box.top + 38 + 16 * number), f"{word} {_ends(values, high - low)}", FAINT, 12)
    inner = Box(box.left, box.top + 8, box.right, box.bottom - 8)
    canvas.text((box.right + 8, inner.top + 4), number_text(high, high - low), FAINT, 12)
    if low < high:
        canvas.text((box.right + 8, inner.bottom + 4), number_text(low, high - low), FAINT, 12)
    else:
        low, high = low - 1.0, high + 1.0
    if low < 0 < high:
        zero = inner.y(-low / (high - low))
        canvas.line([(box.left, zero), (box.right, zero)], GRID, 1)
    for values, ink, width in ((changed.before, BEFORE, 3.2), (changed.after, colour, 1.8)):
        for run in runs(chart, Trace(changed.name, values, True), inner, low, high):
            canvas.line(run, ink, width)


def _ends(values: NDArray[np.float64], span: float) -> str:
    """`1 to 1.5`, or one number; `absent` without any."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return "absent"
    low, high = (number_text(float(end), span) for end in (finite.min(), finite.max()))
    return low if low == high else f"{low} to {high}"

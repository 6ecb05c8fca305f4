"""Curves under a contact sheet: a line of each over the whole film, with a dot where a frame is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw

from anim_studio.draw.canvas import Colour
from anim_studio.draw.font import set_words, shortened

HEIGHT, GAP, NAMES, NUMBERS, AXIS = 44, 10, 150, 62, 20
GROUND: Colour = (34, 36, 41)
INK: Colour = (222, 222, 218)
FAINT: Colour = (140, 142, 150)
CUT: Colour = (84, 87, 96)
#: Okabe & Ito's palette for dark ground: told apart by all common kinds of colour vision
PALETTE: tuple[Colour, ...] = (
    (86, 180, 233),
    (230, 159, 0),
    (0, 158, 115),
    (240, 228, 66),
    (204, 121, 167),
    (213, 94, 0),
)


@dataclass(frozen=True, slots=True)
class Strip:
    """A curve: `values` are float64[frames] over the whole film; what is no number leaves a gap."""

    name: str
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strips:
    """What stands under a sheet: curves, the frames at which scenes begin, and those that are shown above."""

    curves: Sequence[Strip]
    scenes: Sequence[int] = ()
    shown: Sequence[int] = ()


def strips_height(strips: Strips) -> int:
    """How many pixels they take; none without curves."""
    return len(strips.curves) * (HEIGHT + GAP) + AXIS if strips.curves else 0


def draw_strips(draw: ImageDraw.ImageDraw, strips: Strips, left: int, top: int, width: int) -> None:
    """The strips, one under the other, and the numbers of the shown frames below them."""
    if not strips.curves:
        return
    begin, end = left + NAMES, left + width - NUMBERS
    frames = max(len(strip.values) for strip in strips.curves)
    for number, strip in enumerate(strips.curves):
        y = top + number * (HEIGHT + GAP)
        draw.rectangle((begin, y, end, y + HEIGHT), fill=GROUND)
        for frame in strips.scenes:
            x = _x(frame, frames, begin, end)
            draw.line((x, y, x, y + HEIGHT), fill=CUT)
        set_words(draw, (left, y + HEIGHT / 2 + 5), shortened(strip.name, 13, NAMES - 12), INK, 13)
        _curve(draw, strip, strips.shown, (begin, y, end), PALETTE[number % len(PALETTE)])
    _axis(draw, strips, frames, begin, end, top + len(strips.curves) * (HEIGHT + GAP) + 8)


def _curve(
    draw: ImageDraw.ImageDraw, strip: Strip, shown: Sequence[int], box: tuple[int, int, int], colour: Colour
) -> None:
    begin, top, end = box
    values = strip.values
    finite = values[np.isfinite(values)]
    if not finite.size:
        return
    low, high = float(finite.min()), float(finite.max())
    set_words(draw, (end + 8, top + 12), _number(high), FAINT, 12)
    if high > low:
        set_words(draw, (end + 8, top + HEIGHT - 2), _number(low), FAINT, 12)

    def point(frame: int) -> tuple[float, float]:
        share = (float(values[frame]) - low) / (high - low) if high > low else 0.5
        return _x(frame, len(values), begin, end), top + HEIGHT - 5 - share * (HEIGHT - 10)

    run: list[tuple[float, float]] = []
    for frame in range(len(values) + 1):
        if frame < len(values) and np.isfinite(values[frame]):
            run.append(point(frame))
        elif run:
            draw.line(run, fill=colour, width=2, joint="curve")
            run = []
    for frame in shown:
        if frame < len(values) and np.isfinite(values[frame]):
            x, y = point(frame)
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=colour, outline=GROUND)


def _axis(
    draw: ImageDraw.ImageDraw, strips: Strips, frames: int, begin: int, end: int, baseline: float
) -> None:
    """The numbers of the shown frames, as many as there is room for."""
    free = float(begin) - 20
    for frame in strips.shown:
        x = _x(frame, frames, begin, end)
        if x - 14 >= free:
            set_words(draw, (x, baseline), f"{frame}", FAINT, 12, "middle")
            free = x + 14


def _x(frame: int, frames: int, begin: int, end: int) -> float:
    return begin + 4 + (end - begin - 8) * (frame / (frames - 1) if frames > 1 else 0.5)


def _number(value: float) -> str:
    # what is 0 but for the last bits of a sum is 0 to a reader
    return f"{round(value, 9) + 0.0:.3g}"

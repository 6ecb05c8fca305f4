"""Pictures, their labels and a caption as rows of cells: what `Picture` shows, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from rich.cells import cell_len, chop_cells, set_cell_size

from anim_dsl.visible import escaped
from anim_studio.tui.cells import cut
from anim_studio.tui.picture.halfblocks import Line, lettered, lines
from anim_studio.tui.picture.scale import U8, scaled
from anim_studio.tui.picture.shades import Codes, Shades, Tint, code_of, coded, colour_at
from anim_studio.tui.picture.stage import Box, Size, Stage, staged

RGB: TypeAlias = tuple[int, int, int]

#: how much of a picture shines through beneath a text on it
_SHINES = 0.3
_PALE: RGB = (238, 238, 238)
#: a caption may be wider than a picture of fewer columns
_NARROW = 24


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A picture uint8 `[H,W,3]` or none yet, the width and height that give its proportions, and its name."""

    picture: U8 | None
    size: Size
    label: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """Of a theme: the ground around the picture, an empty frame, and texts."""

    ground: Tint = (18, 18, 18)
    empty: Tint = (30, 30, 30)
    caption: Tint = (150, 150, 150)
    label: Tint = (220, 170, 90)
    waiting: Tint = (150, 150, 150)


@dataclass(frozen=True, slots=True)
class Canvas:
    """How it is drawn: `room` in columns and rows; half a cell's width over its height; in which colours.

    `whole` keeps the pictures to whole cells and texts off them, so that real pixels can take their place.
    """

    room: Size
    colours: Colours
    shades: Shades = Shades.TRUE
    aspect: float = 1.0
    whole: bool = False


def painted(
    canvas: Canvas, sides: Sequence[Labelled], caption: str, waiting: str
) -> tuple[list[Line], Stage]:
    """The rows of cells, and where the pictures stand. In an empty frame stands what is waited for."""
    columns, rows = canvas.room
    sizes = [side.size for side in sides]
    stage = staged(sizes, canvas.room, aspect=canvas.aspect, captioned=bool(caption), whole=canvas.whole)
    codes = np.full((2 * rows, columns), code_of(canvas.colours.ground, canvas.shades), np.int32)
    for side, place in zip(sides, stage.places, strict=True):
        across, down = slice(place.left, place.left + place.width), slice(place.top, place.bottom)
        codes[down, across] = _filled(canvas, side, place)[: 2 * rows - place.top, : columns - place.left]
    drawn = lines(codes, canvas.shades)
    for side, place in zip(sides, stage.places, strict=True):
        if side.picture is None:
            _write_waiting(canvas, drawn, place, waiting)
        if side.label:
            _write(canvas, drawn, place.label_row, place.left, side.label, canvas.colours.label)
    if caption and stage.caption_row is not None:
        _write_caption(canvas, drawn, stage, caption)
    return drawn, stage


def _filled(canvas: Canvas, side: Labelled, place: Box) -> Codes:
    if side.picture is None:
        return np.full((place.height, place.width), code_of(canvas.colours.empty, canvas.shades), np.int32)
    return coded(scaled(side.picture, place.width, place.height), canvas.shades)


def _write_waiting(canvas: Canvas, drawn: list[Line], place: Box, waiting: str) -> None:
    """In the middle of the frame, line for line, wrapped to its width."""
    width = place.width - 2
    if width < 4:
        return
    texts = [part for text in waiting.split("\n") for part in _wrapped(escaped(text), width)]
    first = (place.top + place.bottom) // 4 - len(texts) // 2
    for row, text in enumerate(texts, first):
        _write(
            canvas, drawn, row, place.left + (place.width - cell_len(text)) // 2, text, canvas.colours.waiting
        )


def _write_caption(canvas: Canvas, drawn: list[Line], stage: Stage, caption: str) -> None:
    """Beneath the pictures; where they leave no row, on the last one's foot, over a bar of its own darkened
    colour.
    """
    row = stage.caption_row or 0
    covered = [place for place in stage.places if place.top <= 2 * row < place.bottom]
    left = min(place.left for place in covered or stage.places)
    width = max(place.left + place.width for place in covered or stage.places) - left
    text = escaped(caption)
    if not covered:
        left = max(left, 1)  # no text of the screen touches the edge of its panel
        room = canvas.room[0] - left - 1
        text = cut(text, room if width < _NARROW else min(width, room))
        _write(canvas, drawn, row, left, text, canvas.colours.caption)
        return
    text = set_cell_size(f" {cut(text, width - 2)}", width)
    bar = code_of(_bar(drawn[row], slice(left, left + width)), canvas.shades)
    drawn[row] = lettered(drawn[row], left, text, code_of(_PALE, canvas.shades), bar)


def _write(canvas: Canvas, drawn: list[Line], row: int, column: int, text: str, colour: Tint) -> None:
    """A text on the ground that is there."""
    if not 0 <= row < len(drawn):
        return
    room = max(0, canvas.room[0] - column)
    text = cut(text, room)
    ground = drawn[row].grounds[column : column + cell_len(text)]
    drawn[row] = lettered(drawn[row], column, text, code_of(colour, canvas.shades), ground)


def _bar(line: Line, cells: slice) -> RGB:
    """The mean colour of cells, darkened."""
    codes = np.concatenate([line.colours[cells], line.grounds[cells]]).tolist()
    mean = np.mean([colour_at(code, line.shades) for code in codes], axis=0) * _SHINES
    red, green, blue = np.round(mean).astype(int).tolist()
    return red, green, blue


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many cells, broken between words where there is a space."""
    lines: list[str] = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += chop_cells(word, width)
    return [line for line in lines if line]

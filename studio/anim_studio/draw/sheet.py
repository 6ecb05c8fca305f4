"""A contact sheet: frames of a film side by side, each with its number, its time and its prompt,
over the film's curves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from anim_studio.cli.values import format_time
from anim_studio.draw.font import set_words, shortened, width_of, wrapped
from anim_studio.draw.strips import Strips, draw_strips, strips_height

BACKGROUND = (24, 25, 28)
INK = (232, 232, 228)
FAINT = (150, 152, 160)
MARGIN, GAP, HEAD = 20, 14, 46
LABEL, CAPTION_LINE, CAPTION_LINES = 22, 17, 2


@dataclass(frozen=True, slots=True)
class Tile:
    """One frame of the sheet; `image` is RGB of any size, `caption` is the prompt or empty.

    A caption of one line is wrapped; of several, each keeps to its own.
    """

    image: Image.Image
    frame: int
    seconds: float
    caption: str = ""


def chosen_frames(frames: int, count: int) -> tuple[int, ...]:
    """`count` frames spread evenly over the film, the first and the last among them."""
    if frames <= 0 or count <= 0:
        return ()
    if count == 1 or frames == 1:
        return (0,)
    count = min(count, frames)
    return tuple(dict.fromkeys(round(i * (frames - 1) / (count - 1)) for i in range(count)))


def columns_for(count: int, aspect: float) -> int:
    """How many tiles stand in a row; `aspect` is width over height of a tile.

    A sheet with at most one hole in it wins, then the one whose shape is closest to 9:5.
    """

    def cost(columns: int) -> tuple[bool, float]:
        rows = -(-count // columns)
        return rows * columns - count > 1, abs(columns * aspect / rows - 1.8)

    return min(range(1, count + 1), key=cost)


def draw_sheet(
    title: str, facts: str, tiles: Sequence[Tile], *, tile_px: int = 256, strips: Strips | None = None
) -> Image.Image:
    """The sheet as RGB; the longer side of a tile is `tile_px` pixels. Needs at least one tile.

    Under the tiles stand the curves of `strips`, if there are any.
    """
    width, height = _tile_size(tiles[0].image, tile_px)
    columns = columns_for(len(tiles), width / height)
    rows = -(-len(tiles) // columns)
    captions = max(map(_caption_lines, tiles))
    step_y = height + LABEL + CAPTION_LINE * captions + GAP
    below = strips_height(strips) if strips is not None else 0
    size = (2 * MARGIN + columns * (width + GAP) - GAP, MARGIN + HEAD + rows * step_y + below)
    sheet = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    room = size[0] - 2 * MARGIN
    set_words(draw, (MARGIN, MARGIN + 18), shortened(title, 20, room), INK, 20)
    if width_of(facts, 13) + width_of(title, 20) + 3 * GAP < room:
        set_words(draw, (size[0] - MARGIN, MARGIN + 18), facts, FAINT, 13, "end")
    for number, tile in enumerate(tiles):
        left = MARGIN + number % columns * (width + GAP)
        top = MARGIN + HEAD - 14 + number // columns * step_y
        sheet.paste(tile.image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (left, top))
        _label(draw, tile, left, top + height, width)
    if strips is not None:
        draw_strips(draw, strips, MARGIN, MARGIN + HEAD - 14 + rows * step_y, room)
    return sheet


def _tile_size(image: Image.Image, tile_px: int) -> tuple[int, int]:
    scale = tile_px / max(image.size)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _caption_lines(tile: Tile) -> int:
    """How many lines a tile's caption is given room for."""
    return max(CAPTION_LINES, tile.caption.count("\n") + 1) if tile.caption else 0


def _label(draw: ImageDraw.ImageDraw, tile: Tile, left: int, top: int, room: int) -> None:
    set_words(draw, (left, top + 16), f"{tile.frame}", INK, 13)
    set_words(draw, (left + room, top + 16), format_time(tile.seconds), FAINT, 13, "end")
    several = tile.caption.split("\n")
    if len(several) > 1:
        lines = tuple(shortened(line, 12, room) for line in several)
    else:
        lines = wrapped(tile.caption, 12, room, CAPTION_LINES) if tile.caption else ()
    for number, line in enumerate(lines):
        set_words(draw, (left, top + LABEL + 12 + number * CAPTION_LINE), line, FAINT, 12)

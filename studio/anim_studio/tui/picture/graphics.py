"""Pictures as pixels, where the terminal draws them: kitty's protocol, and sixel by way of textual-image.

They go to the terminal within the rows that Textual writes, so that nothing gets between. The rows are those
of the half-blocks: what another widget covers in part, and a picture of the screen, still shows them.
"""

from __future__ import annotations

import os
import zlib
from base64 import standard_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment

from anim_studio.tui.picture.halfblocks import CellStrip, Line, written
from anim_studio.tui.picture.images import Images, cell_size
from anim_studio.tui.picture.scale import U8, scaled
from anim_studio.tui.picture.stage import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual_image.renderable import SixelImage, TGPImage

#: where a terminal does not tell how large a cell is, sixels have that of a VT340
_VT340 = (10, 20)
#: more colours than this make a picture twice as long to write and hardly better
_SIXEL_COLOURS = 128
_CHUNK = 4096
#: pictures that a kitty terminal keeps for each place: the one that is shown, and the one before it
_KEPT = 2


@dataclass(frozen=True, slots=True)
class Inset:
    """What is written in place of the cells `start <= column < end` of a row."""

    start: int
    end: int
    text: str


class PixelStrip(CellStrip):
    """A row whose cells are partly drawn by the terminal."""

    __slots__ = ("_insets",)

    def __init__(self, line: Line, insets: Sequence[Inset]) -> None:
        super().__init__(line)
        self._insets = tuple(insets)

    def same(self, other: CellStrip) -> bool:
        """Whether both look alike on the terminal."""
        return isinstance(other, PixelStrip) and self._insets == other._insets and super().same(other)

    def render(self, console: Console) -> str:
        """The row in the terminal's signs."""
        if self._render_cache is None:
            parts, column = [], 0
            for inset in self._insets:
                parts += [written(_part(self.line, column, inset.start)), inset.text]
                column = inset.end
            self._render_cache = "".join([*parts, written(_part(self.line, column, len(self.line.signs)))])
        return self._render_cache


@dataclass(slots=True)
class Graphics:
    """The pixels of the pictures that are shown now, made once each."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    #: of each place by its number: the picture and where it stands, and what is written for its rows
    _made: dict[int, tuple[Images, U8, Box, list[Inset]]] = field(default_factory=dict)
    #: names of the pictures that a kitty terminal was given for each place
    _names: dict[int, list[int]] = field(default_factory=dict)
    _count: int = 0

    def strips(
        self, drawn: Sequence[Line], shown: Sequence[tuple[U8 | None, Box]], images: Images
    ) -> list[CellStrip]:
        """The rows of cells with pixels where the pictures stand."""
        insets: dict[int, list[Inset]] = {}
        for number, (picture, place) in enumerate(shown):
            if picture is not None:
                for row, inset in enumerate(self._insets(number, picture, place, images), place.top // 2):
                    insets.setdefault(row, []).append(inset)
        return [
            PixelStrip(line, sorted(insets[row], key=lambda inset: inset.start))
            if row in insets
            else CellStrip(line)
            for row, line in enumerate(drawn)
        ]

    def _insets(self, number: int, picture: U8, place: Box, images: Images) -> list[Inset]:
        made = self._made.get(number)
        if made is not None and made[0] is images and made[1] is picture and made[2] == place:
            return made[3]
        insets = self._kitty(number, picture, place) if images is Images.KITTY else _sixel(picture, place)
        self._made[number] = (images, picture, place, insets)
        return insets

    def _kitty(self, number: int, picture: U8, place: Box) -> list[Inset]:
        """The picture as it is, which the terminal fits to its cells: letters that stand for them follow."""
        from textual_image.renderable import TGPImage

        self._count = self._count % 250 + 1
        name = (1 << 24) | (os.getpid() & 0xFFFF) << 8 | self._count
        names = self._names.setdefault(number, [])
        names.append(name)
        gone = [names.pop(0) for _ in range(len(names) - _KEPT)]
        columns, rows = place.width, place.height // 2
        sent = [*_sent(picture, name, columns, rows), *(f"a=d,d=I,i={old},q=2" for old in gone)]
        first = "".join(_command(command, self.environ) for command in sent)
        stands = TGPImage(_image(picture), columns, rows)
        stands.terminal_image_id = name  # so that it writes only the letters
        ink = f"\x1b[38;2;{name >> 16 & 255};{name >> 8 & 255};{name & 255}m"
        return [
            Inset(place.left, place.left + columns, f"{'' if row else first}{ink}{text}\x1b[39m")
            for row, text in enumerate(_rows_of(stands, columns, rows))
        ]


def _part(line: Line, start: int, end: int) -> Line:
    return replace(
        line, signs=line.signs[start:end], colours=line.colours[start:end], grounds=line.grounds[start:end]
    )


def _rows_of(stands: TGPImage | SixelImage, columns: int, rows: int) -> list[str]:
    console = Console(width=columns, height=rows, color_system="truecolor", legacy_windows=False)
    options = console.options.update(width=columns, height=rows)
    segments = stands.__rich_console__(console, options)
    return [segment.text.rstrip("\n") for segment in segments if isinstance(segment, Segment)]


def _sent(picture: U8, name: int, columns: int, rows: int) -> Iterator[str]:
    """Commands of the protocol that hand a picture over and stand it on cells (kitty: graphics protocol)."""
    height, width = picture.shape[:2]
    data = standard_b64encode(zlib.compress(picture.tobytes(), 1)).decode("ascii")
    head = f"a=t,f=24,s={width},v={height},o=z,i={name},q=2"
    for start in range(0, len(data), _CHUNK):
        more = int(start + _CHUNK < len(data))
        yield f"{head if start == 0 else 'q=2'},m={more};{data[start : start + _CHUNK]}"
    yield f"a=p,U=1,i={name},c={columns},r={rows},q=2"


def _command(command: str, environ: Mapping[str, str]) -> str:
    """A command as the terminal reads it, through tmux where that stands between (with `allow-passthrough
    on`).
    """
    text = f"\x1b_G{command}\x1b\\"
    if not environ.get("TMUX"):
        return text
    return "\x1bPtmux;" + text.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _sixel(picture: U8, place: Box) -> list[Inset]:
    """The cursor passes over the cells, and from the last row goes back to draw all of them at once."""
    from textual_image.renderable import SixelImage
    from textual_image.renderable.sixel import SixelOptions

    columns, rows = place.width, place.height // 2
    across, down = cell_size() or _VT340
    pixels = _image(scaled(picture, columns * across, rows * down))
    texts = _rows_of(SixelImage(pixels, columns, rows, SixelOptions(colors=_SIXEL_COLOURS)), columns, rows)
    data = next(text for text in texts if text.startswith("\x1bP"))
    over = f"\x1b[{columns}C"
    up = f"\x1b[{rows - 1}A" if rows > 1 else ""
    last = f"\x1b7{up}{data}\x1b8{over}"
    return [Inset(place.left, place.left + columns, over if row < rows - 1 else last) for row in range(rows)]


def _image(picture: U8) -> Image:
    from PIL import Image

    return Image.fromarray(picture)

"""Previews of models, as two pixels a cell in any terminal that has colours, or as pixels where it draws."""

from __future__ import annotations

import io
import os
import sys
from base64 import standard_b64encode
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from anim_runtime.models.net.problems import NetProblem
from anim_studio.cli.terminal import Terminal, shows_unicode
from anim_studio.tui.picture.images import Images, cell_size, known

if TYPE_CHECKING:
    from anim_studio.tui.picture.scale import U8

Fetch: TypeAlias = Callable[[str, int], bytes]
"""The bytes of an address, of at most so many. Raises `NetProblem`."""

#: cells across and down
_ROOM = (36, 14)
_MOST_BYTES = 12 * 10**6
#: the largest that a preview may be once it is unpacked
_MOST_PIXELS = 40 * 10**6
_CHUNK = 4096
#: dots of a cell across and down, where a terminal does not tell: those of a VT340
_CELL = (10, 20)


class Previews:
    """Shows the pictures of hits; one that cannot be had is left out."""

    def __init__(self, terminal: Terminal, fetch: Fetch) -> None:
        self._terminal = terminal
        self._fetch = fetch
        self._images = known(os.environ) if sys.stdout.isatty() else None

    def show(self, address: str) -> None:
        """The picture at an address, a few lines high."""
        picture = self._picture(address) if address else None
        if picture is None:
            return
        if self._images is Images.KITTY:
            self._terminal.out.write(f"    {kitty(picture)}\n")
        elif self._images is Images.SIXEL:
            self._terminal.out.write(sixel(picture))
        elif self._terminal.out_colour and shows_unicode(self._terminal.out):
            for line in half_blocks(picture):
                self._terminal.say(f"    {line}")
        else:
            self._terminal.say(f"    (a preview of {picture.shape[1]}x{picture.shape[0]}: needs colours)")

    def _picture(self, address: str) -> U8 | None:
        try:
            return decoded(self._fetch(small(address), _MOST_BYTES))
        except NetProblem:
            return None


def small(address: str) -> str:
    """The address of a smaller version of it, where the site makes them."""
    return address.replace("/original=true/", "/width=450/")


def decoded(data: bytes) -> U8 | None:
    """A picture, uint8 `[H,W,3]`; None for what is none, or for one that unpacks to too much."""
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            return np.asarray(image.convert("RGB"))
    except Exception:
        # decoders raise whatever they like for what is torn; a preview is never worth more than its absence
        return None


def half_blocks(picture: U8) -> Iterator[str]:
    """Lines of `▀`, whose colour is the upper pixel and whose ground is the lower one."""
    from anim_studio.tui.picture.scale import fitted, scaled

    width, height = fitted((picture.shape[1], picture.shape[0]), (_ROOM[0], _ROOM[1] * 2))
    pixels = scaled(picture, width, height + height % 2)
    for row in range(0, pixels.shape[0], 2):
        cells = []
        for upper, lower in zip(pixels[row].tolist(), pixels[row + 1].tolist(), strict=True):
            colour, ground = (";".join(map(str, rgb)) for rgb in (upper, lower))
            cells.append(f"\x1b[38;2;{colour}m\x1b[48;2;{ground}m▀")
        yield "".join(cells) + "\x1b[0m"


def sixel(picture: U8) -> str:
    """The same as sixels, with the lines that they cover."""
    from PIL import Image
    from rich.console import Console
    from textual_image.renderable import SixelImage

    from anim_studio.tui.picture.scale import fitted, scaled

    columns, rows = fitted((picture.shape[1], picture.shape[0]), _ROOM, aspect=0.5)
    across, down = cell_size() or _CELL
    pixels = Image.fromarray(scaled(picture, columns * across, rows * down))
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system=None).print(SixelImage(pixels, columns, rows))
    return file.getvalue()


def kitty(picture: U8) -> str:
    """The same as pixels, by kitty's graphics protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol)."""
    from anim_studio.tui.picture.scale import fitted, scaled

    columns, rows = fitted((picture.shape[1], picture.shape[0]), _ROOM, aspect=0.5)
    pixels = scaled(picture, columns * 10, rows * 20)
    data = standard_b64encode(pixels.tobytes()).decode()
    chunks = [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)]
    head = f"a=T,f=24,s={columns * 10},v={rows * 20},c={columns},r={rows},q=2,"
    written = []
    for number, chunk in enumerate(chunks):
        keys = f"{head if number == 0 else ''}m={int(number < len(chunks) - 1)}"
        written.append(f"\x1b_G{keys};{chunk}\x1b\\")
    return "".join(written)

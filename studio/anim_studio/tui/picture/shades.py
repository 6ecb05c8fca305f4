"""The colours that a terminal has, and a picture in them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, ColorSystem

from anim_studio.tui.picture.scale import U8

Codes: TypeAlias = NDArray[np.int32]
Tint: TypeAlias = tuple[int, int, int] | int
"""Red, green and blue, or one of the terminal's own colours, as `own` makes it."""

#: how far neighbours are pushed apart before they become one of few colours (Bayer, 4 by 4)
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 15 / 32
#: brightness of red, green and blue (Rec. 709)
_LUMA = np.array([0.2126, 0.7152, 0.0722])
#: the colours of xterm that are the same on nearly all terminals start here
_CUBE = 16


class Shades(IntEnum):
    """How many colours a terminal shows."""

    #: brightness written in letters: no colours, and no blocks
    LETTERS = 0
    GREY = 1
    ANSI = 16
    XTERM = 256
    TRUE = 1 << 24


def shades_of(colours: str | None, *, no_colour: bool, environ: Mapping[str, str]) -> Shades:
    """What a terminal shows: `colours` is Rich's name for it, None where it does not know (then all are
    sent).
    """
    if environ.get("TERM", "").partition("-")[0] in ("dumb", "vt100", "vt102", "vt220", "vt320"):
        return Shades.LETTERS
    if no_colour:
        return Shades.GREY
    match colours:
        case "256":
            return Shades.XTERM
        case "standard" | "windows":
            return Shades.ANSI
        case _:
            return Shades.TRUE


def coded(pixels: U8, shades: Shades, *, mixed: bool = True) -> Codes:
    """Pixels uint8 `[H,W,3]` as codes int32 `[H,W]`: `0xRRGGBB` where there are no numbers, else the colour's
    number.

    Where colours are few and may be `mixed`, neighbours take turns, so that a sky keeps its gradient.
    """
    match shades:
        case Shades.TRUE:
            return packed(pixels)
        case Shades.GREY | Shades.LETTERS:
            luma = np.round(pixels @ _LUMA).astype(np.uint8)
            return packed(np.repeat(luma[..., None], 3, axis=-1))
        case Shades.XTERM:
            return _numbered(_dithered(pixels, 26.0) if mixed else pixels, 5) + _CUBE
        case Shades.ANSI:
            return _numbered(_dithered(pixels, 96.0) if mixed else pixels, 4)


def own(number: int) -> int:
    """The code of a colour that the user gave the terminal: 0 to 15, or -1 for its ground or its ink."""
    return -2 - number


def own_number(code: int) -> int | None:
    """The number of the terminal's own colour, None for another code."""
    return -2 - code if code < 0 else None


def code_of(colour: Tint, shades: Shades) -> int:
    """The code of one colour, as of a text or a plain ground: the one that Rich takes for it around the
    picture.
    """
    if isinstance(colour, int):
        return 0 if shades is Shades.LETTERS else colour
    systems = {Shades.ANSI: ColorSystem.STANDARD, Shades.XTERM: ColorSystem.EIGHT_BIT}
    if shades in systems:
        return Color.from_rgb(*colour).downgrade(systems[shades]).number or 0
    return int(coded(np.array([[colour]], np.uint8), shades)[0, 0])


def packed(pixels: U8) -> Codes:
    """`0xRRGGBB` of each pixel."""
    wide = pixels.astype(np.int32)
    return (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]


def colour_at(code: int, shades: Shades) -> tuple[int, int, int]:
    """Red, green and blue of a code, as xterm has them; black for the terminal's own ground and ink, which it
    alone knows.
    """
    if code < 0:
        code, shades = max(0, own_number(code) or 0), Shades.XTERM
    if shades in (Shades.ANSI, Shades.XTERM):
        red, green, blue = xterm()[code].tolist()
        return red, green, blue
    return code >> 16, code >> 8 & 255, code & 255


@lru_cache(maxsize=1)
def xterm() -> U8:
    """The 256 colours of xterm, uint8 `[256,3]`: 16 of the user's theme as VGA has them, a cube of 6, 24
    greys.
    """
    vga = [(170 * (n & 1), 170 * (n >> 1 & 1), 170 * (n >> 2)) for n in range(8)]
    vga[3] = (170, 85, 0)
    bright = [(85 + 170 * (n & 1), 85 + 170 * (n >> 1 & 1), 85 + 170 * (n >> 2)) for n in range(8)]
    levels = (0, 95, 135, 175, 215, 255)
    cube = [(r, g, b) for r in levels for g in levels for b in levels]
    greys = [(8 + 10 * n,) * 3 for n in range(24)]
    return np.array([*vga, *bright, *cube, *greys], np.uint8)


def _dithered(pixels: U8, reach: float) -> U8:
    height, width = pixels.shape[:2]
    tiles = np.tile(_BAYER, (-(-height // 4), -(-width // 4)))[:height, :width]
    return np.clip(np.round(pixels + tiles[..., None] * reach), 0, 255).astype(np.uint8)


def _numbered(pixels: U8, bits: int) -> Codes:
    """The nearest colour's number, looked up by the upper `bits` of red, green and blue."""
    short = (pixels >> (8 - bits)).astype(np.int32)
    found: Codes = _nearest(bits)[(short[..., 0] << 2 * bits) | (short[..., 1] << bits) | short[..., 2]]
    return found


@lru_cache(maxsize=2)
def _nearest(bits: int) -> Codes:
    """For 5 bits a channel the nearest of the cube and the greys, counted from 16; for 4 bits of the first
    16.
    """
    palette = (xterm()[_CUBE:] if bits == 5 else xterm()[:_CUBE]).astype(np.float32)
    axis = (np.arange(1 << bits, dtype=np.float32) + 0.5) * (256 >> bits) - 0.5
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    # red counts 2, green 4, blue 3: near what the eye sees, and as quick as without
    weight = np.sqrt(np.array([2, 4, 3], np.float32))
    grid, palette = grid * weight, palette * weight
    far = (grid**2).sum(1)[:, None] - 2 * grid @ palette.T + (palette**2).sum(1)
    nearest: Codes = far.argmin(axis=1).astype(np.int32)
    return nearest

"""Frames as FFmpeg's encoders want them."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from numpy.typing import NDArray

from anim_runtime.encode.formats import Target
from anim_runtime.encode.levels import U16, dithered, rounded, to_8_bit, to_yuv


def video_frame(picture: U16, target: Target) -> av.VideoFrame:
    """One sRGB picture, uint16 `[H,W,3]`, in the target's pixel format.

    YUV is BT.709 in limited range; what has 8 bits is dithered where it is YUV and rounded where it is RGB.
    """
    pixels = target.pixels
    if pixels.startswith(("yuv", "p010")):
        return _yuv(padded(picture, *target.steps), pixels, target.bits)
    if pixels.startswith("gbrp"):
        return _planes(picture, pixels, target.bits)
    if pixels == "rgb48be":
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=pixels)
    eight = to_8_bit(picture)
    if pixels == "rgb24":
        return av.VideoFrame.from_ndarray(eight, format=pixels)
    opaque = np.empty((*eight.shape[:2], 4), np.uint8)
    opaque[..., :3], opaque[..., 3] = eight[..., ::-1], 255
    # FFmpeg's `bgr0` is `bgra` whose last byte nobody reads
    frame = av.VideoFrame.from_ndarray(opaque, format="bgra")
    return frame if pixels == "bgra" else _as_bgr0(opaque)


def padded(picture: U16, step_x: int, step_y: int) -> U16:
    """The picture with its last row and column repeated until its size is a multiple of the steps."""
    height, width = picture.shape[:2]
    below, right = -height % step_y, -width % step_x
    if below or right:
        picture = np.pad(picture, ((0, below), (0, right), (0, 0)), mode="edge")
    return np.ascontiguousarray(picture)


def _yuv(picture: U16, pixels: str, bits: int) -> av.VideoFrame:
    half_x = not pixels.startswith("yuv444")
    luma, blue, red = to_yuv(picture, half_x, half_x and not pixels.startswith("yuv422"))
    frame = av.VideoFrame(picture.shape[1], picture.shape[0], pixels)
    if pixels == "p010le":
        both = np.stack([rounded(blue, 10), rounded(red, 10)], axis=-1).reshape(blue.shape[0], -1)
        _fill(frame, 0, np.left_shift(rounded(luma, 10), 6, dtype=np.uint16))
        _fill(frame, 1, np.left_shift(both, 6, dtype=np.uint16))
    else:
        for number, plane in enumerate((luma, blue, red)):
            _fill(frame, number, dithered(plane) if bits == 8 else rounded(plane, bits))
    frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
    frame.color_primaries, frame.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return frame


def _planes(picture: U16, pixels: str, bits: int) -> av.VideoFrame:
    """Green, blue and red, each by itself."""
    frame = av.VideoFrame(picture.shape[1], picture.shape[0], pixels)
    top = (1 << bits) - 1
    for number, channel in enumerate((1, 2, 0)):
        plane = picture[..., channel]
        if bits < 16:
            plane = ((plane.astype(np.uint32) * top + 32767) // 65535).astype(np.uint16)
        _fill(frame, number, plane)
    return frame


def _as_bgr0(opaque: NDArray[np.uint8]) -> av.VideoFrame:
    frame = av.VideoFrame(opaque.shape[1], opaque.shape[0], "bgr0")
    _fill(frame, 0, opaque.reshape(opaque.shape[0], -1))
    return frame


def _fill(frame: av.VideoFrame, number: int, rows: NDArray[np.uint8] | U16) -> None:
    """Writes a plane, and continues each row into the memory behind it: prores_ks reads there, and it would
    be chance.
    """
    memory: Any = frame.planes[number]  # a buffer at run time, which PyAV's annotations do not say
    line = frame.planes[number].line_size // rows.dtype.itemsize
    whole = np.frombuffer(memory, rows.dtype).reshape(-1, line)
    width = rows.shape[1]
    whole[: rows.shape[0], :width] = rows
    whole[: rows.shape[0], width:] = rows[:, -1:]

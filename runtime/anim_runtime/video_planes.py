"""A decoded frame's picture: its planes scaled first, in float, and made red, green and blue after that.

Scaling and the colour matrix are both linear, so doing them in this order gives the same and touches far
fewer numbers. Matrix and range are those that the stream tells; without a word HD is BT.709 and less is
BT.601, and the range is limited, as players take them (ITU-R BT.601, BT.709, BT.2020). The transfer curve is
left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av import VideoFrame

Plane: TypeAlias = NDArray[np.float32]

#: left, top, right and bottom of what is taken of a frame, in its own pixels
Box: TypeAlias = tuple[float, float, float, float]

#: FFmpeg's AVColorSpace: what red and blue weigh in luma
_WEIGHTS = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    6: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
_BT709, _BT601 = 1, 6
_FULL_RANGE = 2  # FFmpeg's AVCOL_RANGE_JPEG

_YUV = re.compile(r"(?:yuv|yuva|yuvj)4\d\dp(?:\d\dle)?|gray(?:\d\dle)?")
#: formats of the same numbers in another order
_UNPACKED = {"nv12": "yuv420p", "nv21": "yuv420p", "nv16": "yuv422p", "nv24": "yuv444p"} | {
    "p010le": "yuv420p10le",
    "p016le": "yuv420p16le",
    "yuyv422": "yuv422p",
    "uyvy422": "yuv422p",
    "yvyu422": "yuv422p",
}


@dataclass(frozen=True, slots=True)
class Placing:
    """What of a frame is taken and how large it becomes, in pixels: `width` and `height` of the result."""

    box: Box
    width: int
    height: int


def pixels(frame: VideoFrame, placing: Placing) -> Plane:
    """The picture, float32 `[3 or 4,height,width]`, sRGB as it is stored, 0..1; a fourth plane is alpha, and
    colours are multiplied by it.
    """
    name = frame.format.name
    if name in _UNPACKED:
        frame = _reformatted(frame, _UNPACKED[name])
        name = frame.format.name
    if _YUV.fullmatch(name):
        return _from_yuv(frame, name, placing)
    return _from_rgb(frame, placing)


def _from_rgb(frame: VideoFrame, placing: Placing) -> Plane:
    """Of RGB in any order, palettes and the rest: FFmpeg puts the numbers in order."""
    deep = max((component.bits for component in frame.format.components), default=8) > 8
    frame = _reformatted(frame, "rgba64le" if deep else "rgba")
    wide = _rows(frame, 0, np.uint16 if deep else np.uint8)[:, : 4 * frame.width]
    values = wide.reshape(frame.height, frame.width, 4)
    top = np.float32(65535.0 if deep else 255.0)
    transparent = bool((values[..., 3] != values.dtype.type(int(top))).any())
    planes: list[NDArray[Any]] = [values[..., i] for i in range(4 if transparent else 3)]
    if transparent:
        # before they are scaled: what is not seen must not colour the edges of what is
        planes[:3] = [plane * (planes[3] / top) for plane in planes[:3]]
    made: Plane = np.clip(np.stack([scaled(plane, placing) for plane in planes]) / top, 0.0, 1.0)
    return made


def _from_yuv(frame: VideoFrame, name: str, placing: Placing) -> Plane:
    """Of planes of luma and chroma, with any number of bits."""
    deep = re.search(r"(?:p|gray)(\d\d)le$", name)
    bits = int(deep[1]) if deep else 8
    full = name.startswith("yuvj") or int(frame.color_range) == _FULL_RANGE
    whole = [_plane(frame, number, bits) for number in range(len(frame.planes))]
    # what is subsampled lies on the left of its pixels in video, in their middle in pictures
    left = not full
    planes = [scaled(plane, placing, (frame.width, frame.height), left=left) for plane in whole]
    luma, *rest = planes
    unit = float(1 << (bits - 8))
    top = float((1 << bits) - 1)
    grey = luma / top if full else (luma - 16.0 * unit) / (219.0 * unit)
    if len(rest) < 2:
        return np.clip(np.stack([grey] * 3), 0.0, 1.0).astype(np.float32)
    spread = top if full else 224.0 * unit
    blue, red = ((plane - 128.0 * unit) / spread for plane in rest[:2])
    made = np.clip(np.stack(_coloured(grey, blue, red, _weights(frame))), 0.0, 1.0)
    if len(rest) == 3:
        alpha = np.clip(rest[2] / top, 0.0, 1.0)
        made = np.concatenate([made * alpha, alpha[None]])
    return made.astype(np.float32, copy=False)


def _coloured(luma: Plane, blue: Plane, red: Plane, weights: tuple[float, float]) -> list[Plane]:
    """Red, green and blue of luma 0..1 and chroma -0.5..0.5."""
    kr, kb = weights
    kg = 1.0 - kr - kb
    r = luma + np.float32(2.0 * (1.0 - kr)) * red
    b = luma + np.float32(2.0 * (1.0 - kb)) * blue
    g = luma - np.float32(2.0 * kb * (1.0 - kb) / kg) * blue - np.float32(2.0 * kr * (1.0 - kr) / kg) * red
    return [np.asarray(plane, dtype=np.float32) for plane in (r, g, b)]


def _weights(frame: VideoFrame) -> tuple[float, float]:
    told = _WEIGHTS.get(int(frame.colorspace))
    if told is not None:
        return told
    return _WEIGHTS[_BT709 if frame.height >= 720 or frame.width >= 1280 else _BT601]


def _plane(frame: VideoFrame, number: int, bits: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
    width = frame.planes[number].width
    return _rows(frame, number, np.uint8 if bits == 8 else np.uint16)[:, :width]


def _rows(
    frame: VideoFrame, number: int, dtype: type[np.uint8] | type[np.uint16]
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """A plane's rows as they lie in memory, with what stands behind each."""
    plane = frame.planes[number]
    values: NDArray[Any] = np.frombuffer(memoryview(plane), dtype=dtype)
    width = plane.line_size // values.itemsize
    return values[: plane.height * width].reshape(plane.height, width)


def _reformatted(frame: VideoFrame, format: str) -> VideoFrame:
    return frame.reformat(format=format)


def scaled(
    plane: NDArray[Any],
    placing: Placing,
    whole: tuple[int, int] | None = None,
    *,
    left: bool = False,
) -> Plane:
    """A part of a plane at another size, float32 `[height,width]`, in the plane's own numbers.

    Cubic, over the area that a pixel covers where it becomes smaller: as images are scaled. `whole` is the
    size of the frame that a subsampled plane belongs to, whose samples lie on the `left` of their pixels.
    """
    from PIL import Image

    tall, wide = plane.shape
    # numbers of any kind, hence Any
    values = plane.astype(np.float32)
    box = placing.box
    if whole is not None and (wide, tall) != whole:
        # a sample covers several pixels: -(-w // 2) of them for an odd width too
        across, down = round(whole[0] / wide), round(whole[1] / tall)
        shift = 0.5 - 0.5 / across if left else 0.0
        values = np.pad(values, ((0, 1), (0, 1)), mode="edge")
        box = (
            box[0] / across + shift,
            box[1] / down,
            min(box[2] / across + shift, wide + 1.0),
            min(box[3] / down, tall + 1.0),
        )
    if box == (0.0, 0.0, placing.width, placing.height) and (wide, tall) == (placing.width, placing.height):
        return values
    picture = Image.fromarray(values)
    size = (placing.width, placing.height)
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC, _inside(box, picture.size)))


def _inside(box: Sequence[float], size: tuple[int, int]) -> Box:
    """The box without what rounding puts beyond the picture."""
    left, top, right, bottom = box
    return max(left, 0.0), max(top, 0.0), min(right, float(size[0])), min(bottom, float(size[1]))

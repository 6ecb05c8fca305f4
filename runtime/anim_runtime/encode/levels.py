"""Pixels as files have them: 16-bit RGB as 8-bit RGB, or as YUV of 8 and 10 bits after BT.709."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

U16: TypeAlias = NDArray[np.uint16]

#: ITU-R BT.709-6, 3.2: the shares of red and blue in luma
_RED, _BLUE = 0.2126, 0.0722
_LUMA = np.array([_RED, 1.0 - _RED - _BLUE, _BLUE])

#: 16-bit RGB to limited-range YUV, 256 times the 8-bit levels: black 16, white 235, chroma 128 ± 112
_TO_YUV: NDArray[np.float64] = np.hstack(
    [
        np.stack(
            [
                _LUMA * 219.0,
                (np.array([0.0, 0.0, 1.0]) - _LUMA) * 224.0 / (2.0 * (1.0 - _BLUE)),
                (np.array([1.0, 0.0, 0.0]) - _LUMA) * 224.0 / (2.0 * (1.0 - _RED)),
            ]
        )
        * (256.0 / 65535.0),
        np.array([[16.0], [128.0], [128.0]]) * 256.0,
    ]
)


def to_8_bit(picture: U16) -> NDArray[np.uint8]:
    """Levels of 0..65535 to 0..255, rounded to the nearest; 65535 is 255 and 0 is 0."""
    levels: Any = cv2.convertScaleAbs(picture, alpha=1.0 / 257.0)
    return np.asarray(levels, np.uint8)


def to_16_bit(picture: NDArray[np.uint8] | U16) -> U16:
    """8-bit levels as those of 16 bits that `to_8_bit` turns back; 16-bit ones as they are."""
    if picture.dtype == np.uint16:
        return picture.astype(np.uint16, copy=False)
    return np.multiply(picture, 257, dtype=np.uint16)


def to_yuv(picture: U16, half_x: bool, half_y: bool) -> tuple[U16, U16, U16]:
    """Luma and the two chroma planes of sRGB `[H,W,3]`, limited range, 256 times the levels of 8 bits.

    Exact to a step or two of 16 bits: FFmpeg's own conversion of them is 0.4 of an 8-bit level too bright.
    Chroma of half the width stands on every other column, as H.264 and its like have it: weights 1 2 1.
    Needs even sides where they are halved.
    """
    planes: Any = cv2.transform(picture, _TO_YUV)
    luma, blue, red = (np.asarray(plane, np.uint16) for plane in cv2.split(planes))
    return luma, _halved(blue, half_x, half_y), _halved(red, half_x, half_y)


def rounded(plane: U16, bits: int) -> U16:
    """Levels of 8 to 15 bits, from 256 times those of 8 bits."""
    shift = 16 - bits
    return np.right_shift(np.minimum(plane, 65535 - (1 << shift - 1)) + np.uint16(1 << shift - 1), shift)


def dithered(plane: U16) -> NDArray[np.uint8]:
    """Levels of 8 bits, from 256 times those: rounded up where the rest exceeds a threshold of a standing
    8×8 pattern (Bayer, 1973), so that a slow gradient has no bands and a still picture stays still.
    """
    lifted: Any = cv2.add(plane, _thresholds(*plane.shape))
    return np.right_shift(np.asarray(lifted, np.uint16), 8).astype(np.uint8)


def linear(picture: U16) -> NDArray[np.float32]:
    """sRGB levels as linear light, float32, 1 is white (IEC 61966-2-1)."""
    return _LINEAR[picture]


def _halved(plane: U16, half_x: bool, half_y: bool) -> U16:
    if half_y:
        plane = np.asarray((plane[0::2] >> 1) + (plane[1::2] >> 1), dtype=np.uint16)
    if half_x:
        # a quarter of each neighbour and half of the middle, each cut to whole steps of 16 bits
        quarter = plane[:, 1::2] >> 2
        plane = np.asarray((plane[:, 0::2] >> 1) + quarter, dtype=np.uint16)
        plane[:, 1:] += quarter[:, :-1]
        plane[:, 0] += quarter[:, 0]
    return plane


@lru_cache(maxsize=8)
def _thresholds(height: int, width: int) -> U16:
    """The pattern over a whole plane."""
    return np.tile(_BAYER, (-(-height // 8), -(-width // 8)))[:height, :width]


def _bayer() -> U16:
    """The 8×8 thresholds, 2..254 in steps of 4: half a step from both ends, so that means are kept."""
    pattern = np.zeros((1, 1), np.int64)
    for _ in range(3):
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    return (pattern * 4 + 2).astype(np.uint16)


def _linear_table() -> NDArray[np.float32]:
    level = np.arange(65536) / 65535.0
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4).astype(np.float32)


_BAYER = _bayer()
_LINEAR = _linear_table()

"""What is measured of a frame that is shown: a few numbers of 0..1, from a picture made smaller.

All on the host, in whole numbers or float32, so that a picture has the same figures everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

#: raised when a figure is measured in another way; figures of another version are measured again
VERSION = 2

#: heights that colours and moves, and sharpness, are measured at
SMALL, FINE = 128, 512
#: luma below this is nearly black: it shows as black on most screens
BLACK = 0.04
#: the length of the blur that sharpness is told by, in px
BLUR = 9

#: BT.709, on values as they are stored
_LUMA = np.array([[0.2126, 0.7152, 0.0722]], dtype=np.float32)

Planes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Look:
    """A frame as it is compared with others: its picture made small, float32 `[h,w,3]`, 0..1, and its mean
    colour in CIE Lab, float64 `[3]`.
    """

    small: Planes
    colour: NDArray[np.float64]


def looked_at(picture: NDArray[np.uint16]) -> tuple[Look, dict[str, float]]:
    """The look of a shown picture, uint16 `[H,W,3]`, RGB, and the figures that need no other frame.

    `luma`: mean. `contrast`: twice the standard deviation of luma. `saturation`: mean of (max-min)/max.
    `black`: share of luma below 4 %. `sharpness`: how much of the differences of neighbours a blur of 9 px
    takes away (Crete et al. 2007, the larger of both directions).
    """
    fine = reduced(picture, FINE)
    small = np.asarray(reduced(fine, SMALL), dtype=np.float32) / np.float32(65535.0)
    luma = cv2.transform(small, _LUMA)
    # plane by plane: numpy is many times as slow along an axis of three
    red, green, blue = (np.asarray(plane, dtype=np.float32) for plane in cv2.split(small))
    most = np.maximum(np.maximum(red, green), blue)
    least = np.minimum(np.minimum(red, green), blue)
    colour = np.divide(most - least, most, out=np.zeros_like(most), where=most > 0.0)
    figures = {
        "luma": float(luma.mean(dtype=np.float64)),
        "contrast": min(1.0, 2.0 * float(luma.std(dtype=np.float64))),
        "saturation": float(colour.mean(dtype=np.float64)),
        "black": float((luma < BLACK).mean()),
        "sharpness": sharpness(fine),
    }
    mean = np.array([plane.mean(dtype=np.float64) for plane in (red, green, blue)])
    lab = cv2.cvtColor(mean.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_RGB2Lab)
    return Look(small, lab.reshape(3).astype(np.float64)), figures


def reduced(picture: NDArray[np.uint16], height: int) -> NDArray[np.uint16]:
    """The picture with at most that height, each pixel the mean over what it covers."""
    tall, wide = picture.shape[:2]
    if tall <= height:
        return picture
    size = (max(1, round(wide * height / tall)), height)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint16)


def sharpness(picture: NDArray[np.uint16]) -> float:
    """How sharp a picture uint16 `[H,W,3]` is, 0..1; an even one is not sharp at all."""
    # whole numbers throughout, whose sums are the same in any order; differences below 0 are 0
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    found = 0.0
    for axis, size in ((1, (BLUR, 1)), (0, (1, BLUR))):
        if grey.shape[axis] < 2:
            continue
        soft = cv2.blur(grey, size, borderType=cv2.BORDER_REFLECT)
        own, less = _steps(grey, axis), _steps(soft, axis)
        total = float(cv2.sumElems(own)[0])
        if total > 0.0:
            found = max(found, float(cv2.sumElems(cv2.subtract(own, less))[0]) / total)
    return found


def _steps(grey: NDArray[Any], axis: int) -> NDArray[np.uint16]:
    """How far neighbours along an axis differ."""
    one, other = (grey[:, 1:], grey[:, :-1]) if axis else (grey[1:], grey[:-1])
    return np.asarray(cv2.absdiff(one, other), dtype=np.uint16)


def drift(look: Look, first: Look) -> float:
    """How far the mean colour is from another frame's: CIE76 over 100, at most 1."""
    return min(1.0, float(np.linalg.norm(look.colour - first.colour)) / 100.0)


def difference(later: Planes, earlier: Planes, visible: Planes | None = None) -> float:
    """The mean absolute difference of two pictures `[h,w,3]` where a mask `[h,w]` is white: 0..1."""
    red, green, blue = (np.asarray(plane, np.float32) for plane in cv2.split(cv2.absdiff(later, earlier)))
    away = (red + green + blue) / np.float32(3.0)
    if visible is None:
        return float(away.mean(dtype=np.float64))
    total = float(visible.sum(dtype=np.float64))
    return float((away * visible).sum(dtype=np.float64)) / total if total > 0.0 else 0.0


def moved(earlier: Planes, way: NDArray[np.float64]) -> tuple[Planes, Planes]:
    """A small picture `[h,w,3]` through a homography in centred coordinates (half heights), source to
    destination; and where it has something to show, `[h,w]`.
    """
    matrix = in_px(way, earlier.shape[1], earlier.shape[0])
    size = (earlier.shape[1], earlier.shape[0])
    made = cv2.warpPerspective(earlier, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    whole = np.ones(earlier.shape[:2], dtype=np.float32)
    seen = cv2.warpPerspective(whole, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(made, dtype=np.float32), np.asarray(seen > 0.999, dtype=np.float32)


def travel(way: NDArray[np.float64], width: int, height: int) -> float:
    """How far a homography moves the pixels of a picture on average, in heights, at most 1."""
    half = np.array([width / height, 1.0])
    points = np.stack(np.meshgrid(*(np.linspace(-side, side, 9) for side in half)), axis=-1).reshape(-1, 2)
    moved_to = np.column_stack((points, np.ones(len(points)))) @ way.T
    held = np.where(np.abs(moved_to[:, 2:]) < 1e-6, 1e-6, moved_to[:, 2:])
    steps = np.linalg.norm(moved_to[:, :2] / held - points, axis=1) / 2.0
    return float(np.minimum(steps, 1.0).mean())


def in_px(way: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    """A centred homography as one of px, whose pixels have their middle at whole numbers."""
    half = height / 2
    back = np.array(((half, 0, width / 2 - 0.5), (0, half, height / 2 - 0.5), (0, 0, 1)))
    return np.asarray(back @ way @ np.linalg.inv(back))

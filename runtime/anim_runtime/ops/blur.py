"""Gaussian blur, and the sharpening that is made of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.sending import sent

#: Beyond this standard deviation, in px, the blur is made of a smaller picture. What is then put back by
#: bilinear interpolation is off by at most 0.03/s² of an edge's height, s ≥ 4 its deviation down there.
WIDEST = 8.0


def blur(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A Gaussian blur of an image or a mask `[1,C,H,W]`, values 0..1; the picture is mirrored at its edges.

    `radius` is the standard deviation in px at the film's size, as in CSS `blur()`; 0 gives the picture.
    """
    (picture,) = inputs
    radius = number(args, "radius")
    if radius <= 0.0:
        return picture
    return gaussian_blur(picture, _scaled(radius, picture, frame)).clamp_(0.0, 1.0)


def sharpen(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """An unsharp mask: `x + amount·(x - blurred)` of a picture `[1,C,H,W]`, clipped to 0..1.

    `radius` is the blur's standard deviation in px at the film's size. Where a channel differs from its
    blur by less than `threshold` (of 255) it stays. Deforum's formula (`unsharp_mask`), without its
    rounding to 8 bits and its comparison of unsigned bytes, in which a small difference below 0 is large.
    """
    (picture,) = inputs
    amount = number(args, "amount")
    if amount == 0.0:
        return picture
    soft = gaussian_blur(picture, _scaled(number(args, "radius"), picture, frame))
    detail = torch.sub(picture, soft, out=soft)
    threshold = number(args, "threshold") / 255.0
    if threshold > 0.0:
        detail.masked_fill_(detail.abs() < threshold, 0.0)
    return detail.mul_(amount).add_(picture).clamp_(0.0, 1.0)


def gaussian_blur(picture: Tensor, deviation: float) -> Tensor:
    """The picture `[1,C,H,W]` float32 blurred by a standard deviation in px, mirrored at its edges.

    The kernel is cut at three deviations. A new tensor; the same values within 1e-6 on every device.
    """
    if deviation > WIDEST:
        return _of_smaller(picture, deviation)
    return _blurred(picture, deviation, deviation)


def _scaled(radius: float, picture: Tensor, frame: FrameContext) -> float:
    """A radius at the film's size in px of this picture."""
    return radius * picture.shape[2] / frame.height


def _of_smaller(picture: Tensor, deviation: float) -> Tensor:
    height, width = picture.shape[2:]
    factor = math.ceil(deviation / WIDEST)
    size = (max(1, round(height / factor)), max(1, round(width / factor)))
    small = functional.interpolate(picture, size=size, mode="area")
    down, across = deviation * size[0] / height, deviation * size[1] / width
    soft = _blurred(small, min(down, 4.0 * size[0]), min(across, 4.0 * size[1]))
    return functional.interpolate(soft, size=(height, width), mode="bilinear", align_corners=False)


def _blurred(picture: Tensor, down: float, across: float) -> Tensor:
    rows, columns = _weights(down), _weights(across)
    if picture.device.type == "cpu":
        return _by_opencv(picture, rows, columns)
    return by_convolution(picture, rows, columns)


def _by_opencv(picture: Tensor, rows: NDArray[np.float32], columns: NDArray[np.float32]) -> Tensor:
    """Five times faster than torch's convolution of one column, which is not vectorised."""
    import cv2

    planes = [
        cv2.sepFilter2D(plane.numpy(), cv2.CV_32F, columns, rows, borderType=cv2.BORDER_REFLECT)
        for plane in picture[0].contiguous()
    ]
    return torch.from_numpy(np.stack(planes)).unsqueeze(0)


def by_convolution(picture: Tensor, rows: NDArray[np.float32], columns: NDArray[np.float32]) -> Tensor:
    """The picture `[1,C,H,W]` convolved with `rows` down and `columns` across, on any device."""
    planes = picture.transpose(0, 1)
    for axis, weights in ((2, rows), (3, columns)):
        size, radius = planes.shape[axis], len(weights) // 2
        index = torch.arange(-radius, size + radius, device=planes.device).remainder(2 * size)
        padded = planes.index_select(axis, torch.where(index < size, index, 2 * size - 1 - index))
        kernel = sent(torch.from_numpy(weights), planes.device)
        planes = functional.conv2d(padded, kernel.view((1, 1, -1, 1) if axis == 2 else (1, 1, 1, -1)))
    return planes.transpose(0, 1).contiguous()


def _weights(deviation: float) -> NDArray[np.float32]:
    """A Gaussian's samples out to three deviations, at least one px, that sum to 1: float32 `[2r+1]`."""
    radius = max(1, math.ceil(3.0 * deviation))
    places = np.arange(-radius, radius + 1, dtype=np.float64) / max(deviation, 1e-3)
    weights = np.exp(-0.5 * places * places)
    scaled: NDArray[np.float32] = (weights / weights.sum()).astype(np.float32)
    return scaled

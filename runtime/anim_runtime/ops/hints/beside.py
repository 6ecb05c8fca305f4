"""Several hints in one picture, each in a field of its own under its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.kernel import Arguments, FrameContext, number

#: between two fields, px, and how bright what is not part of a hint is
_GAP, _GREY = 2, 0.12
#: the height of a name in parts of its field, and px at least
_LETTERS, _LEAST_PX = 0.05, 9


class Field(NamedTuple):
    """A part of a picture, px."""

    top: int
    left: int
    height: int
    width: int


def hint_beside(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The picture with a hint in the field `place` of `count`: both `[1,3,H,W]`, 0..1.

    The first takes the picture's place. One hint alone fills it, without its name, and so can be used as it
    is: as the `hint` of another film.
    """
    below, hint = (as_image(picture) for picture in inputs)
    place, count = round(number(args, "place")), round(number(args, "count"))
    if count == 1:
        return _sized(hint, *below.shape[2:])
    canvas = torch.full_like(below, _GREY) if place == 0 else below.clone()
    height, width = (int(side) for side in canvas.shape[2:])
    whole = field_of(place, count, height, width)
    inside = _within(whole, hint.shape[2] / hint.shape[3])
    rows = slice(inside.top, inside.top + inside.height)
    columns = slice(inside.left, inside.left + inside.width)
    canvas[:, :, rows, columns] = _sized(hint, inside.height, inside.width)
    _named(canvas, inside, str(args["name"]))
    return canvas


def field_of(place: int, count: int, height: int, width: int) -> Field:
    """One of `count` fields of a picture, row by row, in a grid whose fields are most like the picture."""
    columns = _columns(count, height, width)
    rows = math.ceil(count / columns)
    row, column = divmod(place, columns)
    top, left = row * height // rows, column * width // columns
    end, right = (row + 1) * height // rows, (column + 1) * width // columns
    edge = _GAP // 2
    return Field(top + edge, left + edge, max(1, end - top - _GAP), max(1, right - left - _GAP))


def _columns(count: int, height: int, width: int) -> int:
    """The columns with which pictures of the same shape become largest."""

    def size(columns: int) -> float:
        return min(1.0 / columns, 1.0 / math.ceil(count / columns))

    # of two alike the one that goes with the picture: beside each other in a wide one
    order = sorted(range(1, count + 1), reverse=width >= height)
    return max(order, key=size)


def _within(field: Field, shape: float) -> Field:
    """The largest part of a field of that shape (height over width), in its middle."""
    height = min(field.height, max(1, round(field.width * shape)))
    width = min(field.width, max(1, round(height / shape)))
    top, left = (field.height - height) // 2, (field.width - width) // 2
    return Field(field.top + top, field.left + left, height, width)


def _sized(picture: Tensor, height: int, width: int) -> Tensor:
    if tuple(picture.shape[2:]) == (height, width):
        return picture
    size = (height, width)
    made = functional.interpolate(picture, size=size, mode="bilinear", antialias=True, align_corners=False)
    return made.clamp_(0.0, 1.0)


def _named(canvas: Tensor, field: Field, name: str) -> None:
    """Writes a name into the lower left corner of a field, white on a dark plate."""
    tall = max(_LEAST_PX, round(field.height * _LETTERS))
    plate = _plate(name, tall)[:, : field.width]
    if plate.shape[0] > field.height or plate.shape[1] == 0:
        return
    rows = slice(field.top + field.height - plate.shape[0], field.top + field.height)
    columns = slice(field.left, field.left + plate.shape[1])
    ink = plate.to(canvas.device, canvas.dtype)
    canvas[:, :, rows, columns] = canvas[:, :, rows, columns] * (0.25 * (1.0 - ink)) + ink


@lru_cache(maxsize=64)
def _plate(name: str, tall: int) -> Tensor:
    """How white each pixel of a name is whose letters are so tall: float32 `[h,w]`."""
    import cv2
    import numpy as np

    font, thick = cv2.FONT_HERSHEY_SIMPLEX, max(1, tall // 9)
    scale = cv2.getFontScaleFromHeight(font, tall, thick)
    (wide, high), below = cv2.getTextSize(name, font, scale, thick)
    edge = max(2, tall // 3)
    plate = np.zeros((high + below + 2 * edge, wide + 2 * edge), dtype=np.uint8)
    cv2.putText(plate, name, (edge, edge + high), font, scale, 255, thick, cv2.LINE_AA)
    return torch.from_numpy(plate).float() / 255.0

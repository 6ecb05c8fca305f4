"""A picture with alpha placed over another: shifted, scaled, turned and blended where it covers it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.channels import as_image, as_mask
from anim_runtime.ops.composite import MODES, laid, with_alpha
from anim_runtime.ops.kernel import Arguments, FrameContext, number, word
from anim_runtime.ops.layer_small import inside, kept_smaller
from anim_runtime.ops.native import flat, in_bands, is_native
from anim_runtime.ops.resample import resample, resample_axes

#: where in its box a layer is held: the shares of its width and height
ANCHORS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "top_left": (0.0, 0.0),
        "top": (0.5, 0.0),
        "top_right": (1.0, 0.0),
        "left": (0.0, 0.5),
        "center": (0.5, 0.5),
        "right": (1.0, 0.5),
        "bottom_left": (0.0, 1.0),
        "bottom": (0.5, 1.0),
        "bottom_right": (1.0, 1.0),
    }
)

#: the smallest magnification; below it a picture is smaller than a pixel
_LEAST_SCALE = 1e-3
#: pixels around what is seen of a picture that interpolation may read
_MARGIN = 4
#: places nearer than this to a whole pixel are on it
_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture lies: its middle in px of the frame, its scales, its turn in radians, to the left."""

    x: float
    y: float
    scale_x: float
    scale_y: float
    angle: float


def layer(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A picture laid over another at a place of its own; what is below gives the channels.

    `inputs`: below `[1,3,H,W]` or premultiplied `[1,4,H,W]`; above, of its own size, premultiplied
    `[1,4,h,w]`, an image or a mask; perhaps a mask `[1,1,H,W]` of where it shows. `x`, `y` px: where its
    `anchor` is; `scale` a factor, times `unit` if that is given; `angle` degrees counter-clockwise about its
    own middle; `opacity` 0..1; `mode` of `MODES`; `inset` px of `above` around its box, which do not count
    for the anchor. Scaled down it is filtered (bicubic, Keys 1981), else read by Catmull-Rom.
    """
    below, above = inputs[:2]
    opacity = number(args, "opacity")
    mode = word(args, "mode", tuple(MODES))
    if opacity == 0.0:
        return below
    below = below if below.shape[1] == 4 else as_image(below)
    above = with_alpha(above if above.shape[1] == 4 else as_image(above))
    place = _placement(above, args)
    cover = _covered(above, place, below.shape[3], below.shape[2])
    if cover is None:
        return below
    left, top, right, bottom = cover
    piece = _read(above, place, cover) * opacity
    if len(inputs) > 2:
        piece = piece * as_mask(inputs[2])[:, :, top:bottom, left:right]
    made = below.clone()
    made[:, :, top:bottom, left:right] = laid(below[:, :, top:bottom, left:right], piece, mode)
    return made


def _placement(above: Tensor, args: Arguments) -> Placement:
    scale = max(number(args, "scale"), 0.0) * (number(args, "unit") if "unit" in args else 1.0)
    inset = number(args, "inset") if "inset" in args else 0.0
    anchor_x, anchor_y = ANCHORS[word(args, "anchor", tuple(ANCHORS))]
    width, height = (above.shape[3] - 2 * inset) * scale, (above.shape[2] - 2 * inset) * scale
    return Placement(
        number(args, "x") + (0.5 - anchor_x) * width,
        number(args, "y") + (0.5 - anchor_y) * height,
        scale,
        scale,
        math.radians(math.fmod(number(args, "angle"), 360.0)),
    )


def _covered(above: Tensor, place: Placement, width: int, height: int) -> tuple[int, int, int, int] | None:
    """The pixels of the frame that it may touch: left, top, right, bottom; None for none of them."""
    if min(place.scale_x, place.scale_y) < _LEAST_SCALE:
        return None
    wide, tall = above.shape[3] * place.scale_x / 2, above.shape[2] * place.scale_y / 2
    cosine, sine = abs(math.cos(place.angle)), abs(math.sin(place.angle))
    # a pixel more on every side: an edge between two pixels shows in both
    reach_x, reach_y = wide * cosine + tall * sine + 1, wide * sine + tall * cosine + 1
    if not all(map(math.isfinite, (place.x, place.y, reach_x, reach_y))):
        return None
    left, right = max(0, math.floor(place.x - reach_x)), min(width, math.ceil(place.x + reach_x))
    top, bottom = max(0, math.floor(place.y - reach_y)), min(height, math.ceil(place.y + reach_y))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _read(above: Tensor, place: Placement, cover: tuple[int, int, int, int]) -> Tensor:
    """The picture as it lies in a part of the frame, premultiplied `[1,4,h,w]`."""
    left, top, right, bottom = cover
    if min(place.scale_x, place.scale_y) < 1.0:
        above, place = _smaller(above, place)
    height, width = above.shape[2:]
    above, from_x, from_y = _needed(above, place, cover)
    begin_x, begin_y = place.x - width * place.scale_x / 2, place.y - height * place.scale_y / 2
    is_own_size = place.angle == 0.0 and place.scale_x == place.scale_y == 1.0
    if is_own_size and _is_whole(begin_x) and _is_whole(begin_y):
        return _cut(above, round(begin_x) + from_x, round(begin_y) + from_y, cover)
    if is_native(above):
        return _natively(above, place, (width / 2 - 0.5 - from_x, height / 2 - 0.5 - from_y), cover)
    if place.angle == 0.0:
        x = _places(left, right, above.device).sub_(begin_x).div_(place.scale_x).sub_(0.5 + from_x)
        y = _places(top, bottom, above.device).sub_(begin_y).div_(place.scale_y).sub_(0.5 + from_y)
        return inside(resample_axes(above, x.float(), y.float(), "black"))
    across = _places(left, right, above.device).sub_(place.x).view(1, -1)
    down = _places(top, bottom, above.device).sub_(place.y).view(-1, 1)
    cosine, sine = math.cos(place.angle), math.sin(place.angle)
    # turned back: y points down, so counter-clockwise is (cos, -sin; sin, cos)
    x = (across * cosine - down * sine) / place.scale_x + (width / 2 - 0.5 - from_x)
    y = (across * sine + down * cosine) / place.scale_y + (height / 2 - 0.5 - from_y)
    return inside(resample(above, x.float(), y.float(), "black"))


def _natively(
    above: Tensor, place: Placement, middle: tuple[float, float], cover: tuple[int, int, int, int]
) -> Tensor:
    """What `_read` gives, by a compiled loop; what lies at `middle` of `above` is shown at the place."""
    from anim_runtime.ops.native_layer import ROOM, lying

    left, top, right, bottom = cover
    cosine, sine = math.cos(place.angle), math.sin(place.angle)
    across, down = left + 0.5 - place.x, top + 0.5 - place.y
    move = np.array(
        (
            cosine / place.scale_x,
            -sine / place.scale_x,
            (across * cosine - down * sine) / place.scale_x + middle[0] + ROOM,
            sine / place.scale_y,
            cosine / place.scale_y,
            (across * sine + down * cosine) / place.scale_y + middle[1] + ROOM,
        )
    )
    image = functional.pad(above, (ROOM,) * 4)
    made = torch.empty((1, 4, bottom - top, right - left), dtype=torch.float32)
    given, there = flat(image), made.view(-1).numpy()
    height, width = image.shape[2:]

    def work(first: int, last: int) -> None:
        lying(given, height, width, move, there, right - left, there.size // 4, first, last)

    in_bands(work, bottom - top, right - left)
    return made


def _needed(above: Tensor, place: Placement, cover: tuple[int, int, int, int]) -> tuple[Tensor, int, int]:
    """The part of the picture that is seen in a part of the frame, and where it begins.

    A few pixels more on every side keep its edges from being read where they are not the picture's own.
    """
    left, top, right, bottom = cover
    cosine, sine = math.cos(place.angle), math.sin(place.angle)
    corners = [(x - place.x, y - place.y) for x in (left, right) for y in (top, bottom)]
    across = [(x * cosine - y * sine) / place.scale_x + above.shape[3] / 2 for x, y in corners]
    down = [(x * sine + y * cosine) / place.scale_y + above.shape[2] / 2 for x, y in corners]
    (from_x, to_x), (from_y, to_y) = (
        (max(0, math.floor(min(ends)) - _MARGIN), max(1, math.ceil(max(ends)) + _MARGIN))
        for ends in (across, down)
    )
    from_x, from_y = min(from_x, above.shape[3] - 1), min(from_y, above.shape[2] - 1)
    return above[:, :, from_y:to_y, from_x:to_x], from_x, from_y


def _places(begin: int, end: int, device: torch.device) -> Tensor:
    """The middles of pixels, float64 where that is quick."""
    kind = torch.float64 if device.type == "cpu" else torch.float32
    return torch.arange(begin, end, device=device, dtype=kind).add_(0.5)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < _HAIR


def _cut(above: Tensor, x: int, y: int, cover: tuple[int, int, int, int]) -> Tensor:
    """A picture that lies on whole pixels, filled up with nothing where it ends."""
    left, top, right, bottom = cover
    height, width = above.shape[2:]
    from_x, to_x = max(left, x), min(right, x + width)
    from_y, to_y = max(top, y), min(bottom, y + height)
    made = above.new_zeros((1, 4, bottom - top, right - left))
    if from_x < to_x and from_y < to_y:
        made[:, :, from_y - top : to_y - top, from_x - left : to_x - left] = above[
            :, :, from_y - y : to_y - y, from_x - x : to_x - x
        ]
    return made


def _smaller(above: Tensor, place: Placement) -> tuple[Tensor, Placement]:
    """The picture filtered to the size that it shows at, rounded up, and the small rest of its scales."""
    height, width = above.shape[2:]
    wide = min(width, max(1, math.ceil(width * place.scale_x - _HAIR)))
    tall = min(height, max(1, math.ceil(height * place.scale_y - _HAIR)))
    made = kept_smaller(above, tall, wide)
    rest_x, rest_y = width * place.scale_x / wide, height * place.scale_y / tall
    rest_x, rest_y = (1.0 if abs(rest - 1.0) < _HAIR else rest for rest in (rest_x, rest_y))
    return made, Placement(place.x, place.y, rest_x, rest_y, place.angle)

"""What a camera move uncovers: masks `[1,1,H,W]`, 1 where the moved picture has nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, vector
from anim_runtime.ops.splat import what_is_seen
from anim_runtime.ops.splat_tensors import HOLE
from anim_runtime.ops.warp import in_px, inverted, is_flat, is_still, places, plane_places, way_of
from anim_runtime.ops.warp_backward import places as looked_up_places

#: By `backward`: what has this share of its own area in the source is stretched over a gap between a near and
#: a far thing; between the two shares it fades in.
STRETCHED, WHOLE = 0.25, 0.5


def uncovered2d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where `warp2d` of the picture by `move` (float64 `[9]`) reads from outside it, whatever its border.

    How much of a pixel is outside, along an edge of the picture, is between 0 and 1.
    """
    (picture,) = inputs
    move = vector(args, "move", 9).reshape(3, 3)
    x, y, _ = places(*in_px(inverted(move), picture), picture)
    return _outside(x, y)


def uncovered3d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where `warp3d` by `move` (float64 `[14]`) and `way` reads from outside the picture or shows what was
    hidden.

    `inputs`: picture and depth. With `splat` hidden is where no pixel came to; with `backward`, which
    stretches the picture there instead, where a pixel's area in the source is less than half of its own.
    """
    picture, depth = inputs
    move = vector(args, "move", 14)
    if is_still(move):
        return torch.zeros_like(picture[:, :1])
    if way_of(args) == "backward":
        x, y = looked_up_places(depth, move)
        return _either(_outside(x, y), _stretched(x, y))
    if is_flat(depth):
        return _outside(*plane_places(move, depth, picture))
    seen, sight = what_is_seen(depth, move)
    across, down = seen.sides(sight)
    slopes = torch.hypot(across[0], down[0]), torch.hypot(across[1], down[1])
    return _either(_outside(seen.x, seen.y, slopes), seen.state == HOLE)


def _outside(x: Tensor, y: Tensor, slopes: tuple[Tensor, Tensor] | None = None) -> Tensor:
    """How much of each pixel that is read at x, y (px, `[H,W]`) is outside the picture: float32 `[1,1,H,W]`.

    `slopes` is how many source px a pixel is wide and high; without them what x and y change by.
    """
    height, width = x.shape
    known = slopes or tuple(torch.hypot(_change(place, 0), _change(place, 1)) for place in (x, y))
    inside = _inside(x + 0.5, width, known[0]) * _inside(y + 0.5, height, known[1])
    return (1.0 - inside).float().view(1, 1, height, width)


def _inside(place: Tensor, size: int, slope: Tensor) -> Tensor:
    """How much of each pixel is between the edges 0 and `size`, `place` being its middle, in source px."""
    distance = torch.minimum(place, size - place)
    # in px of the moved picture, so that the soft edge is one px wide at any zoom
    return (distance / slope.clamp_min(1e-6) + 0.5).clamp_(0.0, 1.0)


def _stretched(x: Tensor, y: Tensor) -> Tensor:
    """How much a pixel shows of a gap that is stretched over: by its area in the source."""
    if min(x.shape) < 2:
        return torch.zeros_like(x)
    area = _change(x, 1) * _change(y, 0) - _change(x, 0) * _change(y, 1)
    return ((WHOLE - area.abs()) / (WHOLE - STRETCHED)).clamp_(0.0, 1.0)


def _either(outside: Tensor, hidden: Tensor) -> Tensor:
    return torch.maximum(outside, hidden.float().view_as(outside))


def _change(values: Tensor, axis: int) -> Tensor:
    """How much `[H,W]` values change from a pixel to the next along an axis; 1 where there is but one."""
    if values.shape[axis] == 1:
        return torch.ones_like(values)
    return torch.gradient(values, dim=axis)[0]

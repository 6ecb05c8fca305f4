"""What a camera move uncovers: masks `[1,1,H,W]`, 1 where the moved picture has nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, vector
from anim_runtime.ops.warp import Rays, depth_at, plane_source

#: What has this share of the area in the source that its distance accounts for is a gap between a near and a
#: far thing that the warp stretches over; between the two shares it fades in.
STRETCHED, WHOLE = 0.25, 0.5
#: So many px off its ray a thing may be found before nothing is on that ray; the next px fades in.
MISSED = 0.5


def uncovered2d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where `warp2d` of the picture by `move` (float64 `[9]`) reads from outside it, whatever its border.

    How much of a pixel is outside, along an edge of the picture, is between 0 and 1.
    """
    (picture,) = inputs
    move = vector(args, "move", 9).reshape(3, 3)
    x, y = plane_source(picture, np.linalg.inv(move).astype(np.float64, copy=False))
    return _outside(picture, x, y)


def uncovered3d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where `warp3d` by `move` (float64 `[14]`) reads from outside the picture or shows what was hidden.

    `inputs`: picture and depth. What comes into view from behind an edge is where a ray meets nothing, the
    depth at the source that was found being that of another ray; or the slope between near and far, which
    the warp stretches: a pixel's area in the source is less than half of that of a flat thing so far away.
    Also marked is the line, a px wide, along a near edge that comes forward, where the depth is steeper than
    the warp can follow.
    """
    picture, depth = inputs
    rays = Rays(picture, vector(args, "move", 14))
    x, y = rays.source(depth)
    outside = _outside(picture, x, y)
    if depth.stride()[-2:] == (0, 0) or min(picture.shape[2:]) < 2:
        return outside
    z = depth_at(depth, x, y)
    flat = _area(*rays.slopes) * (rays.reach(z) * rays.scale(z)) ** 2
    stretched = (WHOLE - _area(x, y).abs() / flat.clamp_min(1e-12)) / (WHOLE - STRETCHED)
    met_x, met_y = rays.crossing(z)
    missed = torch.hypot(met_x - x, met_y - y) * (picture.shape[2] / 2) - MISSED
    hidden = torch.maximum(stretched, missed).clamp_(0.0, 1.0)
    return torch.maximum(outside, hidden.view_as(outside))


def _outside(picture: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """How much of each pixel that is read at the centred coordinates x, y `[H,W]` is outside: `[1,1,H,W]`."""
    height, width = picture.shape[2:]
    half = height / 2
    inside = _inside(x * half + width / 2, width) * _inside(y * half + height / 2, height)
    return (1.0 - inside).view(1, 1, height, width)


def _inside(place: Tensor, size: int) -> Tensor:
    """How much of each pixel is between the edges 0 and `size`, `place` being its middle, in source px."""
    distance = torch.minimum(place, size - place)
    # in px of the moved picture, so that the soft edge is one px wide at any zoom
    slope = torch.hypot(_change(place, 0), _change(place, 1))
    return (distance / slope.clamp_min(1e-6) + 0.5).clamp_(0.0, 1.0)


def _area(x: Tensor, y: Tensor) -> Tensor:
    """The area in the source of every pixel, its middle being read at x, y; negative where it is mirrored."""
    return _change(x, 1) * _change(y, 0) - _change(x, 0) * _change(y, 1)


def _change(values: Tensor, axis: int) -> Tensor:
    """How much `[H,W]` values change from a pixel to the next along an axis; 1 where there is but one."""
    if values.shape[axis] == 1:
        return torch.ones_like(values)
    return torch.gradient(values, dim=axis)[0]

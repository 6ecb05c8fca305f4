"""Pictures put together: `mix`, and the ways in which one follows another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from anim_runtime.ops.between import between
from anim_runtime.ops.channels import as_mask
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.pointwise import Point

#: the ways of `revealed`: both at once, moved along the motion between both, or an edge that goes this way
WAYS = ("fade", "morph", "left", "right", "up", "down")


def mix(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """`a·(1-w) + b·w` of two images `[1,3,H,W]`, clamped to 0..1; `weight` 0 and 1 return `a` and `b`.

    The temporal blend is `mix(diffused, warped, blend)`; a tween is `mix(from before, from after, w)`.
    """
    first, second = inputs
    weight = number(args, "weight")
    if weight == 0.0:
        return first
    if weight == 1.0:
        return second
    return torch.lerp(first, second, weight).clamp_(0.0, 1.0)


def blend(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """`fresh + (carried - fresh)·weight·seen`, clamped to 0..1; `weight` 0 returns `fresh`.

    `inputs`: the two images `[1,3,H,W]`, and the mask `[1,1,H,W]` of where the carried one was seen before.
    """
    fresh, carried, seen = inputs
    weight = number(args, "weight")
    if weight == 0.0:
        return fresh
    return torch.lerp(fresh, carried, (as_mask(seen) * weight).expand_as(fresh)).clamp_(0.0, 1.0)


def revealed(under: Tensor, over: Tensor, amount: float, way: str) -> Tensor:
    """`over` where it has come already, else `under`; images `[1,3,H,W]`, `amount` 0..1.

    `fade` mixes both, `morph` moves what is alike in them from where it is in one to where it is in the other
    (`between`); otherwise an edge of one pixel's softness moves to the `left`, `right`, `up` or
    `down` and leaves `over` behind it. ValueError for another way.
    """
    if way not in WAYS:
        raise ValueError(f"`{way}` is not one of {', '.join(WAYS)}")
    if way == "morph":
        return between(under, over, amount)
    if way == "fade":
        return torch.lerp(under, over, amount)
    axis = 3 if way in ("left", "right") else 2
    size = over.shape[axis]
    places = torch.arange(size, device=over.device, dtype=over.dtype)
    if way in ("left", "up"):
        places = size - 1 - places
    come = (amount * size - places).clamp(0.0, 1.0)
    return torch.lerp(under, over, come.view(-1, 1) if axis == 2 else come)


def dip_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """`image·(1-a) + color·a`, a being `amount`.

    `color` is a name of CSS or `#rrggbb`; ValueError for anything else.
    """
    amount = number(args, "amount")
    if amount == 0.0:
        return None
    color = _rgb(str(args["color"]))
    return lambda band, top: band.lerp_(band.new_tensor(color).view(1, 3, 1, 1).expand_as(band), amount)


@cache
def _rgb(color: str) -> tuple[float, float, float]:
    from PIL import ImageColor

    # the one name of CSS that is no colour of its own is black that cannot be seen
    red, green, blue = (0, 0, 0) if color == "transparent" else ImageColor.getrgb(color)[:3]
    return red / 255.0, green / 255.0, blue / 255.0

"""Masks `[1,1,H,W]`, 0 outside to 1 inside: made of pictures, and what is done through one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.depth.steady import farness_of
from anim_runtime.ops.channels import as_image, as_mask
from anim_runtime.ops.depth import ends_of
from anim_runtime.ops.kernel import Arguments, FrameContext, number


def masked(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """`a + (b-a)·mask`: picture b where the mask is white, a where it is black.

    `inputs`: a, b `[1,C,H,W]` and the mask. Two pictures that are one are given back as they are.
    """
    under, over, mask = inputs
    if under is over:
        return under
    if under.shape != over.shape:
        under, over = as_image(under), as_image(over)
    return torch.lerp(under, over, as_mask(mask).expand_as(over)).clamp_(0.0, 1.0)


def luma_mask(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The bright parts of a picture, by its BT.709 luma; `low` and `high` as in `_ramp`."""
    (picture,) = inputs
    return _ramp(as_mask(picture), args)


def depth_mask(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The far parts, by a depth map `[1,1,H,W]`; `low` and `high` as in `_ramp`, 0 nearest and 1 farthest.

    `near` and `far` (scene units) are where these are, if it is not said at z = 1 and 2.
    """
    (depth,) = inputs
    return _ramp(farness_of(depth, *ends_of(args)), args)


def difference_mask(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where two pictures differ, by the channel that differs most; `low` and `high` as in `_ramp`."""
    first, second = inputs
    return _ramp((first - second).abs_().amax(dim=1, keepdim=True), args)


def _ramp(values: Tensor, args: Arguments) -> Tensor:
    """0 up to `low`, 1 from `high` on, a straight line between; with `low` above `high` the other way round.

    Where both are the same, what is equal to them is inside.
    """
    low, high = number(args, "low"), number(args, "high")
    if low == high:
        return (values >= low).to(values.dtype)
    return values.sub(low).div_(high - low).clamp_(0.0, 1.0)

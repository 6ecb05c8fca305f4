"""What is done with a flow: pictures moved along it, and how surely both ways of one agree.

A flow `[1,2,H,W]` says in px (x, y) where each pixel of a later picture was in an earlier one:
`earlier(x + flow(x)) = later(x)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number, word
from anim_runtime.ops.resample import BORDERS, resample

#: two ways agree if the square of what is left of going there and back is less than this share of the squares
#: of both, plus this many px² (Sundaram et al. 2010)
SHARE, MISSED = 0.01, 0.5
#: px over which the edge of what was seen is softened
SOFT = 5


def warp_flow(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The picture moved along a flow: pixel x shows what was at `x + factor·flow(x)`.

    `inputs`: an image or mask `[1,C,H,W]` and a flow `[1,2,H,W]`. `factor` 0 returns the picture itself;
    `border` is what is seen beyond its edges.
    """
    picture, flow = inputs
    factor = number(args, "factor")
    border = word(args, "border", BORDERS)
    if factor == 0.0:
        return picture
    x, y = places(flow, factor)
    return resample(picture, x, y, border).clamp_(0.0, 1.0)


def visibility(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where a flow there and a flow back agree: a mask `[1,1,H,W]`, 1 where they do.

    `inputs`: the flow that is judged, and the one between the same pictures the other way, `[1,2,H,W]` each.
    A pixel that comes from outside the picture was not seen in it: 0. With f and b the flows,
    `|f(x) + b(x + f(x))|² ≤ 0.01·(|f|² + |b|²) + 0.5` is agreement (Sundaram et al. 2010), fading out between
    half and one and a half times that; a mean over 5 px softens the edges.
    """
    flow, back = inputs
    # single pixels that were or were not seen would be noise in what is blended by them
    soft = functional.avg_pool2d(agreeing(flow, back), SOFT, 1, SOFT // 2, count_include_pad=False)
    return soft * _inside(flow)


def agreeing(flow: Tensor, back: Tensor) -> Tensor:
    """`visibility` of each pixel for itself, `[1,1,H,W]`."""
    height, width = flow.shape[2:]
    x, y = places(flow, 1.0)
    scaled = torch.stack(((2.0 * x + 1.0) / width - 1.0, (2.0 * y + 1.0) / height - 1.0), dim=-1)
    home = functional.grid_sample(back, scaled.unsqueeze(0), padding_mode="border", align_corners=False)
    left = (flow + home).square().sum(dim=1, keepdim=True)
    allowed = SHARE * (flow.square() + home.square()).sum(dim=1, keepdim=True) + MISSED
    return (1.5 - left / allowed).clamp_(0.0, 1.0) * _inside(flow)


def _inside(flow: Tensor) -> Tensor:
    """Where a flow leads to a place in the picture: `[1,1,H,W]`, 0 from a px beyond its edge on."""
    height, width = flow.shape[2:]
    x, y = places(flow, 1.0)
    distance = torch.minimum(torch.minimum(x, width - 1.0 - x), torch.minimum(y, height - 1.0 - y))
    return (distance + 1.0).clamp(0.0, 1.0).view(1, 1, height, width)


def places(flow: Tensor, factor: float) -> tuple[Tensor, Tensor]:
    """Where a flow leads from every pixel, in px: x and y, float32 `[H,W]`."""
    height, width = flow.shape[2:]
    x = torch.arange(width, dtype=torch.float32, device=flow.device)
    y = torch.arange(height, dtype=torch.float32, device=flow.device)
    return x + factor * flow[0, 0], y.unsqueeze(1) + factor * flow[0, 1]


# --- the same on the host, at the size at which motion was looked for ---


def agreement(flow: NDArray[np.float32], back: NDArray[np.float32]) -> NDArray[np.float32]:
    """How well a flow `[h,w,2]` and the flow back agree at each pixel: float32 `[h,w]`, 1 where they do."""
    pair = (torch.from_numpy(one).permute(2, 0, 1).unsqueeze(0) for one in (flow, back))
    found = agreeing(*pair)
    return np.ascontiguousarray(found[0, 0].numpy())


def grid(field: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The places of the pixels of a field `[h,w,…]`: x and y, float32 `[h,w]`."""
    y, x = np.mgrid[0 : field.shape[0], 0 : field.shape[1]].astype(np.float32)
    return x, y


def looked_up(values: NDArray[Any], x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float32]:
    """Values float32 `[h,w]` or `[h,w,2]` between their pixels, bilinear; beyond the edges the last holds."""
    import cv2

    found = cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.float32)

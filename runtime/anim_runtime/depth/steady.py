"""Depth that stays the same from frame to frame, so that the world does not breathe.

An estimate of one picture trembles: the model paints its frame anew, and edges flicker. So what is used is
the estimate mixed with the depth of the frame before, moved along as the camera moved. Where the two
disagree, at edges and in what has come into view, the estimate counts alone.
"""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.depth.range import UNIT

#: farness, of 0..1, by which two depths differ that have nothing to do with each other
APART = 0.15
#: the shorter side, px, of what is kept of a frame's depth
KEPT_SIDE = 96
#: levels of farness as it is kept
LEVELS = 65535.0


def steadied(own: Tensor, before: Tensor, amount: float) -> Tensor:
    """The farness `own` `[1,1,H,W]` with `amount` 0..1 of that `before` `[1,1,h,w]`, as far as they agree."""
    known = functional.interpolate(before, size=own.shape[2:], mode="bilinear", align_corners=False)
    agree = (1.0 - ((own - known) / APART).square()).clamp_min(0.0)
    return torch.lerp(own, known, amount * agree)


def kept_size(height: int, width: int) -> tuple[int, int]:
    """The size at which a frame's depth is kept: never larger than the picture."""
    scale = min(1.0, KEPT_SIDE / min(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def farness_of(z: Tensor, near_units: float, far_units: float) -> Tensor:
    """z as 0 (at `near_units` of the scene) to 1 (at `far_units`); 0 where both are one."""
    low, high = near_units / UNIT, far_units / UNIT
    return torch.zeros_like(z) if low == high else ((z - low) / (high - low)).clamp(0.0, 1.0)


def quantised(far: Tensor) -> Tensor:
    """Farness 0..1 as it is kept, int32 of 0..65535."""
    return (far.clamp(0.0, 1.0) * LEVELS).round().to(torch.int32)


def restored(levels: Tensor) -> Tensor:
    """Farness float32 of what is kept."""
    return levels.to(torch.float32) / LEVELS

"""A frame's depth moved along with its picture, for the frame after to go on from."""

from __future__ import annotations

import numpy as np
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.depth.steady import kept_size
from anim_runtime.ops.kernel import FrameContext
from anim_runtime.ops.warp import warp3d


def moved(far: Tensor, z: Tensor, move: NDArray[np.float64], frame: FrameContext) -> Tensor:
    """Farness `[1,1,H,W]` as seen after a camera's move `[14]`: `[1,1,h,w]` at the size it is kept.

    The world's scale is not known, so nothing comes nearer by it: an endless flight stays within its range.
    """
    size = kept_size(*far.shape[2:])
    small, depth = (functional.interpolate(map, size=size, mode="area") for map in (far, z))
    made = warp3d([small, depth], {"move": move, "border": "replicate", "way": "splat"}, frame)
    return made.clamp(0.0, 1.0)

"""Hints about the third dimension: how far away things are, and how their surfaces lie."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.depth.range import FAR, NEAR, UNIT
from anim_runtime.ops.blur import gaussian_blur
from anim_runtime.ops.hints.stack import stacked
from anim_runtime.ops.kernel import Arguments, FrameContext

#: how many times as deep as it is high a scene is, from its nearest to its farthest place
_DEEP = 0.6
#: depth is smoothed by this share of the picture's height before its slope is taken
_SMOOTH = 1.0 / 100.0


def hint_depth(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """How near things are in grey, of z `[B,1,H,W]`: white is the nearest, as with MiDaS (Ranftl 2020)."""
    return stacked(_nearness(inputs[0]))


def hint_normal(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where surfaces face, in colours, of z `[B,1,H,W]`: red to the right, green up, blue to the viewer, each
    from -1 (black) to 1 (white). A wall before the camera is (0.5, 0.5, 1).
    """
    near = _nearness(inputs[0])
    height = near.shape[2]
    near = gaussian_blur(near, max(0.5, height * _SMOOTH))
    padded = functional.pad(near, (1, 1, 1, 1), mode="replicate")
    # central differences weighted as Sobel does, in heights of the picture
    scale = _DEEP * height / 8.0
    smooth = padded[..., :-2, :] + 2.0 * padded[..., 1:-1, :] + padded[..., 2:, :]
    across = (smooth[..., 2:] - smooth[..., :-2]) * scale
    smooth = padded[..., :-2] + 2.0 * padded[..., 1:-1] + padded[..., 2:]
    down = (smooth[..., 2:, :] - smooth[..., :-2, :]) * scale
    # what comes nearer to the right faces left; rows count downwards
    half = torch.rsqrt(across.square().add_(down.square()).add_(1.0)).mul_(0.5)
    return torch.cat([across.mul_(half).neg_(), down.mul_(half), half], 1).add_(0.5)


def _nearness(z: Tensor) -> Tensor:
    """1 at the near end of depth and 0 at the far one; ends that a camera has put elsewhere are followed."""
    ends = z.amin().clamp(max=NEAR / UNIT), z.amax().clamp(min=FAR / UNIT)
    return ((ends[1] - z) / (ends[1] - ends[0])).clamp(0.0, 1.0).contiguous()

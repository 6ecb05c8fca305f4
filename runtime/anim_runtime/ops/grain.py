"""Film grain."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from anim_runtime.ops.channels import luma
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.noise import between, gaussian, place_of
from anim_runtime.ops.pointwise import Point
from anim_runtime.sending import sent

#: Standard deviation of the grain at an amount of 1, in middle grey.
STRENGTH = 0.25
#: What is left of it in black and in white, where film has little to develop or little left.
AT_ENDS = 0.25
#: Grain reaches over its neighbours: the weight of the pixels beside, of the middle one.
SOFTNESS = 0.35


def grain_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """`x + amount·0.25·w(Y)·n`, clipped to 0..1.

    n is noise of one channel and variance 1, a little larger than a pixel and other in each frame;
    w(Y) = 0.25 + 0.75·4Y(1-Y) is largest in the middle tones.

    `amount` 0..1; `seed` as in `between`.
    """
    amount = number(args, "amount")
    if amount == 0.0:
        return None
    noise = _grains(args, frame, size)

    def point(band: Tensor, top: int) -> Tensor:
        light = luma(band)
        weight = (light * (1.0 - light)).mul_(4.0 * (1.0 - AT_ENDS)).add_(AT_ENDS)
        grains = noise[:, :, top : top + band.shape[2]]
        return band.add_(weight.mul_(grains).mul_(STRENGTH * amount)).clamp_(0.0, 1.0)

    return point


def _grains(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Tensor:
    """Noise `[1,1,H,W]` of variance 1 whose neighbours are alike."""
    height, width = size
    shape = (1, 1, height + 2, width + 2)
    place = place_of(frame)
    drawn = between(number(args, "seed"), lambda seed: gaussian(shape, seed=seed, frame=place, op="grain"))
    noise = sent(torch.from_numpy(drawn), frame.device)
    # weights (s, 1, s) down and across, scaled so that the variance stays 1
    scale = 1.0 / math.sqrt(1.0 + 2.0 * SOFTNESS * SOFTNESS)
    down = noise[:, :, 1:-1].add(noise[:, :, :-2] + noise[:, :, 2:], alpha=SOFTNESS)
    across = down[..., 1:-1].add(down[..., :-2] + down[..., 2:], alpha=SOFTNESS)
    return across.mul_(scale * scale)

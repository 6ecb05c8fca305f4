"""Depth of a picture: flat, or estimated without a model. z is 1 (near) to 2 (far), as Deforum's.

An estimator is a function of one picture. It must not normalise by the picture's own extremes: that would
make depth, and with it the camera's parallax, flicker from frame to frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.kernel import Arguments, FrameContext, word

#: The estimate is made on a picture of at most this height: depth is smooth, detail would only shimmer.
WORKING_HEIGHT = 96


class DepthEstimator(Protocol):
    """Makes a z map `[1,1,H,W]` float32 in 1..2 of an image `[1,3,H,W]` float32 RGB 0..1."""

    def __call__(self, image: Tensor) -> Tensor:
        """The z map of one picture."""
        ...


def depth(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The z map `[1,1,H,W]` of the image, by `method`: a name of `ESTIMATORS`."""
    (picture,) = inputs
    image = as_image(picture)
    return ESTIMATORS[word(args, "method", tuple(ESTIMATORS))](image)


def flat(image: Tensor) -> Tensor:
    """z = 1 everywhere, as one value expanded (strides 0): `warp3d` then takes the homography."""
    height, width = image.shape[2:]
    return torch.ones((1, 1, 1, 1), device=image.device).expand(1, 1, height, width)


def estimated(image: Tensor) -> Tensor:
    """z from pictorial cues: what is low in the picture, saturated, dark and rich in detail is near.

    Height in the picture is the strongest cue in scenes with a ground (Hoiem et al. 2005); far things
    lose saturation and contrast and turn light and blue through haze (aerial perspective). The weighted
    sum is smoothed along the picture's edges by a guided filter (He et al. 2010).
    """
    height, width = image.shape[2:]
    scale = min(1.0, WORKING_HEIGHT / height)
    size = (max(8, round(height * scale)), max(8, round(width * scale)))
    small = functional.interpolate(image, size=size, mode="area")
    grey = (small * small.new_tensor((0.299, 0.587, 0.114)).reshape(1, 3, 1, 1)).sum(1, keepdim=True)
    far = _cues(small, grey)
    radius = max(2, size[0] // 12)
    smooth = _guided(grey, far, radius, 0.01)
    z = 1.0 + smooth.clamp(0.0, 1.0)
    return functional.interpolate(z, size=(height, width), mode="bilinear", align_corners=False)


def _cues(small: Tensor, grey: Tensor) -> Tensor:
    """Farness 0..1 `[1,1,h,w]`: 0.6 height, 0.2 haze, 0.2 lack of detail."""
    rows = torch.linspace(1.0, 0.0, small.shape[2], device=small.device).reshape(1, 1, -1, 1)
    highest, lowest = small.amax(1, keepdim=True), small.amin(1, keepdim=True)
    saturation = (highest - lowest) / (highest + 0.05)
    blue = (small[:, 2:] - small[:, :1]).clamp(-0.5, 0.5) + 0.5
    haze = 0.4 * (1.0 - saturation) + 0.3 * grey + 0.3 * blue
    radius = max(1, small.shape[2] // 24)
    spread = (_box(grey * grey, radius) - _box(grey, radius) ** 2).clamp_min(0.0).sqrt()
    plain = 1.0 / (1.0 + 8.0 * spread)
    # from 0 at the bottom edge to 1 at the upper third and above it
    height = (rows * 1.5).clamp(0.0, 1.0).expand_as(grey)
    return 0.6 * height + 0.2 * haze + 0.2 * plain


def _guided(guide: Tensor, value: Tensor, radius: int, noise: float) -> Tensor:
    """`value` smoothed so that its edges are the guide's; both `[1,1,h,w]`."""
    mean_guide, mean_value = _box(guide, radius), _box(value, radius)
    variance = _box(guide * guide, radius) - mean_guide**2
    slope = (_box(guide * value, radius) - mean_guide * mean_value) / (variance + noise)
    offset = mean_value - slope * mean_guide
    return _box(slope, radius) * guide + _box(offset, radius)


def _box(plane: Tensor, radius: int) -> Tensor:
    """The mean over a square of side `2·radius + 1`; at the edges over what is inside the picture."""
    side = 2 * radius + 1
    rows = functional.avg_pool2d(plane, (side, 1), stride=1, padding=(radius, 0), count_include_pad=False)
    return functional.avg_pool2d(rows, (1, side), stride=1, padding=(0, radius), count_include_pad=False)


#: Estimators by the name that a film writes in `camera.depth`.
ESTIMATORS: Mapping[str, DepthEstimator] = {"flat": flat, "estimated": estimated}

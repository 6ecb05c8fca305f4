"""What a picture alone gives away, without a model: the estimator that came before, kept to be compared with.

What is low in the picture, saturated, dark and rich in detail is near. Height is the strongest cue in scenes
with a ground (Hoiem et al. 2005); far things lose saturation and contrast through haze.
"""

import torch
from torch import Tensor
from torch.nn import functional


def estimated(images: Tensor) -> Tensor:
    """Farness 0..1 `[B,1,H,W]` of pictures `[B,3,H,W]` 0..1."""
    grey = (images * images.new_tensor((0.299, 0.587, 0.114)).reshape(1, 3, 1, 1)).sum(1, keepdim=True)
    rows = torch.linspace(1.0, 0.0, images.shape[2], device=images.device).reshape(1, 1, -1, 1)
    highest, lowest = images.amax(1, keepdim=True), images.amin(1, keepdim=True)
    saturation = (highest - lowest) / (highest + 0.05)
    blue = (images[:, 2:] - images[:, :1]).clamp(-0.5, 0.5) + 0.5
    haze = 0.4 * (1.0 - saturation) + 0.3 * grey + 0.3 * blue
    radius = max(1, images.shape[2] // 24)
    spread = (_box(grey * grey, radius) - _box(grey, radius) ** 2).clamp_min(0.0).sqrt()
    height = (rows * 1.5).clamp(0.0, 1.0).expand_as(grey)
    far = 0.6 * height + 0.2 * haze + 0.2 / (1.0 + 8.0 * spread)
    return _guided(grey, far, max(2, images.shape[2] // 12), 0.01).clamp(0.0, 1.0)


def _guided(guide: Tensor, value: Tensor, radius: int, noise: float) -> Tensor:
    """`value` smoothed so that its edges are the guide's (He et al. 2010)."""
    mean_guide, mean_value = _box(guide, radius), _box(value, radius)
    variance = _box(guide * guide, radius) - mean_guide**2
    slope = (_box(guide * value, radius) - mean_guide * mean_value) / (variance + noise)
    offset = mean_value - slope * mean_guide
    return _box(slope, radius) * guide + _box(offset, radius)


def _box(plane: Tensor, radius: int) -> Tensor:
    side = 2 * radius + 1
    return functional.avg_pool2d(plane, side, 1, radius, count_include_pad=False)

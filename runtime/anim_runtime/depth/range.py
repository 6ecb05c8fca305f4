"""From an estimator's values to places in the scene.

The range of values of the scene's first frame stands for all of its frames, and no frame is stretched to its
own: what is at one distance stays there, whatever comes into view later.
"""

from __future__ import annotations

import torch
from torch import Tensor

from anim_runtime.depth.protocol import Space

#: the shares of a picture that are nearer or farther than its range: a few wild values must not set it
LOW, HIGH = 0.02, 0.98
#: a range that is narrower than this share of its middle value is that of something even
EVEN = 0.05
#: scene units in a unit of z
UNIT = 200.0
#: where the nearest and the farthest depth are unless a film says it, in scene units
NEAR, FAR = 200.0, 400.0
#: no depth is nearer than this z: the camera would be inside of it
NEAREST = 1e-3


def span(values: Tensor, least: float) -> Tensor:
    """The range `[2]` of values `[1,1,h,w]`: their 2nd and 98th percentile, `least` apart or more."""
    flat = values.flatten().sort().values
    last = flat.numel() - 1
    low, high = flat[round(LOW * last)], flat[round(HIGH * last)]
    middle = flat[last // 2].abs()
    widen = ((middle * EVEN).clamp_min(least) - (high - low)).clamp_min(0.0) / 2
    return torch.stack((low - widen, high + widen))


def farness(values: Tensor, over: Tensor, space: Space) -> Tensor:
    """Values `[1,1,h,w]` as 0 (the near end of the range `[2]`) to 1 (the far end), and no further."""
    even = (values - over[0]) / (over[1] - over[0])
    return (1.0 - even if space == "disparity" else even).clamp(0.0, 1.0)


def placed(far: Tensor, near_units: float, far_units: float) -> Tensor:
    """Farness 0..1 as z, evenly from `near_units` to `far_units` of the scene."""
    low, high = near_units / UNIT, far_units / UNIT
    return (low + (high - low) * far).clamp_min(NEAREST)

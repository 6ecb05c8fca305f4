"""Pictures put together: `mix`."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number


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

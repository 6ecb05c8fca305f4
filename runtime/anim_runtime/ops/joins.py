"""Masks joined: `a and b`, `a or b`, `not a`."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.channels import as_mask
from anim_runtime.ops.kernel import Arguments, FrameContext


def mask_and(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where both masks `[1,1,H,W]` are white: the smaller of the two at each pixel."""
    first, second = map(as_mask, inputs)
    return torch.minimum(first, second)


def mask_or(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where one of two masks `[1,1,H,W]` is white: the larger of the two at each pixel."""
    first, second = map(as_mask, inputs)
    return torch.maximum(first, second)


def mask_not(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Where a mask `[1,1,H,W]` is black: one minus it."""
    (mask,) = map(as_mask, inputs)
    return 1.0 - mask

"""Pictures on their way from the device to the host, for those who write them meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
import torch

from anim_runtime.marks import mark
from anim_runtime.store import Picture

#: gives the picture, uint16 `[H,W,3]`, once it is on the host; it may be called on another thread
Arriving: TypeAlias = Callable[[], Picture]


def arriving(levels: torch.Tensor) -> Arriving:
    """Levels int32 `[1,3,H,W]` of 0..65535, sent to the host: whoever calls the result waits for them.

    From a CUDA device they go beside the work that follows, into memory that stays where it is.
    """
    if levels.device.type != "cuda":
        return lambda: host_picture(levels)
    sent = torch.empty((*levels.shape[2:], 3), dtype=torch.int16, pin_memory=True)
    sent.copy_(packed(levels), non_blocking=True)
    done = mark()

    def picture() -> Picture:
        done.synchronize()
        # pinned memory is scarce: what waits to be written is a copy of its own
        return sent.numpy().view(np.uint16).copy()

    return picture


def packed(levels: torch.Tensor) -> torch.Tensor:
    """Levels int32 `[1,3,H,W]` of 0..65535 as `[H,W,3]` of two bytes each, on their device: int16, whose bits
    are those of uint16.
    """
    # the lower half of each number, where numbers begin with their lowest byte
    halves = levels.contiguous().view(torch.int16)[..., 0::2]
    return halves[0].permute(1, 2, 0).contiguous()


def host_picture(levels: torch.Tensor) -> Picture:
    """Levels int32 `[1,3,H,W]` to uint16 `[H,W,3]` on the host."""
    # OpenCV puts planes side by side ten times as fast as a copy of turned axes does
    planes = levels[0].cpu().numpy().astype(np.uint16)
    return np.asarray(cv2.merge(list(planes)), dtype=np.uint16)

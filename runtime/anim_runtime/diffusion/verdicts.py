"""Whether what a model drew holds numbers, found out without waiting for the device."""

from __future__ import annotations

import math
import threading
from collections import deque
from typing import NamedTuple

import torch

from anim_runtime.marks import Mark, mark
from anim_runtime.problems import RenderProblem


class Pending(NamedTuple):
    """The least and the greatest number of a picture, on their way to the host."""

    ends: torch.Tensor
    done: Mark


class Verdicts:
    """Looks at every picture that an engine draws. On a CPU the verdict is there at once; on a CUDA device it
    travels behind the picture, and `settle` waits for it before the picture is kept.
    """

    def __init__(self) -> None:
        self._pending: deque[Pending] = deque()
        self._lock = threading.Lock()

    def of(self, image: torch.Tensor) -> torch.Tensor:
        """The picture itself, float `[1,3,H,W]`; RenderProblem at once or in `settle` if it holds NaN or
        infinity, or is black all over.
        """
        ends = torch.stack(image.aminmax())
        if image.device.type != "cuda":
            judge(*(float(end) for end in ends))
            return image
        sent = torch.empty(2, dtype=ends.dtype, pin_memory=True)
        sent.copy_(ends, non_blocking=True)
        with self._lock:
            self._pending.append(Pending(sent, mark()))
        return image

    def settle(self) -> None:
        """Wait for the verdicts on all that was drawn so far; RenderProblem if one of them is bad."""
        with self._lock:
            waiting = list(self._pending)
            self._pending.clear()
        for pending in waiting:
            pending.done.synchronize()
            judge(*(float(end) for end in pending.ends))


def judge(low: float, high: float) -> None:
    """RenderProblem for a picture whose numbers lie between these, if it cannot be shown."""
    if not (math.isfinite(low) and math.isfinite(high)):
        hint = "lower `cfg_scale`, try another `sampler`, or write `precision = float32` in `diffuse`"
        raise RenderProblem("the model gave a picture that holds no numbers (NaN)", hint)
    if high < 1 / 512:
        hint = "lower `cfg_scale` or try another `sampler`; fp16 models can overflow on some devices"
        raise RenderProblem("the model gave a picture that is black all over", hint)

"""How many frames pass the model at once where the film does not say: as many as help, and fit."""

from __future__ import annotations

from collections.abc import Callable

import torch

from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.request import Request, Sampling

#: on a processor company helps until its cores are busy: the largest area in px, and frames at once.
#: Measured with the built-in model, processor time a frame alone against so many at once: 64 px 2.1 times,
#: 192 px 1.8, 256 px 1.5 (8 at once), 384 px 1.2 (4), 512 px 1.06 (2), 768 px none.
ON_A_PROCESSOR = ((256 * 256, 8), (384 * 384, 4), (512 * 512, 2))
#: on other devices more than this gains little
MOST = 16
#: the share of the free memory that a batch may take: fragments, and the film's own pictures
SHARE = 0.8


def room(device: torch.device, width: int, height: int, engine: Callable[[], Engine]) -> int:
    """Frames of that size in px that may pass the model at once, at least 1.

    On a CUDA device the memory that one picture takes is measured with the engine, which is loaded then.
    """
    area = width * height
    if device.type == "cpu":
        return next((count for limit, count in ON_A_PROCESSOR if area <= limit), 1)
    if device.type != "cuda":
        return next((2 * count for limit, count in ON_A_PROCESSOR if area <= limit), 1)
    return _fitting(device, engine(), width, height)


def _fitting(device: torch.device, engine: Engine, width: int, height: int) -> int:
    """What fits in the free memory: two pictures are drawn, and the second one's share of it is measured."""
    text = engine.encode("")
    asked = Request(text, text, Sampling(1, 2.0, "Euler", 0), height, width)
    try:
        used = [_peak(device, engine, [asked] * count) for count in (1, 2)]
    except torch.OutOfMemoryError:
        torch.cuda.empty_cache()
        return 1
    free = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    free -= torch.cuda.memory_allocated(device)
    return fitting(int(free * SHARE), used[0], used[1])


def fitting(free: int, one: int, two: int) -> int:
    """How many pictures fit in `free` bytes if one takes `one` and two take `two`: at least 1."""
    each = max(two - one, one // 4, 1)
    return max(1, min(MOST, 1 + (free - one) // each))


def _peak(device: torch.device, engine: Engine, asked: list[Request]) -> int:
    """Bytes that drawing takes at most, beyond what is taken already."""
    before = torch.cuda.memory_allocated(device)
    torch.cuda.reset_peak_memory_stats(device)
    engine.draw(asked)
    return torch.cuda.max_memory_allocated(device) - before

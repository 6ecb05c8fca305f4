"""The hue of pictures made that of others: a circle of 256 levels, which counts by how much colour there is.

The hue of a grey is chance, so each pixel counts by its chroma, saturation times value. And a circle has no
first level: it is opened where the reference has least, so that reds on both sides of 0 stay together.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from anim_runtime.ops.color_levels import LEVELS, PARTS, class_counts

#: Levels over which the emptiest place is looked for: an eighth of the way between two primaries.
_WINDOW = 11


def counts(levels: Tensor) -> Tensor:
    """Sixteenths of chroma at each level of hue: levels of the three channels `[3,N]` to int64 `[1,256]`."""
    hue, saturation, value = levels
    around = torch.remainder(hue, float(LEVELS)).unsqueeze(0)
    weights = (saturation * value).div_(255.0).round_().nan_to_num_(0.0).to(torch.int64).unsqueeze(0)
    classes = class_counts(around, LEVELS * PARTS + 1, weights)
    parts = classes[:, :-1].reshape(1, LEVELS, PARTS).clone()
    parts[:, 0, 0] += classes[0, -1]
    near = torch.arange(PARTS, device=levels.device)
    return (parts * (PARTS - near)).sum(dim=2) + (parts * near).sum(dim=2).roll(1, dims=1)


def middle(found: Tensor) -> Tensor:
    """The middle hue of counts, in levels, and how much they agree, 0..1: float64 `[2]`.

    `found` is int64 `[3,256]` or `[1,256]`, of which the first row is hue.
    """
    turns = torch.arange(LEVELS, dtype=torch.float64, device=found.device) * (2.0 * math.pi / LEVELS)
    weights = found[0].double()
    share = weights / weights.sum().clamp_min(1.0)
    x, y = (share * turns.cos()).sum(), (share * turns.sin()).sum()
    level = torch.remainder(torch.atan2(y, x) * (LEVELS / (2.0 * math.pi)), float(LEVELS))
    return torch.stack((level, torch.hypot(x, y)))


def table(found: Tensor, wanted: Tensor, made: Callable[[Tensor, Tensor], Tensor] | None) -> Tensor:
    """Where each level of hue goes: float64 `[1,256]`, beyond the ends where it goes around.

    `found` are the counts, `wanted` those of the reference, `made` makes a table of both. Without it row 0 of
    `wanted` is the reference's middle, to which the picture's is turned; a picture without a middle, as
    one of all colours is, is left alone.
    """
    here = torch.arange(LEVELS, dtype=torch.float64, device=found.device).unsqueeze(0)
    if made is None:
        own = middle(found)
        clear = torch.minimum(own[1], wanted[0, 1]) > 0.05
        return here + torch.where(clear, _nearest(wanted[0, 0] - own[0]), 0.0)
    start = _emptiest(wanted[:1])
    around = (torch.arange(LEVELS, device=found.device) + start).remainder(LEVELS).unsqueeze(0)
    opened = made(found[:1].gather(1, around), wanted[:1].gather(1, around))
    turned = torch.zeros_like(here).scatter(1, around, _nearest(opened - here))
    known = (found[0].sum() > 0) & (wanted[0].sum() > 0)
    return here + torch.where(known, turned, 0.0)


def _emptiest(found: Tensor) -> Tensor:
    """The first level of the emptiest place of a circle `[1,256]`: int64, no dimension."""
    side = _WINDOW // 2
    around = functional.pad(found.double().unsqueeze(0), (side, side), mode="circular")
    return functional.avg_pool1d(around, _WINDOW, stride=1)[0, 0].argmin()


def _nearest(turn: Tensor) -> Tensor:
    """A turn in levels by the shorter way: -128..128."""
    return torch.remainder(turn + LEVELS / 2, float(LEVELS)) - LEVELS / 2

"""Holes filled from their far side, in tensors: what was hidden goes on from what lay behind, smoothly.

The seen pixels that end a hole left, above, right and below are weighed by how far they are: those of what
stood before it count for nothing. What is between them is pulled from a pyramid of ever smaller pictures of
these seeds alone (push and pull, Gortler et al. 1996), so that a hole melts from one far side into the other.
"""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.splat_rules import FAR
from anim_runtime.ops.splat_tensors import HOLE, SEEN


def filled(image: Tensor, state: Tensor, distance: Tensor) -> Tensor:
    """The image `[1,C,H,W]` with its holes filled, 0..1; `state`, `distance` `[H,W]` are those of `Seen`."""
    holes = state == HOLE
    if image.device.type == "cpu" and not holes.any():
        return image
    weight = _seeds(state, distance).view(1, 1, *state.shape)
    colors, weights = [image * (weight > 0)], [weight]
    while max(weights[-1].shape[2:]) > 1:
        color, share = _halved(colors[-1], weights[-1])
        colors.append(color)
        weights.append(share)
    made = colors[-1]
    for color, share in zip(colors[-2::-1], weights[-2::-1], strict=True):
        made = share * color + (1.0 - share) * _enlarged(made, color.shape[2], color.shape[3])
    is_known = weights[-1] > 0
    return torch.where(holes & is_known, made.clamp(0.0, 1.0), image)


def widened(state: Tensor, distance: Tensor) -> Tensor:
    """`state` with the far pixels that border on holes between near and far as holes too.

    What is next to an edge has some of the near thing's colour, and would be left behind where it was.
    """
    sides, is_side, away = _ended(state, distance)
    farthest = torch.stack(away).amax(dim=0)
    nearest = torch.stack([torch.where(ok, own, torch.inf) for ok, own in zip(is_side, away, strict=True)])
    limit = farthest * (1.0 - FAR)
    is_gap = nearest.amin(dim=0) < limit
    made = torch.zeros(state.numel() + 1, dtype=torch.int32, device=state.device)
    for side, ok, own in zip(sides, is_side, away, strict=True):
        # what is no side goes to one more place behind the last
        place = torch.where(ok & is_gap & (own >= limit), side, state.numel())
        made.scatter_(0, place.view(-1), HOLE)
    return torch.where(made[:-1].view_as(state) == HOLE, HOLE, state)


def _ended(state: Tensor, distance: Tensor) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """What ends holes on four sides, which of them there are, and how far away they are (else 0)."""
    sides = _sides(state)
    is_side = [(side >= 0) & (state == HOLE) for side in sides]
    flat = distance.reshape(-1)
    away = [torch.where(ok, flat[side.clamp_min(0)], 0.0) for side, ok in zip(sides, is_side, strict=True)]
    return sides, is_side, away


def _seeds(state: Tensor, distance: Tensor) -> Tensor:
    """How much each seen pixel counts for what fills the holes: `[H*W]`, 0 for nearly all."""
    sides, is_side, away = _ended(state, distance)
    farthest = torch.stack(away).amax(dim=0)
    weight = torch.zeros(state.numel() + 1, device=state.device)
    for side, ok, own in zip(sides, is_side, away, strict=True):
        t = ((1.0 - own / farthest) * (1.0 / FAR)) ** 2
        # what is no side goes to one more place behind the last
        place, share = torch.where(ok, side, state.numel()), torch.where(ok, 1.0 / (1.0 + t * t), 0.0)
        weight.scatter_reduce_(0, place.view(-1), share.view(-1), "amax")
    return weight[:-1]


def _sides(state: Tensor) -> list[Tensor]:
    """The seen pixels left, above, right and below that end the run of holes at a place; -1 for none."""
    height, width = state.shape
    columns = torch.arange(width, device=state.device).expand(height, width)
    rows = torch.arange(height, device=state.device).unsqueeze(1).expand(height, width)
    none = torch.full_like(columns, -1)
    ends = []
    for backwards in (False, True):
        for places, dim in ((columns, 1), (rows, 0)):
            kept = state.flip(dim) if backwards else state
            last = torch.where(kept != HOLE, places, none).cummax(dim=dim).values
            if backwards:
                last = torch.where(last >= 0, places.shape[dim] - 1 - last, none).flip(dim)
            at = rows * width + last if dim == 1 else last * width + columns
            is_seen = (last >= 0) & (state.reshape(-1)[at.clamp_min(0)] == SEEN)
            ends.append(torch.where(is_seen, at, none))
    return ends


def _halved(color: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """A picture of half the size: the weighted mean of every two by two, and their weight, at most 1."""
    height, width = color.shape[2:]
    both = torch.cat((color * weight, weight), dim=1)
    sums = 4.0 * functional.avg_pool2d(functional.pad(both, (0, width % 2, 0, height % 2)), 2)
    share = sums[:, -1:]
    return sums[:, :-1] / torch.where(share > 0, share, 1.0), share.clamp_max(1.0)


def _enlarged(image: Tensor, height: int, width: int) -> Tensor:
    """A picture of half the size made whole again, bilinear."""
    large = functional.interpolate(image, scale_factor=2.0, mode="bilinear", align_corners=False)
    return large[..., :height, :width]

"""Histograms in the levels of 8 bits, and the map that makes one another.

On pictures of 8 bits the map is that of `skimage.exposure.match_histograms`, bit for bit. Ours have more
bits, so that a value between two levels counts for both by its nearness, and goes between what they go to:
what was smooth stays smooth. Everything is exact in whole numbers or in float64, on every device, and asks
nothing of the host.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from anim_runtime.ops.native import is_native

#: Levels of a channel.
LEVELS = 256
#: The steps of a level that are counted apart.
PARTS = 16
#: Over how many levels `eased_tables` evens out, as a standard deviation.
EASED = 16.0


def class_counts(levels: Tensor, classes: int, weights: Tensor | None = None) -> Tensor:
    """How many values fall in each sixteenth of a level: `[C,N]` float32 to int64 `[C,classes]`.

    `weights` int64 `[C,N]` counts a value so many times. Values beyond the ends fall in the last class there.
    """
    if weights is None and is_native(levels) and classes == PARTS * (LEVELS - 1) + 1:
        return _counted(levels, classes)
    place = places(levels, classes)
    if levels.device.type != "cpu":
        return sorted_counts(place, classes, weights)
    rows = []
    for row, weight in zip(place, place if weights is None else weights, strict=True):
        given = None if weights is None else weight.double()
        rows.append(torch.bincount(row, weights=given, minlength=classes).to(torch.int64))
    return torch.stack(rows)


def places(levels: Tensor, classes: int) -> Tensor:
    """The class of each level: int64."""
    return levels.mul(float(PARTS)).add_(0.5).nan_to_num_(0.0).to(torch.int64).clamp_(0, classes - 1)


def sorted_counts(place: Tensor, classes: int, weights: Tensor | None) -> Tensor:
    """How often each class is there, int64 `[C,classes]`, as accelerators count.

    Without atomics, whose order changes, and without a look at the largest value, which the host would wait
    for.
    """
    ordered, order = place.sort(dim=1)
    edges = torch.arange(classes + 1, device=place.device).expand(len(place), -1).contiguous()
    ends = torch.searchsorted(ordered, edges)
    if weights is None:
        return ends.diff(dim=1)
    sums = functional.pad(weights.gather(1, order).cumsum(1), (1, 0))
    return sums.gather(1, ends).diff(dim=1)


def _counted(levels: Tensor, classes: int) -> Tensor:
    from anim_runtime.ops import color_native

    counts = torch.zeros((len(levels), classes), dtype=torch.int64)
    for row, found in zip(levels.contiguous(), counts, strict=True):
        color_native.count(row.numpy(), found.numpy())
    return counts


def level_counts(classes: Tensor) -> Tensor:
    """Counts by level of counts by class, in sixteenths: int64 `[C,PARTS·(L-1)+1]` to `[C,L]`.

    A class between two levels is shared out between them; values of whole levels count 16 at theirs.
    """
    rows, length = classes.shape[0], (classes.shape[1] - 1) // PARTS + 1
    near = torch.arange(PARTS, device=classes.device)
    parts = classes[:, :-1].reshape(rows, length - 1, PARTS)
    counts = torch.zeros((rows, length), dtype=torch.int64, device=classes.device)
    counts[:, :-1] = (parts * (PARTS - near)).sum(dim=2)
    counts[:, 1:] += (parts * near).sum(dim=2)
    counts[:, -1] += classes[:, -1] * PARTS
    return counts


def tables(counts: Tensor, wanted: Tensor) -> Tensor:
    """Where each level goes so that `counts` become `wanted`: int64 `[C,L]` twice, to float64 `[C,L]`.

    A level goes to the level of `wanted` with the same share at and below it, straight between two. A level
    that `counts` do not have goes between its neighbours: a value close to a level goes where that does.
    """
    share, marks = _shares(counts), _shares(wanted)
    # a row without a value has no marks at all
    after = torch.searchsorted(marks, share).clamp_max_(wanted.shape[1] - 1)
    # the last level of `wanted` before: the first whose share is all that is before `after`
    below = torch.where(after > 0, marks.gather(1, (after - 1).clamp_min(0)), 0.0)
    before = torch.where(below > 0.0, torch.searchsorted(marks, below), after)
    width = marks.gather(1, after) - below
    slope = (after - before).double() / torch.where(width > 0.0, width, torch.ones_like(width))
    target = slope * (share - below) + before
    target = torch.where(share == marks.gather(1, after), after.double(), target)
    return _between(target, counts > 0)


def _shares(counts: Tensor) -> Tensor:
    """The share of what is at and below each level: float64 `[C,L]`, the last of each row 1."""
    total = counts.cumsum(1)
    return total.double() / total[:, -1:].double().clamp_min(1.0)


def _between(target: Tensor, there: Tensor) -> Tensor:
    """Targets of the levels that are there; of the others straight between, beyond the ends as far off."""
    length = target.shape[1]
    here = torch.arange(length, device=target.device).expand_as(target)
    low = torch.where(there, here, -1).cummax(1).values
    high = torch.where(there, here, length).flip(1).cummin(1).values.flip(1)
    first, last = torch.where(low < 0, high, low), torch.where(high >= length, low, high)
    # a channel without a value: nothing is known, and nothing moves
    nothing = (low < 0) & (high >= length)
    first, last = first.clamp(0, length - 1), last.clamp(0, length - 1)
    start, end = target.gather(1, first), target.gather(1, last)
    gap = (last - first).double()
    part = (here - first).double() / gap.clamp_min(1.0)
    inside = torch.where(last > first, start + (end - start) * part, start + (here - first))
    return torch.where(nothing, here.double(), inside)


def eased_tables(counts: Tensor, wanted: Tensor) -> Tensor:
    """As `tables`, without what would tell one level from the next: float64 `[C,L]`.

    A level goes to the middle of what `wanted` has at its ranks, and how far it goes is the mean of how far
    those around it go (Gaussian, by how much there is of them). An exact map stretches the last differences
    inside an even area over whole levels, which a loop does again in every round.
    """
    total = counts.sum(dim=1, keepdim=True).double().clamp_min(1.0)
    here = torch.arange(counts.shape[1], dtype=torch.float64, device=counts.device)
    ranks = functional.pad(_shares(counts), (1, 0))
    held = torch.where(counts > 0, counts.double() / total, 1.0)
    middle = _sums_below(ranks, wanted).diff(dim=1) / held
    away = _between(middle, counts > 0) - here
    near = torch.exp(-0.5 * ((here[:, None] - here) / EASED) ** 2)
    # a trace of weight everywhere: levels that are not there go as the nearest that are
    weight = counts.double() / total + 1e-6
    return here + (away * weight) @ near / (weight @ near)


def _sums_below(ranks: Tensor, wanted: Tensor) -> Tensor:
    """The sum of the levels of `wanted` below each rank of 0..1, over its total: float64 as `ranks`."""
    marks = functional.pad(_shares(wanted), (1, 0))
    levels = torch.arange(wanted.shape[1], dtype=torch.float64, device=wanted.device)
    share = wanted.double() / wanted.sum(dim=1, keepdim=True).double().clamp_min(1.0)
    sums = functional.pad((share * levels).cumsum(1), (1, 0))
    level = torch.searchsorted(marks[:, 1:].contiguous(), ranks).clamp_max_(wanted.shape[1] - 1)
    return sums.gather(1, level) + (ranks - marks.gather(1, level)) * level


def through(levels: Tensor, table: Tensor) -> Tensor:
    """Values `[C,N]` float32 through tables `[C,L]`, straight between two levels and beyond the ends."""
    values = table.float()
    slopes = table.diff(dim=1).float()
    if is_native(levels):
        from anim_runtime.ops import color_native

        made = torch.empty_like(levels)
        for row, column, slope, moved in zip(levels.contiguous(), values, slopes, made, strict=True):
            color_native.move(row.numpy(), column.numpy(), slope.numpy(), moved.numpy())
        return made
    place = levels.nan_to_num(0.0).to(torch.int64).clamp_(0, table.shape[1] - 2)
    return values.gather(1, place) + slopes.gather(1, place) * (levels - place)

"""Colours held to a reference: histogram matching, so that fed-back pictures do not drift."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.color_space import SPACES
from anim_runtime.ops.kernel import Arguments, FrameContext, word

#: Classes a channel's range is cut into. A value keeps its place inside its class, so nothing is rounded.
BINS = 1 << 12


def match_color(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image with each channel's distribution made the reference's.

    `inputs`: image and reference, `[1,3,H,W]` each (sizes may differ). `space` is `lab`, `hsv` or `rgb`.
    As `skimage.exposure.match_histograms` per channel, but RGB is read as RGB (Deforum passes BGR) and a
    class of equal values goes to the middle of its ranks, so matching an image to itself leaves it alone.
    """
    image, reference = inputs
    space = SPACES[word(args, "space", tuple(SPACES))]
    planes, wanted = space.from_rgb(image[0]), space.from_rgb(reference[0])
    matched = [
        match_channel(plane, like, low, high)
        for plane, like, (low, high) in zip(planes, wanted, space.ranges, strict=True)
    ]
    return space.to_rgb(torch.stack(matched)).clamp(0.0, 1.0).unsqueeze(0)


def match_channel(plane: Tensor, like: Tensor, low: float, high: float) -> Tensor:
    """One channel `[H,W]` moved to the distribution of `like`, both in `low..high`; float32 `[H,W]`."""
    width = (high - low) / BINS
    classes = _classes(plane, low, width)
    counts = torch.bincount(classes, minlength=BINS)
    wanted = torch.bincount(_classes(like, low, width), minlength=BINS)
    shift = _shifts(counts, wanted) * width
    return plane + shift[classes].reshape(plane.shape)


def _classes(plane: Tensor, low: float, width: float) -> Tensor:
    return ((plane.reshape(-1) - low) * (1.0 / width)).to(torch.int64).clamp_(0, BINS - 1)


def _shifts(counts: Tensor, wanted: Tensor) -> Tensor:
    """How many classes each class moves: `wanted`'s class at the same quantile, less its own; float32.

    Quantiles are mid-ranks; between two occupied classes of `wanted` the result is interpolated.
    """
    place = _middle_ranks(counts)
    occupied = torch.nonzero(wanted).reshape(-1)
    marks = _middle_ranks(wanted)[occupied]
    after = torch.searchsorted(marks, place).clamp(1, max(len(marks) - 1, 1))
    if len(marks) == 1:
        target = occupied.double().expand(len(place))
    else:
        low, high = marks[after - 1], marks[after]
        part = ((place - low) / (high - low)).clamp(0.0, 1.0)
        target = torch.lerp(occupied[after - 1].double(), occupied[after].double(), part)
    own = torch.arange(len(place), device=place.device)
    return (target - own).float()


def _middle_ranks(counts: Tensor) -> Tensor:
    """The quantile of the middle value of each class: float64 in 0..1."""
    total = counts.cumsum(0).double()
    return (total - counts.double() / 2) / total[-1]

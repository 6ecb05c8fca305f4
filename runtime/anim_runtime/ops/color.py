"""Colours held to a reference: histogram matching, so that fed-back pictures do not drift."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.color_space import SPACES
from anim_runtime.ops.kernel import Arguments, FrameContext, word

#: What is made equal; the first is what is done if nothing is said.
METHODS = ("histogram", "moments")
#: Classes a channel's range is cut into. A value keeps its place inside its class, so nothing is rounded.
BINS = 1 << 12


def match_color(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image with each channel's distribution made the reference's.

    `inputs`: image and reference, `[1,3,H,W]` each (sizes may differ). `space` is `lab`, `hsv` or `rgb`.
    `method`, `histogram` unless given: as `skimage.exposure.match_histograms` per channel, but RGB is read as
    RGB (Deforum passes BGR) and a class of equal values goes to the middle of its ranks, so matching an image
    to itself leaves it alone; `moments`: mean and standard deviation only (Reinhard et al. 2001).
    """
    image, reference = inputs
    return match_stats((image, color_stats((reference,), args, frame)), args, frame)


def color_stats(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """What `match_stats` has to know of a reference `[1,3,H,W]`; `space` and `method` as in `match_color`.

    `histogram`: how many pixels are in each class, int64 `[3,BINS]`; `moments`: mean and standard deviation,
    float64 `[3,2]`.
    """
    (reference,) = inputs
    space = SPACES[word(args, "space", tuple(SPACES))]
    planes = space.from_rgb(as_image(reference)[0])
    if _method(args) == "moments":
        return torch.stack([_moments(plane) for plane in planes])
    ranges = zip(planes, space.ranges, strict=True)
    return torch.stack([histogram(plane, low, high) for plane, (low, high) in ranges])


def match_stats(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image `[1,3,H,W]` given the colours of `color_stats` of the same `space` and `method`."""
    image, stats = inputs
    space = SPACES[word(args, "space", tuple(SPACES))]
    planes = space.from_rgb(as_image(image)[0])
    if _method(args) == "moments":
        matched = [_moved(plane, wanted) for plane, wanted in zip(planes, stats, strict=True)]
    else:
        matched = [
            match_counts(plane, wanted, low, high)
            for plane, wanted, (low, high) in zip(planes, stats, space.ranges, strict=True)
        ]
    return space.to_rgb(torch.stack(matched)).clamp(0.0, 1.0).unsqueeze(0)


def _method(args: Arguments) -> str:
    return word(args, "method", METHODS) if "method" in args else METHODS[0]


def _moments(plane: Tensor) -> Tensor:
    values = plane.double()
    return torch.stack((values.mean(), values.std(correction=0)))


def _moved(plane: Tensor, wanted: Tensor) -> Tensor:
    """A channel `[H,W]` with the wanted mean and standard deviation; what has no spread is only shifted."""
    own = _moments(plane)
    scale = torch.where(own[1] > 1e-6, wanted[1] / own[1].clamp_min(1e-6), 1.0)
    return (plane * scale.float()).add_((wanted[0] - own[0] * scale).float())


def histogram(plane: Tensor, low: float, high: float) -> Tensor:
    """How many values of a channel in `low..high` are in each class: int64 `[BINS]`."""
    return torch.bincount(_classes(plane, low, (high - low) / BINS), minlength=BINS)


def match_counts(plane: Tensor, wanted: Tensor, low: float, high: float) -> Tensor:
    """One channel `[H,W]` in `low..high` moved to the distribution of a `histogram`; float32."""
    width = (high - low) / BINS
    classes = _classes(plane, low, width)
    counts = torch.bincount(classes, minlength=BINS)
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

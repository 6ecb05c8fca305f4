"""Colours held to a reference, so that pictures that are fed back do not drift."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import torch
from torch import Tensor

from anim_runtime.ops import color_hue
from anim_runtime.ops.channels import as_image
from anim_runtime.ops.color_levels import (
    LEVELS,
    PARTS,
    class_counts,
    eased_tables,
    level_counts,
    tables,
    through,
)
from anim_runtime.ops.color_space import SPACES
from anim_runtime.ops.kernel import Arguments, FrameContext, word
from anim_runtime.ops.native import is_native

#: What is made equal; the first is what is done if nothing is said.
METHODS = ("histogram", "smooth", "moments")

#: How a method that compares levels makes its map.
TABLES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = MappingProxyType(
    {"histogram": tables, "smooth": eased_tables}
)

_CLASSES = PARTS * (LEVELS - 1) + 1


class _Read(NamedTuple):
    """A picture in the levels of a space, float32 `[3,N]`, its counts by class, int64 `[3,4081]`, and those
    of its hue by level, int64 `[1,256]`, if the space has one.
    """

    levels: Tensor
    classes: Tensor
    hues: Tensor | None = None

    @property
    def counts(self) -> Tensor:
        """The counts by level, int64 `[3,256]`."""
        found = level_counts(self.classes)
        return found if self.hues is None else torch.cat((self.hues, found[1:]))


def match_color(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image with each channel's distribution made the reference's.

    `inputs`: image and reference, `[1,3,H,W]` each (sizes may differ). `space` is `lab`, `hsv` or `rgb`.
    `method`, `histogram` unless given: as `skimage.exposure.match_histograms` per channel, to the bit on
    pictures of 8 bits (see `color_levels`), but RGB is read as RGB (Deforum passes BGR); `smooth`: the same
    evened out, which holds in a loop; `moments`: mean and standard deviation only (Reinhard et al. 2001). Hue
    is a circle and has a way of its own: `color_hue`.
    """
    image, reference = inputs
    return match_stats((image, color_stats((reference,), args, frame)), args, frame)


def color_stats(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """What `match_stats` has to know of a reference `[1,3,H,W]`; `space` and `method` as in `match_color`.

    `histogram` and `smooth`: sixteenths of pixels at each level, int64 `[3,256]`; `moments`: mean and
    standard deviation in levels, float64 `[3,2]`.
    """
    (reference,) = inputs
    space = word(args, "space", tuple(SPACES))
    read = _read(as_image(reference), space)
    return _moments(read, space) if _method(args) == "moments" else read.counts


def match_stats(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image `[1,3,H,W]` given the colours of `color_stats` of the same `space` and `method`."""
    image, stats = inputs
    space = word(args, "space", tuple(SPACES))
    picture = as_image(image)
    read = _read(picture, space)
    method = _method(args)
    if method == "moments":
        table = _moved(_moments(read, space), stats)
    else:
        table = TABLES[method](read.counts, stats)
    if space == "hsv":
        table[:1] = color_hue.table(read.counts, stats, TABLES.get(method))
    return _written(read.levels, table, space, picture)


def _method(args: Arguments) -> str:
    return word(args, "method", METHODS) if "method" in args else METHODS[0]


def _read(image: Tensor, space: str) -> _Read:
    if _is_native(image, space):
        from anim_runtime.ops import color_native

        planes = image[0].reshape(3, -1).contiguous()
        levels = torch.empty_like(planes)
        classes = torch.zeros((3, _CLASSES), dtype=torch.int64)
        color_native.to_lab(planes.numpy(), levels.numpy(), classes.numpy())
        return _Read(levels, classes)
    levels = SPACES[space].to_levels(image[0]).reshape(3, -1)
    hues = color_hue.counts(levels) if space == "hsv" else None
    return _Read(levels, class_counts(levels, _CLASSES), hues)


def _written(levels: Tensor, table: Tensor, space: str, like: Tensor) -> Tensor:
    """The levels through the tables as an image of the size of `like`."""
    shape = like.shape[2:]
    if _is_native(like, space):
        from anim_runtime.ops import color_native

        made = torch.empty_like(levels)
        slopes = table.diff(dim=1).float().contiguous()
        color_native.from_lab(levels.numpy(), table.float().numpy(), slopes.numpy(), made.numpy())
        return made.view(1, 3, *shape)
    moved = through(levels, table).reshape(3, *shape)
    return SPACES[space].from_levels(moved).clamp_(0.0, 1.0).unsqueeze(0)


def _is_native(image: Tensor, space: str) -> bool:
    """Whether the compiled loops can be used: they are for Lab on the CPU."""
    return space == "lab" and is_native(image)


def _moments(read: _Read, space: str) -> Tensor:
    """Mean and standard deviation in levels, by classes of a sixteenth: float64 `[3,2]`."""
    share = read.classes.double() / read.classes.sum(dim=1, keepdim=True).clamp_min(1).double()
    levels = torch.arange(_CLASSES, dtype=torch.float64, device=share.device) / PARTS
    mean = (share * levels).sum(dim=1, keepdim=True)
    spread = (share * (levels - mean) ** 2).sum(dim=1, keepdim=True).sqrt()
    found = torch.cat((mean, spread), dim=1)
    if space == "hsv":
        found[0] = color_hue.middle(read.counts)
    return found


def _moved(own: Tensor, wanted: Tensor) -> Tensor:
    """Tables that give the wanted mean and standard deviation; what has no spread is only shifted."""
    scale = torch.where(own[:, 1] > 1e-3, wanted[:, 1] / own[:, 1].clamp_min(1e-3), 1.0)
    levels = torch.arange(LEVELS, dtype=torch.float64, device=own.device)
    return levels * scale[:, None] + (wanted[:, 0] - own[:, 0] * scale)[:, None]

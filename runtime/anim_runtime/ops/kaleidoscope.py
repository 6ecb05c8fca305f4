"""A picture as a kaleidoscope shows it: a slice of it, mirrored and repeated around a middle."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number, word
from anim_runtime.ops.resample import BORDERS, resample


def kaleidoscope(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A slice of a picture `[1,C,H,W]`, half as wide as a segment, mirrored into a whole one and repeated.

    `segments` 1..64 (rounded) fill the turn; their pattern is turned by `angle`, and the slice begins at
    `slice`, both in degrees counter-clockwise from the right; `center_x`, `center_y` are the middle, shares
    of the picture; `border` is what lies beyond it. Distances to the middle stay, so nothing gets smaller and
    single taps suffice. With one segment one half is the other's mirror. Values in 0..1.
    """
    (picture,) = inputs
    segments = max(1, round(number(args, "segments")))
    x, y = _from_middle(picture, args)
    across, up = _turned(x, y, -number(args, "angle"))
    step = 2.0 * math.pi / segments
    which = torch.round(torch.atan2(up, across) / step).remainder(segments).long()
    # segments are turned back by exact angles: an error of `atan2` only swaps neighbours on their border
    turns = torch.arange(segments, dtype=torch.float64).mul_(step)
    cosine, sine = (table.float().to(x.device)[which] for table in (turns.cos(), turns.sin()))
    along = across * cosine + up * sine
    # the other half of a segment is the mirror of this one
    aside = (up * cosine - across * sine).abs()
    columns, rows = _turned(along, aside, number(args, "slice"))
    middle_x, middle_y = _middle(picture, args)
    border = word(args, "border", BORDERS)
    return resample(picture, columns + middle_x, middle_y - rows, border).clamp_(0.0, 1.0)


def _middle(picture: Tensor, args: Arguments) -> tuple[float, float]:
    """The middle in px; (0, 0) is the centre of the first pixel."""
    height, width = picture.shape[2:]
    return number(args, "center_x") * width - 0.5, number(args, "center_y") * height - 0.5


def _from_middle(picture: Tensor, args: Arguments) -> tuple[Tensor, Tensor]:
    """How far to the right and up of the middle each pixel is: float32 `[H,W]` each."""
    height, width = picture.shape[2:]
    middle_x, middle_y = _middle(picture, args)
    x = torch.arange(width, device=picture.device, dtype=torch.float32) - middle_x
    y = middle_y - torch.arange(height, device=picture.device, dtype=torch.float32)
    return x.expand(height, width), y.unsqueeze(1).expand(height, width)


def _turned(x: Tensor, y: Tensor, degrees: float) -> tuple[Tensor, Tensor]:
    """Places, x to the right and y up, turned counter-clockwise."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * cosine - y * sine, x * sine + y * cosine

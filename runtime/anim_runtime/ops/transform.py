"""A picture shifted, turned and scaled."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number, word
from anim_runtime.ops.resample import BORDERS
from anim_runtime.ops.warp import through_plane

#: The smallest scale; below it nothing could be told from a point.
_LEAST_SCALE = 1e-3


def transform(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A picture `[1,C,H,W]` scaled and turned about its middle, then shifted.

    `x` (right) and `y` (down) in px at the film's size, `scale` a factor, `angle` in degrees
    counter-clockwise, `border`. With no shift, no turn and scale 1 the picture itself.
    """
    (picture,) = inputs
    x, y, scale = (number(args, name) for name in ("x", "y", "scale"))
    angle = math.fmod(number(args, "angle"), 360.0)
    border = word(args, "border", BORDERS)
    if (x, y, scale, angle) == (0.0, 0.0, 1.0, 0.0):
        return picture
    size = max(scale, _LEAST_SCALE)
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # where a pixel comes from: shifted back, then turned back and made small again; y points down
    back = np.array(((cosine, -sine, 0.0), (sine, cosine, 0.0), (0.0, 0.0, size))) / size
    half = frame.height / 2
    unshift = np.array(((1.0, 0.0, -x / half), (0.0, 1.0, -y / half), (0.0, 0.0, 1.0)))
    return through_plane(picture, back @ unshift, border)

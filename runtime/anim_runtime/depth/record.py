"""A frame's picture and its depth as one object of the store: neither is ever there without the other.

The depth stands in rows below the picture. A picture without depth is stored as it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_runtime.depth.steady import kept_size

Levels = NDArray[np.uint16]


def joined(picture: Levels, depth: Levels | None) -> Levels:
    """The picture `[H,W,3]` with its depth `[h,w]` in rows below it, if it has one: `[H+n,W,3]`."""
    if depth is None:
        return picture
    _, width, channels = picture.shape
    rows = -(-depth.size // (width * channels))
    below = np.zeros(rows * width * channels, np.uint16)
    below[: depth.size] = depth.reshape(-1)
    return np.concatenate((picture, below.reshape(rows, width, channels)))


def parted(record: Levels, height: int) -> tuple[Levels, Levels | None]:
    """A picture of so many rows and its depth, None if it has none."""
    if len(record) == height:
        return record, None
    size = kept_size(height, record.shape[1])
    depth = record[height:].reshape(-1)[: size[0] * size[1]].reshape(size)
    return np.ascontiguousarray(record[:height]), np.ascontiguousarray(depth)

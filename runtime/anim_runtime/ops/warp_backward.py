"""Deforum's 3d warp, as it is: each new pixel is looked up from where its own depth says that it came.

Its points stand on the square from -1 to 1 at the depth of the *destination* pixel, both cameras project
them, and what a pixel moves by is taken off where it is. Nothing is hidden and nothing uncovered: where depth
jumps the picture is stretched. The offsets are those of a view angle, the places are not, so that turns and
what comes nearer are not quite those of a camera (`depth_warp = splat` is one).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.native import ROWS, flat, in_bands, is_native, planes
from anim_runtime.ops.resample import BORDERS, resample
from anim_runtime.ops.splat_tensors import columns_and_rows
from anim_runtime.ops.splat_view import NEAREST

Matrix = NDArray[np.float64]


def looked_up(image: Tensor, depth: Tensor, move: Matrix, border: str) -> Tensor:
    """The image `[1,C,H,W]` with depth `[1,1,H,W]` after a move float64 `[14]`, 0..1."""
    if not is_native(image, depth):
        x, y = places(depth, move)
        return resample(image, x, y, border).clamp_(0.0, 1.0)
    from anim_runtime.ops import native_read

    height, width = image.shape[2:]
    made = torch.empty(image.shape, dtype=torch.float32)
    z, number, all_planes = flat(depth), BORDERS.index(border), planes(image, made)

    def work(first: int, last: int) -> None:
        for start in range(first, last, ROWS):
            end = min(start + ROWS, last)
            x, y = np.empty((2, (end - start) * width))
            native_read.looked_up(z, height, width, move, x, y, start, end)
            for values, plane, out, step in all_planes:
                to = start * width
                native_read.at_places(values, plane, height, width, x, y, number, out, to, step, True)

    in_bands(work, height, width)
    return made


def places(depth: Tensor, move: Matrix) -> tuple[Tensor, Tensor]:
    """Where each destination pixel is read, in px `[H,W]`, by a depth map `[1,1,H,W]`.

    The lens changes about the middle of the picture, exactly, before what the move itself does.
    """
    height, width = depth.shape[2:]
    focal, lens = float(move[12]), float(move[12] / move[13])
    columns, rows = columns_and_rows(depth)
    x, y = (
        lens * (2.0 * place / max(size - 1, 1) - 1.0) for place, size in ((columns, width), (rows, height))
    )
    z = torch.nan_to_num(depth[0, 0].to(x.dtype), nan=1.0).clamp_min(NEAREST)
    r, t = move[:9].tolist(), move[9:12].tolist()
    u, v, w = (r[3 * i] * x + r[3 * i + 1] * y + r[3 * i + 2] * z + t[i] for i in range(3))
    ahead = w.clamp_min(NEAREST)
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    across = lens * (columns - middle_x) + middle_x - focal * (width / 2) * (u / ahead - x / z)
    return across, lens * (rows - middle_y) + middle_y - focal * (height / 2) * (v / ahead - y / z)

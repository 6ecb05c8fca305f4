"""What each pixel takes along to where it goes, in one loop compiled for the CPU."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_runtime.ops.native_compiled import compiled


@compiled
def carry(
    values: NDArray[np.float32],
    weight: NDArray[np.float32],
    shift: NDArray[np.float32],
    factor: float,
    total: NDArray[np.float64],
) -> None:
    """Adds to `total` float64 `[h,w,3]` what `between.splat` says: row after row, so always in one order."""
    height, width = weight.shape
    for row in range(height):
        for column in range(width):
            x = column + factor * shift[row, column, 0]
            y = row + factor * shift[row, column, 1]
            # what is not a number goes nowhere
            if not (-1.0 < x < width and -1.0 < y < height):
                continue
            left, top = int(np.floor(x)), int(np.floor(y))
            for down in range(2):
                for across in range(2):
                    to_row, to_column = top + down, left + across
                    if not (0 <= to_row < height and 0 <= to_column < width):
                        continue
                    share = weight[row, column] * (1.0 - abs(x - to_column)) * (1.0 - abs(y - to_row))
                    total[to_row, to_column, 0] += share * values[row, column, 0]
                    total[to_row, to_column, 1] += share * values[row, column, 1]
                    total[to_row, to_column, 2] += share

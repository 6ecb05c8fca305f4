"""Pictures with alpha read as they lie in a frame, compiled for the CPU; `layer` also has it in tensors."""

from __future__ import annotations

import numpy as np

from anim_runtime.ops.native_compiled import compiled
from anim_runtime.ops.native_taps import four_planes

#: transparent pixels on every side, so that nothing that is seen reads beyond them
ROOM = 3

_NONE, _WHOLE, _FAR = np.float32(0.0), np.float32(1.0), np.float32(np.inf)


@compiled
def lying(image, height, width, move, out, columns, step, first, last):  # type: ignore[no-untyped-def]
    """Writes rows `first` to `last`, of `columns` pixels, of a premultiplied picture shifted and turned.

    `image` float32 `[4*H*W]`, 0 in the outermost `ROOM` rows and columns; `move` float64 `[6]`, from pixels
    that are written to places of the image, whole numbers being the middles of pixels; `out` float32
    `[4*step]`. Alpha lies in 0..1 and colours in 0..alpha, where interpolation swings beyond as well.
    """
    plane = height * width
    # in names of their own: what is written could be the array that they stand in, as far as a compiler knows
    right_x, down_x, at_x, right_y, down_y, at_y = move[0], move[1], move[2], move[3], move[4], move[5]
    for y in range(first, last):
        begin_x, begin_y = down_x * y + at_x, down_y * y + at_y
        for x in range(columns):
            to = np.int64(y) * columns + x
            u, v = right_x * x + begin_x, right_y * x + begin_y
            if not (1.0 <= u < width - 2 and 1.0 <= v < height - 2):
                # so far out, nothing is read but what is transparent
                out[to] = out[to + step] = out[to + 2 * step] = out[to + 3 * step] = _NONE
                continue
            left, top = np.floor(u), np.floor(v)
            at = (np.int64(top) - 1) * width + np.int64(left) - 1
            four_planes(
                image, at, width, plane, np.float32(u - left), np.float32(v - top), out, to, step, -_FAR, _FAR
            )
            alpha = out[to + 3 * step]
            # where alpha swings above 1 the colours go down with it: a plain colour has no bright rim
            share = _WHOLE / max(alpha, _WHOLE)
            alpha = min(max(alpha, _NONE), _WHOLE)
            out[to] = min(max(out[to] * share, _NONE), alpha)
            out[to + step] = min(max(out[to + step] * share, _NONE), alpha)
            out[to + 2 * step] = min(max(out[to + 2 * step] * share, _NONE), alpha)
            out[to + 3 * step] = alpha

"""Colours looked up in a table of three axes, compiled for the CPU: what `lut` does with tensors."""

from __future__ import annotations

import numpy as np

from anim_runtime.ops.native_compiled import compiled

_F = np.float32


@compiled
def solid(band, values, size, low, scale, made):  # type: ignore[no-untyped-def]  # numba finds the types
    """Colours float32 `[3,N]` by `values` float32 `[size³·3]`, in tetrahedra.

    `low` and `scale` float32 `[3]` bring a channel to points of the table.
    """
    most = _F(size - 1)
    steps = (3, 3 * size, 3 * size * size)
    for i in range(band.shape[1]):
        base = 0
        parts = (_F(0.0), _F(0.0), _F(0.0))
        for channel in range(3):
            place = (band[channel, i] - low[channel]) * scale[channel]
            # what is no number is at the first point, as 0 is
            place = min(place, most) if place > _F(0.0) else _F(0.0)
            below = min(np.int64(place), size - 2)
            base += below * steps[channel]
            part = place - _F(below)
            if channel == 0:
                parts = (part, parts[1], parts[2])
            elif channel == 1:
                parts = (parts[0], part, parts[2])
            else:
                parts = (parts[0], parts[1], part)
        x, y, z = parts
        high, first = x, steps[0]
        if y > high:
            high, first = y, steps[1]
        if z > high:
            high, first = z, steps[2]
        least, last = z, steps[2]
        if y < least:
            least, last = y, steps[1]
        if x < least:
            least, last = x, steps[0]
        middle = x + y + z - high - least
        top = base + steps[0] + steps[1] + steps[2]
        one, two, three = base + first, top - last, top
        for channel in range(3):
            made[channel, i] = (
                values[base + channel] * (_F(1.0) - high)
                + values[one + channel] * (high - middle)
                + values[two + channel] * (middle - least)
                + values[three + channel] * least
            )

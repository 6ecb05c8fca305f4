"""Pictures read through a homography or at given places, compiled for the CPU; `resample` is what they do.

Every loop reads three planes, `plane` apart in `image` and `step` apart in `out`, both float32, in one row.
"""

from __future__ import annotations

import math

import numpy as np

from anim_runtime.ops.native_chunks import CHUNK, taken
from anim_runtime.ops.native_compiled import compiled, part
from anim_runtime.ops.native_taps import at_edge, three_planes
from anim_runtime.ops.resample import FARTHEST, MOST_SAMPLES, SHARP, SPREAD
from anim_runtime.ops.splat_view import NEAREST

_LOW, _HIGH = np.float32(0.0), np.float32(1.0)


@part
def _noted(u, v, height, width, whole, parts, i):  # type: ignore[no-untyped-def]
    """Writes a place as `taken` reads it."""
    column, row = np.floor(u), np.floor(v)
    parts[i], parts[CHUNK + i] = u - column, v - row
    inside = (column >= 1.0) & (column < width - 2.0) & (row >= 1.0) & (row < height - 2.0)
    at = (row - 1.0) * width + column - 1.0
    whole[i] = np.int32(at if inside else -1.0)
    whole[CHUNK + i], whole[2 * CHUNK + i] = np.int32(column), np.int32(row)


@compiled
def through(image, plane, height, width, move, least, border, out, step, columns, first, last):  # type: ignore[no-untyped-def]
    """Rows `first` to `last`, of `columns` pixels, read through a homography of px; clamped to 0..1.

    `move` float64 `[9]`, destination to source; denominators are at least `least`.
    """
    whole, parts = np.empty(3 * CHUNK, np.int32), np.empty(2 * CHUNK, np.float32)
    m0, m3, m6 = move[0], move[3], move[6]
    for y in range(first, last):
        x0, y0, w0 = move[1] * y + move[2], move[4] * y + move[5], move[7] * y + move[8]
        for start in range(0, columns, CHUNK):
            count = min(columns - start, CHUNK)
            # one loop of arithmetic, one of reads: the first is done in vectors
            for i in range(count):
                x = start + i
                scale = 1.0 / max(m6 * x + w0, least)
                u = min(max((m0 * x + x0) * scale, -FARTHEST), FARTHEST)
                v = min(max((m3 * x + y0) * scale, -FARTHEST), FARTHEST)
                _noted(u, v, height, width, whole, parts, i)
            to = np.int64(y) * columns + start
            taken(image, plane, height, width, border, whole, parts, count, out, to, step, _LOW, _HIGH)


@compiled
def at_places(image, plane, height, width, x, y, border, out, to, step, is_clamped):  # type: ignore[no-untyped-def]
    """Values at the places x, y (float32 or float64 `[n]`, px); `out[to + i]` is written for the place i."""
    far = np.float32(np.inf)
    low, high = (_LOW, _HIGH) if is_clamped else (-far, far)
    whole, parts = np.empty(3 * CHUNK, np.int32), np.empty(2 * CHUNK, np.float32)
    for start in range(0, x.size, CHUNK):
        count = min(x.size - start, CHUNK)
        for i in range(count):
            across, down = np.float64(x[np.uint64(start + i)]), np.float64(y[np.uint64(start + i)])
            # what is no number is read at the first pixel
            u = min(max(across, -FARTHEST), FARTHEST) if across == across else 0.0
            v = min(max(down, -FARTHEST), FARTHEST) if down == down else 0.0
            _noted(u, v, height, width, whole, parts, i)
        there = to + start
        taken(image, plane, height, width, border, whole, parts, count, out, there, step, low, high)


@part
def _samples(length):  # type: ignore[no-untyped-def]
    """How many samples a destination pixel takes along an axis on which it is `length` source px long.

    Gives their number, and how far they are spread: 0 (all in the middle) up to `SHARP`, 1 from `SPREAD` on.
    """
    if length <= SHARP:
        return 1, 0.0
    number = math.ceil(length) if length < MOST_SAMPLES else MOST_SAMPLES
    return number, min((length - SHARP) / (SPREAD - SHARP), 1.0)


@part
def _averaged(image, plane, height, width, u, v, ux, uy, vx, vy, border, seen, out, to, step):  # type: ignore[no-untyped-def]
    """Writes the mean over a destination pixel that is seen at (u, v), with sides (ux, uy) and (vx, vy).

    `seen` is float32 `[3]` to work in; what is written is clamped to 0..1.
    """
    across, wide = _samples(math.hypot(ux, uy))
    down, high = _samples(math.hypot(vx, vy))
    red = green = blue = np.float32(0.0)
    far = np.float32(np.inf)
    for i in range(down):
        b = ((i + 0.5) / down - 0.5) * high
        for j in range(across):
            a = ((j + 0.5) / across - 0.5) * wide
            x = min(max(u + a * ux + b * vx, -FARTHEST), FARTHEST)
            y = min(max(v + a * uy + b * vy, -FARTHEST), FARTHEST)
            left, top = np.floor(x), np.floor(y)
            column, row = np.int64(left), np.int64(top)
            sx, sy = np.float32(x - left), np.float32(y - top)
            if 1 <= column < width - 2 and 1 <= row < height - 2:
                three_planes(
                    image, (row - 1) * width + column - 1, width, plane, sx, sy, seen, 0, 1, -far, far
                )
            else:
                at_edge(image, plane, height, width, column, row, sx, sy, border, seen, 0, 1, -far, far)
            red, green, blue = red + seen[0], green + seen[1], blue + seen[2]
    share = np.float32(1.0 / (across * down))
    out[to] = min(max(red * share, _LOW), _HIGH)
    out[to + step] = min(max(green * share, _LOW), _HIGH)
    out[to + 2 * step] = min(max(blue * share, _LOW), _HIGH)


@compiled
def through_small(image, plane, height, width, move, least, border, out, step, columns, first, last):  # type: ignore[no-untyped-def]
    """As `through`, each pixel being the mean over what it covers where the picture is made smaller."""
    seen = np.empty(3, np.float32)
    for y in range(first, last):
        x0, y0, w0 = move[1] * y + move[2], move[4] * y + move[5], move[7] * y + move[8]
        to = np.int64(y) * columns
        for x in range(columns):
            scale = 1.0 / max(move[6] * x + w0, least)
            u = min(max((move[0] * x + x0) * scale, -FARTHEST), FARTHEST)
            v = min(max((move[3] * x + y0) * scale, -FARTHEST), FARTHEST)
            ux, uy = (move[0] - u * move[6]) * scale, (move[3] - v * move[6]) * scale
            vx, vy = (move[1] - u * move[7]) * scale, (move[4] - v * move[7]) * scale
            _averaged(image, plane, height, width, u, v, ux, uy, vx, vy, border, seen, out, to + x, step)


@compiled
def at_places_small(image, plane, height, width, x, y, reach, back, first, border, out, step):  # type: ignore[no-untyped-def]
    """As `at_places` for whole rows from `first` on, each pixel being the mean over what it covers.

    `back` float64 `[9]` and `reach` float32 `[n]` are as in `splat_view`; clamped to 0..1.
    """
    seen = np.empty(3, np.float32)
    to = np.int64(first) * width
    for i in range(x.size):
        row, column = first + i // width, i % width
        scale = 1.0 / max(back[6] * column + back[7] * row + back[8], NEAREST)
        u = (back[0] * column + back[1] * row + back[2]) * scale
        v = (back[3] * column + back[4] * row + back[5]) * scale
        scale *= reach[i]
        ux, uy = (back[0] - u * back[6]) * scale, (back[3] - v * back[6]) * scale
        vx, vy = (back[1] - u * back[7]) * scale, (back[4] - v * back[7]) * scale
        _averaged(image, plane, height, width, x[i], y[i], ux, uy, vx, vy, border, seen, out, to + i, step)


@compiled
def looked_up(depth, height, width, move, x, y, first, last):  # type: ignore[no-untyped-def]
    """Rows `first` to `last` of `warp_backward.places`, written into x, y float64 from their first value on.

    Depth float32 `[H*W]`, move float64 `[14]`.
    """
    focal, lens = move[12], move[12] / move[13]
    # in names of their own: what is written could be the array that they stand in, as far as a compiler knows
    r0, r1, r2, t0 = move[0], move[1], move[2], move[9]
    r3, r4, r5, t1 = move[3], move[4], move[5], move[10]
    r6, r7, r8, t2 = move[6], move[7], move[8], move[11]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    unit_x, unit_y = 2.0 * lens / max(width - 1, 1), 2.0 * lens / max(height - 1, 1)
    far_x, far_y = focal * (width / 2), focal * (height / 2)
    for row in range(first, last):
        py = unit_y * row - lens
        at, to = row * width, (row - first) * width
        for column in range(width):
            px = unit_x * column - lens
            given = np.float64(depth[at + column])
            z = max(given, NEAREST) if given == given else 1.0
            ahead = 1.0 / max(r6 * px + r7 * py + r8 * z + t2, NEAREST)
            near = 1.0 / z
            u = (r0 * px + r1 * py + r2 * z + t0) * ahead - px * near
            v = (r3 * px + r4 * py + r5 * z + t1) * ahead - py * near
            x[to + column] = lens * (column - middle_x) + middle_x - far_x * u
            y[to + column] = lens * (row - middle_y) + middle_y - far_y * v

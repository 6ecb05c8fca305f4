"""Pixels pushed to their new place by their depth, and the lines of sight that find them; for the CPU.

`splat` says what is done and why; what is written here in loops is written there in tensors.
"""

from __future__ import annotations

import numpy as np

from anim_runtime.ops.native_chunks import CHUNK
from anim_runtime.ops.native_compiled import compiled, part
from anim_runtime.ops.splat_rules import (
    ALWAYS_TORN,
    ALWAYS_WHOLE,
    EDGE,
    STEEPEST,
    STEPS,
    STRETCH,
)
from anim_runtime.ops.splat_view import LEAST_DEPTH, MOST_DEPTH, NEAREST

_F = np.float32
#: an index that is known not to count from the end, without which no vectors are used
_U = np.uint64
#: Where parts of a row lie in the arrays of `pushed`; rooms are longer than a chunk, and no power of two.
_ROOM = CHUNK + 16
_ABOVE, _BELOW, _HALVES = 3 * _ROOM, 6 * _ROOM, 9 * _ROOM
#: how many pixels of the destination a source pixel may cover along an axis
_WIDEST = 65


@compiled
def ahead(depth, height, width, matrix, push, q, x, y, away):  # type: ignore[no-untyped-def]
    """Where pixels go: writes 1/z before the move, place and z after it, each float32 `[H*W]`."""
    for row in range(height):
        x0, y0 = matrix[1] * row + matrix[2], matrix[4] * row + matrix[5]
        w0, at = matrix[7] * row + matrix[8], row * width
        for column in range(width):
            given = np.float64(depth[at + column])
            # what is no number stands at 1
            z = min(max(given, LEAST_DEPTH), MOST_DEPTH) if given == given else 1.0
            near = 1.0 / z
            w = matrix[6] * column + w0 + push[2] * near
            scale = 1.0 / max(w, NEAREST)
            q[at + column] = near
            x[at + column] = (matrix[0] * column + x0 + push[0] * near) * scale
            y[at + column] = (matrix[3] * column + y0 + push[1] * near) * scale
            away[at + column] = w * z if w > NEAREST else np.inf


@part
def _joined(q, x, y, away, first, next, size, n, row, to):  # type: ignore[no-untyped-def]
    """How pixels from `first` on hang together with those `next` places on.

    `n` are the numbers of the matrix that a step of one pixel is made of. Writes into `row` from `to` on how
    far away neighbours are after the move, -1 where they are of two surfaces, and how much 1/z rises.
    """
    n0, n3, n6 = n
    for i in range(size):
        p, other, there = _U(first + i), _U(first + i + next), _U(to + i)
        scale = away[p] * q[p]
        nx, ny = n0 - x[p] * n6, n3 - y[p] * n6
        dx, dy = x[other] - x[p], y[other] - y[p]
        jump, most = abs(q[p] - q[other]), max(q[p], q[other])
        ex, ey = dx * scale - nx, dy * scale - ny
        far = ex * ex + ey * ey > _F(STRETCH * STRETCH) * (nx * nx + ny * ny)
        torn = (jump > _F(ALWAYS_WHOLE) * most) & ((jump > _F(ALWAYS_TORN) * most) | far)
        row[there] = _F(-1.0) if torn else abs(dx)
        row[there + _U(_ROOM)] = _F(-1.0) if torn else abs(dy)
        row[there + _U(2 * _ROOM)] = q[other] - q[p]


@part
def _both(before, after, own):  # type: ignore[no-untyped-def]
    """The larger of two distances; its own step where both neighbours are of another surface."""
    most = max(before, after)
    return most if most >= 0 else abs(own)


@part
def _mean(row, before, after, i):  # type: ignore[no-untyped-def]
    """How much 1/z rises to and from a pixel in the mean, as far as what joins it there is of its surface."""
    is_before, is_after = row[before + i] >= _F(0.0), row[after + i] >= _F(0.0)
    one = row[before + 2 * _ROOM + i] if is_before else _F(0.0)
    two = row[after + 2 * _ROOM + i] if is_after else _F(0.0)
    return (one + two) * (_F(0.5) if is_before & is_after else _F(1.0))


@compiled
def pushed(height, width, matrix, q, x, y, away, slope_x, slope_y, nearest, who):  # type: ignore[no-untyped-def]
    """Which source pixel is seen at each destination pixel: `who` int32, -1 where none is.

    Writes how much 1/z changes from a pixel to the next of its surface, across and down, float32 `[H*W]`;
    `nearest` float32 `[H*W]` is full of infinities and gets the distance after the move.
    """
    across = _F(matrix[0]), _F(matrix[3]), _F(matrix[6])
    down = _F(matrix[1]), _F(matrix[4]), _F(matrix[7])
    # of part of a row: what joins a pixel to the one before (and one place on to the next), to the one above,
    # to the one below, three rooms each; then how far a pixel reaches. Loops write one array each, or a
    # compiler could not tell that what they write is not what they read, and would use no vectors
    row, box = np.empty(11 * _ROOM, np.float32), np.empty(4 * _ROOM, np.int32)
    for line in range(height):
        for first in range(0, width, CHUNK):
            start, size = line * width + first, min(width - first, CHUNK)
            row[0] = row[_ROOM] = row[size] = row[_ROOM + size] = _F(-1.0)
            before, after = min(first, 1), min(width - first - size, 1)
            _joined(q, x, y, away, start - before, 1, size - 1 + before + after, across, row, 1 - before)
            for to, is_there in ((_ABOVE, line > 0), (_BELOW, line + 1 < height)):
                if is_there:
                    _joined(q, x, y, away, start - (width if to == _ABOVE else 0), width, size, down, row, to)
                else:
                    row[to : to + 2 * _ROOM] = _F(-1.0)
            _reaching(q, x, y, away, start, size, across, down, row)
            for i in range(size):
                slope_x[_U(start + i)] = _mean(row, 0, 1, i)
            for i in range(size):
                slope_y[_U(start + i)] = _mean(row, _ABOVE, _BELOW, i)
            _covered(x, y, away, start, size, width, height, row, box, nearest, who)


@part
def _reaching(q, x, y, away, start, size, across, down, row):  # type: ignore[no-untyped-def]
    """Writes how far left and right, and up and down, pixels reach after the move."""
    most = _F((_WIDEST - 1) / 2)
    for i in range(size):
        p = _U(start + i)
        scale = _F(1.0) / (away[p] * q[p])
        px, py = x[p], y[p]
        ax, ay = (across[0] - px * across[2]) * scale, (across[1] - py * across[2]) * scale
        bx, by = (down[0] - px * down[2]) * scale, (down[1] - py * down[2]) * scale
        wide, high = _both(row[i], row[i + 1], ax), _both(row[_ABOVE + i], row[_BELOW + i], bx)
        row[_HALVES + i] = min(_F(0.5) * (wide + high), most) + _F(EDGE)
        wide = _both(row[_ROOM + i], row[_ROOM + i + 1], ay)
        high = _both(row[_ABOVE + _ROOM + i], row[_BELOW + _ROOM + i], by)
        row[_HALVES + _ROOM + i] = min(_F(0.5) * (wide + high), most) + _F(EDGE)


@part
def _covered(x, y, away, start, size, width, height, row, box, nearest, who):  # type: ignore[no-untyped-def]
    """Writes part of a row of pixels where they go, as far as they are the nearest."""
    none, right, bottom = _F(-1.0), _F(width), _F(height)
    for i in range(size):
        px, py, hx, hy = x[_U(start + i)], y[_U(start + i)], row[_HALVES + i], row[_HALVES + _ROOM + i]
        left, top = min(max(np.ceil(px - hx), _F(0.0)), right), min(max(np.ceil(py - hy), _F(0.0)), bottom)
        box[i], box[_ROOM + i] = np.int32(left), np.int32(top)
        box[2 * _ROOM + i] = np.int32(min(max(np.floor(px + hx) + _F(1.0), none), right) - left)
        box[3 * _ROOM + i] = np.int32(min(max(np.floor(py + hy) + _F(1.0), none), bottom) - top)
    for i in range(size):
        z, p = away[_U(start + i)], np.int32(start + i)
        wide, high = np.int64(box[2 * _ROOM + i]), np.int64(box[3 * _ROOM + i])
        place = np.int64(box[_ROOM + i]) * width + box[i]
        if wide == 1 and high == 1:
            # most cover one pixel; what is behind the camera is infinitely far away
            to = _U(place)
            if z < nearest[to]:
                nearest[to], who[to] = z, p
            continue
        for down in range(high):
            for across in range(wide):
                to = _U(place + down * width + across)
                if z < nearest[to]:
                    nearest[to], who[to] = z, p


@part
def _between(q, height, width, x, y):  # type: ignore[no-untyped-def]
    """1/z at (x, y), bilinear; beyond the picture its last value holds."""
    x, y = min(max(x, 0.0), width - 1.0), min(max(y, 0.0), height - 1.0)
    left, top = min(int(x), max(width - 2, 0)), min(int(y), max(height - 2, 0))
    right, below = min(left + 1, width - 1), min(top + 1, height - 1) * width
    sx, sy = x - left, y - top
    top *= width
    above = q[top + left] + (q[top + right] - q[top + left]) * sx
    under = q[below + left] + (q[below + right] - q[below + left]) * sx
    return above + (under - above) * sy


@compiled
def found(height, width, back, pull, q, slope_x, slope_y, who, x, y, reach, state, first, last):  # type: ignore[no-untyped-def]
    """Where rows `first` to `last` of the destination are read in the source.

    Writes x, y float64, `reach` float32 (how much larger a pixel is in the source than it would be infinitely
    far away) and `state` uint8 (0 seen, 1 a hole, 2 beyond the picture) of these rows, from the first on.
    """
    share = 1.0 / width
    # in names of their own: what is written could be the array that they stand in, as far as a compiler knows
    b0, b3, b6, pull_x, pull_y, pull_z = back[0], back[3], back[6], pull[0], pull[1], pull[2]
    index, own = np.empty(CHUNK, np.int32), np.empty(3 * _ROOM, np.float32)
    place = np.empty(3 * _ROOM)
    for row in range(first, last):
        x0, y0, w0 = back[1] * row + back[2], back[4] * row + back[5], back[7] * row + back[8]
        start, base = row * width, (row - first) * width
        is_all_seen = True
        for begin in range(0, width, CHUNK):
            size, to = min(width - begin, CHUNK), base + begin
            # who is seen lies anywhere: what is known of them is brought together first
            for i in range(size):
                seen = who[_U(start + begin + i)]
                is_all_seen &= seen >= 0
                p = _U(max(seen, 0))
                index[i] = p
                own[i], own[_ROOM + i], own[2 * _ROOM + i] = q[p], slope_x[p], slope_y[p]
            for i in range(size):
                column = begin + i
                scale = 1.0 / max(b6 * column + w0, NEAREST)
                u, v = (b0 * column + x0) * scale, (b3 * column + y0) * scale
                # where what is seen moves to in the source with 1/z
                ru, rv = pull_z * u - pull_x, pull_z * v - pull_y
                number = np.float64(index[i])
                up = np.floor((number + 0.5) * share)
                across = number - up * width
                here, gx, gy = np.float64(own[i]), np.float64(own[_ROOM + i]), np.float64(own[2 * _ROOM + i])
                flat = 1.0 - gx * ru - gy * rv
                most = abs(gx) + abs(gy)
                there = (here + gx * (u - across) + gy * (v - up)) / flat
                there = min(max(there, here - most), here + most)
                near = there if flat > STEEPEST else here
                place[i], place[_ROOM + i], place[2 * _ROOM + i] = u + near * ru, v + near * rv, near
            for i in range(size):
                x[_U(to + i)], y[_U(to + i)] = place[i], place[_ROOM + i]
            for i in range(size):
                reach[_U(to + i)] = 1.0 + place[2 * _ROOM + i] * pull_z
        state[base : base + width] = 0
        if is_all_seen:
            continue
        for column in range(width):
            at, to = start + column, base + column
            if who[at] >= 0:
                continue
            scale = 1.0 / max(b6 * column + w0, NEAREST)
            u, v = (b0 * column + x0) * scale, (b3 * column + y0) * scale
            ru, rv = pull_z * u - pull_x, pull_z * v - pull_y
            near = np.float64(q[at])
            for _ in range(STEPS):
                closer = _between(q, height, width, u + near * ru, v + near * rv)
                if closer == near:
                    break
                near = closer
            sx, sy = u + near * ru, v + near * rv
            inside = -0.5 <= sx <= width - 0.5 and -0.5 <= sy <= height - 0.5
            state[to] = 1 if inside else 2
            x[to], y[to] = sx, sy
            reach[to] = 1.0 + near * pull_z

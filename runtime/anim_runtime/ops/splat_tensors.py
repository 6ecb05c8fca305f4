"""Pixels pushed to their new place by their depth, and the lines of sight that find them; in tensors."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from anim_runtime.ops.splat_rules import ALWAYS_TORN, ALWAYS_WHOLE, EDGE, STEEPEST, STEPS, STRETCH
from anim_runtime.ops.splat_view import LEAST_DEPTH, MOST_DEPTH, NEAREST, View, longest

#: what becomes of a destination pixel
SEEN, HOLE, BEYOND = 0, 1, 2
#: On a device, which is not asked, a source pixel covers no more than so many along an axis.
_WIDEST = 8
#: As many are covered at most where the device can be asked; see `native_splat`.
_WIDEST_ASKED = 65


class Seen(NamedTuple):
    """What each destination pixel sees, `[H,W]` each.

    It is read at x, y (px of the source); a side of it is `reach` times as long there as it would be
    infinitely far away; `state` uint8; `distance` float32 after the move, infinite where nothing came to.
    """

    x: Tensor
    y: Tensor
    reach: Tensor
    state: Tensor
    distance: Tensor

    def sides(self, sight: View) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """What a pixel covers in the source, were what it sees to face the camera: its sides, each (x, y)."""
        u, v, scale = endless(sight, self.x)
        back, reach = sight.back.tolist(), self.reach.to(u.dtype) * scale
        across = (back[0][0] - u * back[2][0]) * reach, (back[1][0] - v * back[2][0]) * reach
        return across, ((back[0][1] - u * back[2][1]) * reach, (back[1][1] - v * back[2][1]) * reach)


class _Pushed(NamedTuple):
    """Source pixels `[H,W]`: 1/z before the move, place and distance after it, what they cover, float32."""

    q: Tensor
    x: Tensor
    y: Tensor
    away: Tensor
    wide: Tensor
    high: Tensor
    #: whether a pixel does not hang together with the next of its row `[H,W-1]`, of its column `[H-1,W]`
    torn: tuple[Tensor, Tensor]


def seen_by_tensors(depth: Tensor, sight: View) -> Seen:
    """What each destination pixel sees of a depth map `[1,1,H,W]` after a move; waits for no device."""
    pushed = _pushed(depth[0, 0], sight)
    who, distance = _nearest(pushed, sight)
    return _crossed(pushed, sight, who, distance)


def columns_and_rows(like: Tensor) -> tuple[Tensor, Tensor]:
    """The pixels of `[H,W]`: columns `[1,W]`, rows `[H,1]`, in float64 where the device has it.

    In float32 a 4096 px picture would lose a hundredth of a pixel.
    """
    kind = torch.float32 if like.device.type == "mps" else torch.float64
    rows, columns = (torch.arange(size, dtype=kind, device=like.device) for size in like.shape[-2:])
    return columns.unsqueeze(0), rows.unsqueeze(1)


def endless(sight: View, like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Where destination pixels would be read infinitely far away, and one over the denominators: `[H,W]`."""
    x, y = columns_and_rows(like)
    u, v, w = (row[0] * x + (row[1] * y + row[2]) for row in sight.back.tolist())
    scale = 1.0 / w.clamp_min(NEAREST)
    return u * scale, v * scale, scale


def _pushed(depth: Tensor, sight: View) -> _Pushed:
    x, y = columns_and_rows(depth)
    z = torch.nan_to_num(depth.to(x.dtype), nan=1.0).clamp(LEAST_DEPTH, MOST_DEPTH)
    q, push, ahead = 1.0 / z, sight.push.tolist(), sight.ahead.tolist()
    u, v, w = (row[0] * x + (row[1] * y + row[2]) + by * q for row, by in zip(ahead, push, strict=True))
    scale = 1.0 / w.clamp_min(NEAREST)
    away = torch.where(w > NEAREST, w * z, torch.inf).float()
    q, x, y = q.float(), (u * scale).float(), (v * scale).float()
    sides = [(ahead[0][axis] - x * ahead[2][axis], ahead[1][axis] - y * ahead[2][axis]) for axis in (0, 1)]
    (wide_x, wide_y, torn_across), (high_x, high_y, torn_down) = (
        _neighbours(q, x, y, away * q, sides[axis], 1 - axis) for axis in (0, 1)
    )
    wide = (0.5 * (wide_x + high_x)).clamp_max((_WIDEST_ASKED - 1) / 2) + EDGE
    high = (0.5 * (wide_y + high_y)).clamp_max((_WIDEST_ASKED - 1) / 2) + EDGE
    return _Pushed(q, x, y, away, wide, high, (torn_across, torn_down))


def _neighbours(
    q: Tensor, x: Tensor, y: Tensor, scale: Tensor, step: tuple[Tensor, Tensor], dim: int
) -> tuple[Tensor, Tensor, Tensor]:
    """How far away the neighbours along an axis are that hang together with a pixel, and which do not.

    A step of one pixel would come to `step / scale`, were all as far away.
    """
    size = q.shape[dim] - 1

    def first(values: Tensor) -> Tensor:
        return values.narrow(dim, 0, size)

    def second(values: Tensor) -> Tensor:
        return values.narrow(dim, 1, size)

    dx, dy = second(x) - first(x), second(y) - first(y)
    nx, ny = first(step[0]), first(step[1])
    jump, most = (first(q) - second(q)).abs(), torch.maximum(first(q), second(q))
    ex, ey = dx * first(scale) - nx, dy * first(scale) - ny
    stretched = ex * ex + ey * ey > STRETCH * STRETCH * (nx * nx + ny * ny)
    torn = (jump > ALWAYS_WHOLE * most) & ((jump > ALWAYS_TORN * most) | stretched)
    sizes = []
    for change in (dx, dy):
        whole = torch.where(torn, -1.0, change.abs())
        edge = torch.full_like(q.narrow(dim, 0, 1), -1.0)
        sizes.append(torch.maximum(torch.cat((whole, edge), dim), torch.cat((edge, whole), dim)))
    alone = sizes[0] < 0
    wide, high = (
        torch.where(alone, (own / scale).abs(), size) for own, size in zip(step, sizes, strict=True)
    )
    return wide, high, torn


def _nearest(pushed: _Pushed, sight: View) -> tuple[Tensor, Tensor]:
    """Which source pixel is seen at each destination pixel, -1 for none, and how far away: `[H,W]`."""
    height, width = pushed.q.shape
    pixels = height * width
    left, top = torch.ceil(pushed.x - pushed.wide), torch.ceil(pushed.y - pushed.high)
    right, bottom = torch.floor(pushed.x + pushed.wide), torch.floor(pushed.y + pushed.high)
    most_across, most_down = _widest(pushed, sight)
    # nearer first, then the earlier pixel: one number, so that no order of work changes who wins
    index = torch.arange(pixels, device=pushed.q.device).view(height, width)
    key = (pushed.away.view(torch.int32).long() << 32) | index
    farthest = torch.iinfo(torch.int64).max
    keys = torch.full((pixels + 1,), farthest, dtype=torch.int64, device=pushed.q.device)
    for down in range(most_down):
        row = top + down
        for across in range(most_across):
            column = left + across
            covered = (column <= right) & (row <= bottom) & torch.isfinite(pushed.away)
            covered &= (column >= 0) & (column < width) & (row >= 0) & (row < height)
            # what covers nothing goes to one more place behind the last
            place = torch.where(covered, (row * width + column), float(pixels)).long()
            keys.scatter_reduce_(0, place.view(-1), key.view(-1), "amin")
    keys = keys[:pixels].view(height, width)
    is_there = keys != farthest
    distance = torch.where(is_there, keys >> 32, 0).int().view(torch.float32)
    who = torch.where(is_there, keys & 0xFFFFFFFF, -1)
    return who, torch.where(is_there, distance, torch.inf)


def _widest(pushed: _Pushed, sight: View) -> tuple[int, int]:
    """How many pixels of the destination a source pixel covers at most, across and down."""
    if pushed.q.device.type == "cpu":
        wide, high = (float(torch.nan_to_num(size, nan=0.0).max()) for size in (pushed.wide, pushed.high))
        return int(2 * wide) + 1, int(2 * high) + 1
    across, down = longest(sight.ahead, *pushed.q.shape)
    most = min(int((across + down) / 2 * (1.0 + STRETCH)) + 2, _WIDEST)
    return most, most


def _crossed(pushed: _Pushed, sight: View, who: Tensor, distance: Tensor) -> Seen:
    """Where the lines of sight meet the surfaces that are seen."""
    height, width = who.shape
    u, v, _ = endless(sight, who)
    pull = sight.pull.tolist()
    along_x, along_y = pull[2] * u - pull[0], pull[2] * v - pull[1]
    index = who.clamp_min(0)
    q, slope_x, slope_y = (
        part.reshape(-1)[index].to(u.dtype) for part in (pushed.q, _slope(pushed, 1), _slope(pushed, 0))
    )
    flat = 1.0 - slope_x * along_x - slope_y * along_y
    most = slope_x.abs() + slope_y.abs()
    there = (q + slope_x * (u - index % width) + slope_y * (v - index // width)) / flat
    there = torch.maximum(torch.minimum(there, q + most), q - most)
    seen = torch.where(flat > STEEPEST, there, q)
    lost = pushed.q.to(u.dtype)
    for _ in range(STEPS):
        lost = _between(pushed.q, u + lost * along_x, v + lost * along_y)
    is_seen = who >= 0
    q = torch.where(is_seen, seen, lost)
    x, y = u + q * along_x, v + q * along_y
    inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    state = torch.where(is_seen, SEEN, torch.where(inside, HOLE, BEYOND)).to(torch.uint8)
    return Seen(x, y, (1.0 + q * pull[2]).float(), state, distance)


def _slope(pushed: _Pushed, dim: int) -> Tensor:
    """How much 1/z changes from a pixel to the next along an axis, on its own surface: `[H,W]`."""
    rise = torch.where(pushed.torn[1 - dim], 0.0, pushed.q.diff(dim=dim))
    whole = (~pushed.torn[1 - dim]).to(rise.dtype)
    none = torch.zeros_like(pushed.q.narrow(dim, 0, 1))
    total = torch.cat((rise, none), dim) + torch.cat((none, rise), dim)
    number = torch.cat((whole, none), dim) + torch.cat((none, whole), dim)
    return total / number.clamp_min(1.0)


def _between(q: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """1/z at (x, y), bilinear; beyond the picture its last value holds."""
    height, width = q.shape
    x, y = x.clamp(0.0, width - 1.0), y.clamp(0.0, height - 1.0)
    left, top = x.long().clamp_max(max(width - 2, 0)), y.long().clamp_max(max(height - 2, 0))
    right, below = (left + 1).clamp_max(width - 1), (top + 1).clamp_max(height - 1)
    sx, sy = x - left, y - top
    values = q.reshape(-1).to(x.dtype)
    above = torch.lerp(values[top * width + left], values[top * width + right], sx)
    under = torch.lerp(values[below * width + left], values[below * width + right], sx)
    return torch.lerp(above, under, sy)

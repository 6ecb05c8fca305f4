"""Reads an image between its pixels: Catmull-Rom interpolation with exact borders, on any device.

Why not `grid_sample(mode="bicubic")` or `cv2.INTER_CUBIC`: both have a = -0.75, whose gain exceeds 1 at
middle frequencies (1.029 a half-pixel step), so fine detail rings up as a film feeds pictures back.
Catmull-Rom (Keys 1981, a = -0.5) never amplifies and moves straight ramps without error. Nor `cv2.remap`
for its speed: it rounds places to 1/32 px. On the CPU compiled loops do the same as the tensors here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.native import in_bands, is_native, planes

BORDERS = ("reflect", "wrap", "replicate", "black")

#: A destination pixel that is up to `SHARP` source px long is read at its middle alone, so that small steps
#: back in a film that feeds on itself do not blur; from `SPREAD` on it is the mean of samples all over it.
SHARP, SPREAD = 1.25, 1.5
#: No more samples than this are taken along each side of a pixel.
MOST_SAMPLES = 8

#: Farther out than this nothing can be told apart, and nothing overflows.
FARTHEST = 1e6
#: Pixels added on each side so that all sixteen taps of any folded coordinate lie in the padded image.
_PAD = 4
#: Destination pixels worked on at once: keeps the tap tables within a few MB.
_CHUNK = {"cpu": 1 << 14}
_CHUNK_DEVICE = 1 << 20


class Cover(NamedTuple):
    """What destination pixels cover in the source: their two sides, each (x, y) in source px `[h,w]`.

    `most` is how long they are at most; where it is too small, pixels are averaged over less than they cover.
    """

    across: tuple[Tensor, Tensor]
    down: tuple[Tensor, Tensor]
    most: tuple[float, float]


def resample(image: Tensor, x: Tensor, y: Tensor, border: str) -> Tensor:
    """The image's values at source coordinates.

    `image` float32 `[1,C,H,W]`; `x`, `y` float32 or float64 `[h,w]` in px, (0, 0) the centre of the first
    pixel, finite or not. Borders: `reflect` mirrors at the outer pixel edges (`cba|abc|cba`), `wrap` repeats,
    `replicate` holds the last pixel, `black` is 0 beyond the picture. Returns float32 `[1,C,h,w]`.
    """
    if is_native(image):
        return _natively(image, x, y, border)
    channels, height, width = image.shape[1:]
    table = _pad(image, border)[0].permute(1, 2, 0).reshape(-1, channels).contiguous()
    columns = _fold(x.reshape(-1), width, border)
    rows = _fold(y.reshape(-1), height, border)
    size = _CHUNK.get(image.device.type, _CHUNK_DEVICE)
    parts = [
        _taps(table, width + 2 * _PAD, a, b)
        for a, b in zip(torch.split(columns, size), torch.split(rows, size), strict=True)
    ]
    values = parts[0] if len(parts) == 1 else torch.cat(parts)
    return values.reshape(*x.shape, channels).permute(2, 0, 1).unsqueeze(0).contiguous()


def averaged(image: Tensor, x: Tensor, y: Tensor, cover: Cover, border: str) -> Tensor:
    """As `resample`, each pixel being the mean over what it covers where the image is made smaller."""
    (across, wide, most_across), (down, high, most_down) = (
        _samples(torch.hypot(*side).expand_as(x), most)
        for side, most in zip((cover.across, cover.down), cover.most, strict=True)
    )
    if most_across == most_down == 1:
        return resample(image, x, y, border)
    total = torch.zeros((1, image.shape[1], *x.shape), dtype=torch.float32, device=image.device)
    for i in range(most_down):
        b = ((i + 0.5) / down - 0.5) * high
        for j in range(most_across):
            a = ((j + 0.5) / across - 0.5) * wide
            columns = x + a * cover.across[0] + b * cover.down[0]
            rows = y + a * cover.across[1] + b * cover.down[1]
            taken = (i < down) & (j < across)
            total.addcmul_(resample(image, columns, rows, border), taken.float())
    return total / (across * down).float()


def _samples(length: Tensor, most: float) -> tuple[Tensor, Tensor, int]:
    """How many samples pixels so long take, how far they are spread, and the largest number of all."""
    number = torch.ceil(length).clamp(1, MOST_SAMPLES)
    number = torch.where(length <= SHARP, torch.ones_like(number), number)
    spread = ((length - SHARP) / (SPREAD - SHARP)).clamp(0.0, 1.0)
    return number, spread, 1 if most <= SHARP else min(math.ceil(min(most, MOST_SAMPLES)), MOST_SAMPLES)


def _natively(image: Tensor, x: Tensor, y: Tensor, border: str) -> Tensor:
    from anim_runtime.ops import native_read

    height, width = image.shape[2:]
    made = torch.empty((1, image.shape[1], *x.shape), dtype=torch.float32)
    number, wide = BORDERS.index(border), x.shape[-1]
    columns, rows = (place.detach().contiguous().view(-1).numpy() for place in (x, y))
    all_planes = planes(image, made)

    def work(first: int, last: int) -> None:
        part = slice(first * wide, last * wide)
        for values, plane, out, step in all_planes:
            given = values, plane, height, width, columns[part], rows[part], number
            native_read.at_places(*given, out, part.start, step, False)

    in_bands(work, x.shape[0], wide)
    return made


def resample_axes(image: Tensor, x: Tensor, y: Tensor, border: str) -> Tensor:
    """What `resample` gives where source columns depend on the column and rows on the row alone, much faster.

    `image` float32 `[1,C,H,W]`; `x` `[w]`, `y` `[h]` float32 in px. Returns float32 `[1,C,h,w]`.
    """
    made = _pad(image, border)
    for places, size in ((y, image.shape[2]), (x, image.shape[3])):
        places = _fold(places, size, border)
        first = torch.floor(places)
        weights = _weights((places - first).float()).unsqueeze(-1)
        index = first.long() + (_PAD - 1)
        total = made.index_select(2, index) * weights[0]
        for tap in range(1, 4):
            total.addcmul_(made.index_select(2, index + tap), weights[tap])
        # whole rows are taken ten times as fast as single columns: the second time they are the columns
        made = total.transpose(2, 3).contiguous()
    return made


def _taps(table: Tensor, stride: int, x: Tensor, y: Tensor) -> Tensor:
    """Sums the 4 x 4 weighted neighbours: `table` `[pixels,C]`, `x`, `y` `[n]` to `[n,C]`."""
    column, row = torch.floor(x), torch.floor(y)
    # taps first, pixels last while computing: one long inner loop instead of many of length four
    weights = _weights((y - row).float()).unsqueeze(1) * _weights((x - column).float()).unsqueeze(0)
    first = (row.int() + (_PAD - 1)) * stride + column.int() + (_PAD - 1)
    step = torch.arange(4, dtype=torch.int32, device=table.device)
    offsets = (step.unsqueeze(1) * stride + step).reshape(1, 16)
    return functional.embedding_bag(
        first.unsqueeze(1) + offsets,
        table,
        per_sample_weights=weights.reshape(16, -1).t().contiguous(),
        mode="sum",
    )


def _weights(s: Tensor) -> Tensor:
    """Catmull-Rom weights of the pixels at -1, 0, 1, 2 for a position `s` in 0..1: `[n]` to `[4,n]`."""
    t = 1.0 - s
    both = s * t * -0.5
    # the middle weights in the form that gives exactly (0, 1, 0, 0) at s = 0
    return torch.stack((both * t, t * (1.0 + s - 1.5 * s * s), s * (1.0 + t - 1.5 * t * t), both * s))


def _fold(position: Tensor, size: int, border: str) -> Tensor:
    """Brings coordinates to where the padded image gives the border's exact value."""
    if position.device.type != "mps":
        # far out a float32 holds a place to a tenth of a pixel only
        position = position.double()
    position = torch.nan_to_num(position, nan=0.0).clamp(-FARTHEST, FARTHEST)
    match border:
        case "reflect":
            around = torch.remainder(position + 0.5, 2.0 * size)
            return (size - 0.5) - (around - size).abs()
        case "wrap":
            return torch.remainder(position, float(size))
        case "replicate":
            return position.clamp(-1.0, float(size))
        case "black":
            return position.clamp(-2.0, size + 1.0)
        case _:
            raise ValueError(f"border {border!r} is none of {', '.join(BORDERS)}")


def _pad(image: Tensor, border: str) -> Tensor:
    """Continues the image by `_PAD` px on every side as the border says."""
    if border == "black":
        return functional.pad(image, (_PAD,) * 4)
    rows = _padded_indices(image.shape[2], border, image.device)
    columns = _padded_indices(image.shape[3], border, image.device)
    return image.index_select(2, rows).index_select(3, columns)


def _padded_indices(size: int, border: str, device: torch.device) -> Tensor:
    index = torch.arange(-_PAD, size + _PAD, device=device)
    if border == "wrap":
        return index.remainder(size)
    if border == "replicate":
        return index.clamp(0, size - 1)
    around = index.remainder(2 * size)
    return torch.where(around < size, around, 2 * size - 1 - around)

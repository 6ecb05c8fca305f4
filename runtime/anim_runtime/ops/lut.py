"""Colour tables: each colour looked up, straight between the points of the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from anim_compiler.cube import Cube
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.native import is_native
from anim_runtime.ops.pointwise import Point
from anim_runtime.sending import sent_numbers


@dataclass(frozen=True, slots=True)
class Table:
    """A `.cube` on a device: `values` float32 `[size^axes, 3]`, red changing fastest; `low` and `high`
    float32 `[1,3,1,1]` are the inputs that it spans.
    """

    axes: int
    size: int
    low: Tensor
    high: Tensor
    values: Tensor

    @classmethod
    def of(cls, cube: Cube, device: torch.device) -> Table:
        """A table as it was read."""
        values = torch.from_numpy(np.array(cube.values, dtype=np.float32).reshape(-1, 3))
        low, high = (torch.tensor(v, device=device).view(1, 3, 1, 1) for v in (cube.low, cube.high))
        return cls(cube.axes, cube.size, low, high, values.to(device))


def lut_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """The colours by a table, clipped to 0..1; `name` is its path, `amount` 0..1 how much of it is taken.

    A table of three axes is interpolated in tetrahedra (Kasson, Plouffe and Nin 1993), which keeps greys
    grey; one of one axis is a curve for each channel. What lies beyond the inputs that it spans gets its
    edge. KeyError if the frame has no such table.
    """
    amount = number(args, "amount")
    if amount == 0.0:
        return None
    table = frame.tables[str(args["name"])]
    looked = _solid if table.axes == 3 else _curves

    def point(band: Tensor, top: int) -> Tensor:
        found = looked(band, table)
        return band.lerp_(found, amount).clamp_(0.0, 1.0) if amount != 1.0 else found.clamp_(0.0, 1.0)

    return point


def _places(band: Tensor, table: Table) -> tuple[Tensor, Tensor]:
    """The point of the table below each value, int64, and how far the value is to the next, 0..1."""
    place = (band - table.low).div_(table.high - table.low).mul_(table.size - 1.0)
    place = place.nan_to_num_(0.0).clamp_(0.0, table.size - 1.0)
    below = place.to(torch.int64).clamp_max_(table.size - 2)
    return below, place.sub_(below)


def _curves(band: Tensor, table: Table) -> Tensor:
    below, part = _places(band, table)
    columns = table.values.t().contiguous()
    rows = below[0].reshape(3, -1)
    low, high = columns.gather(1, rows), columns.gather(1, rows + 1)
    return torch.lerp(low, high, part[0].reshape(3, -1)).view_as(band)


def _solid(band: Tensor, table: Table) -> Tensor:
    """From the corner below to the one above, first along the axis that goes farthest."""
    if is_native(band, table.values):
        return _by_loop(band, table)
    below, part = _places(band, table)
    size = table.size
    steps = sent_numbers((1, size, size * size), band.device, torch.int64)
    base = (below[0] * steps.view(3, 1, 1)).sum(dim=0).reshape(-1)
    parts = part[0].reshape(3, -1)
    most, first = parts.max(dim=0)
    least, last = parts.min(dim=0)
    middle = parts.sum(dim=0).sub_(most).sub_(least)
    top = base + int(1 + size + size * size)
    found = table.values.index_select(0, base).mul_((1.0 - most).unsqueeze(1))
    for place, weight in (
        (base + steps[first], most - middle),
        (top - steps[last], middle - least),
        (top, least),
    ):
        found.addcmul_(table.values.index_select(0, place), weight.unsqueeze(1))
    return found.t().reshape(band.shape)


def _by_loop(band: Tensor, table: Table) -> Tensor:
    from anim_runtime.ops.lut_native import solid

    made = torch.empty_like(band, memory_format=torch.contiguous_format)
    low = table.low.flatten()
    scale = (table.size - 1.0) / (table.high.flatten() - low)
    planes, there = band[0].reshape(3, -1), made[0].reshape(3, -1)
    solid(
        planes.numpy(), table.values.view(-1).numpy(), table.size, low.numpy(), scale.numpy(), there.numpy()
    )
    return made

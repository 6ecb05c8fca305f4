"""A chart that shows where things are and how they lie, for previews of films that have no still."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number

#: squares from the middle to the nearer edge
SQUARES = 4
#: turns of the colour wheel from one chart to the next: charts of scenes that follow each other differ
_TURN = 0.381966


def chart(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A picture `[1,3,H,W]`: four quarters of different colour, squares on them, rings, an arrow upwards.

    The quarters tell a turn from a mirror, the squares tell how large things are, the rings where the middle
    is. Lines are as wide as the picture is large, so that they are seen when it is shown very small; edges
    are a pixel wide. `number` turns the colours.
    """
    scale = min(frame.width, frame.height) / 2.0
    x = (torch.arange(frame.width, device=frame.device, dtype=torch.float32) + 0.5 - frame.width / 2) / scale
    y = (
        torch.arange(frame.height, device=frame.device, dtype=torch.float32) + 0.5 - frame.height / 2
    ) / scale
    x, y = x.view(1, -1), y.view(-1, 1)
    soft = 1.0 / scale
    made = _quarters(x, y, soft, number(args, "number") * _TURN)
    made = made * (1.0 - 0.16 * _checks(x, y, soft)) * (1.0 - 0.12 * torch.hypot(x, y)).clamp_min(0.6)
    for mark, colour, share in (
        (_grid(x, y, soft), (0.98, 0.98, 1.0), 0.22),
        (_axes(x, y, soft), (1.0, 1.0, 1.0), 0.55),
        (_rings(x, y, soft), (1.0, 0.97, 0.88), 0.8),
        (_arrow(x, y, soft), (1.0, 0.98, 0.92), 1.0),
    ):
        wash = torch.tensor(colour, device=frame.device).view(3, 1, 1)
        made = torch.lerp(made, wash.expand_as(made), share * mark)
    return made.clamp(0.0, 1.0).unsqueeze(0).contiguous()


def _quarters(x: Tensor, y: Tensor, soft: float, turn: float) -> Tensor:
    """Colours that go over into each other in the middle of the sides."""
    right, below = (0.5 + x / (2 * soft)).clamp(0, 1), (0.5 + y / (2 * soft)).clamp(0, 1)
    corners = [(0.02, 0.62, 0.86), (0.13, 0.66, 0.88), (0.55, 0.60, 0.62), (0.72, 0.50, 0.66)]
    upper_left, upper_right, lower_left, lower_right = (
        torch.tensor(colorsys.hsv_to_rgb((hue + turn) % 1.0, sat, light), device=x.device).view(3, 1, 1)
        for hue, sat, light in corners
    )
    return torch.lerp(
        torch.lerp(upper_left, upper_right, right), torch.lerp(lower_left, lower_right, right), below
    )


def _edge(distance: Tensor, soft: float) -> Tensor:
    """1 inside, 0 outside, a pixel between."""
    return (0.5 - distance / soft).clamp(0.0, 1.0)


def _checks(x: Tensor, y: Tensor, soft: float) -> Tensor:
    """Every other square."""

    def wave(at: Tensor) -> Tensor:
        place = torch.remainder(at * SQUARES, 2.0)
        near = torch.minimum(torch.minimum(place, 2.0 - place), (place - 1.0).abs()) / SQUARES
        inside = (0.5 + near / soft).clamp(0.5, 1.0)
        return torch.where(place < 1.0, inside, 1.0 - inside) * 2.0 - 1.0

    return 0.5 + 0.5 * wave(x) * wave(y)


def _grid(x: Tensor, y: Tensor, soft: float) -> Tensor:
    def lines(at: Tensor) -> Tensor:
        place = torch.remainder(at * SQUARES + 0.5, 1.0) - 0.5
        return _edge(place.abs() / SQUARES - max(0.006, soft), soft)

    return torch.maximum(lines(x).expand(y.shape[0], -1), lines(y).expand(-1, x.shape[1]))


def _axes(x: Tensor, y: Tensor, soft: float) -> Tensor:
    wide = max(0.012, 0.8 * soft)
    return torch.maximum(
        _edge(x.abs() - wide, soft).expand(y.shape[0], -1), _edge(y.abs() - wide, soft).expand(-1, x.shape[1])
    )


def _rings(x: Tensor, y: Tensor, soft: float) -> Tensor:
    away, wide = torch.hypot(x, y), max(0.022, soft)
    return torch.maximum(_edge((away - 0.3).abs() - wide, soft), _edge((away - 0.9).abs() - wide, soft))


def _arrow(x: Tensor, y: Tensor, soft: float) -> Tensor:
    """Upwards, its point inside the outer ring: a head with two slanting sides, and a shaft."""
    slope = math.hypot(1.0, 0.6)
    head = torch.maximum((x.abs() - 0.6 * (y + 0.8)) / slope, y + 0.48)
    shaft = torch.maximum(x.abs() - 0.055, torch.maximum(y + 0.12, -0.5 - y))
    return torch.maximum(_edge(head, soft), _edge(shaft, soft))

"""Masks that are drawn: circles, ellipses, rectangles and gradients, with soft edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, number, word

SHAPES = ("circle", "ellipse", "rectangle", "gradient")


def shape(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A mask `[1,1,H,W]`: white inside a shape, black outside.

    `kind` is one of `SHAPES`; `x`, `y` px its middle, `angle` degrees counter-clockwise; `radius` of a
    circle, `width` and `height` of the others, `corner` the radius of a rectangle's corners. The edge goes
    from white to black over `soft` px, half of them inside, smoothly (3t² - 2t³); an edge is a pixel wide
    at least. A gradient is a straight edge through its middle, white on the side where `angle` points,
    and goes in a straight line.
    """
    kind = word(args, "kind", SHAPES)
    across, down = _turned(args, frame)
    soft = max(number(args, "soft"), 1.0)
    if kind == "gradient":
        inside = (0.5 + across / soft).clamp_(0.0, 1.0)
    else:
        t = (0.5 - _distance(kind, across, down, args) / soft).clamp_(0.0, 1.0)
        inside = t * t * (3.0 - 2.0 * t)
    return inside.expand(frame.height, frame.width).contiguous().view(1, 1, frame.height, frame.width)


def _turned(args: Arguments, frame: FrameContext) -> tuple[Tensor, Tensor]:
    """Where each pixel is in the shape's own axes, px from its middle: x along its width, y down."""
    x = torch.arange(frame.width, device=frame.device, dtype=torch.float32) + (0.5 - number(args, "x"))
    y = torch.arange(frame.height, device=frame.device, dtype=torch.float32) + (0.5 - number(args, "y"))
    across, down = x.view(1, -1), y.view(-1, 1)
    angle = math.radians(math.fmod(number(args, "angle"), 360.0)) if "angle" in args else 0.0
    if angle == 0.0:
        return across, down
    cosine, sine = math.cos(angle), math.sin(angle)
    return across * cosine - down * sine, across * sine + down * cosine


def _distance(kind: str, across: Tensor, down: Tensor, args: Arguments) -> Tensor:
    """How far each pixel is outside the shape, px, below 0 inside."""
    if kind == "circle":
        return torch.hypot(across, down) - number(args, "radius")
    wide, tall = number(args, "width") / 2, number(args, "height") / 2
    if kind == "ellipse":
        return _from_ellipse(across, down, max(wide, 1e-3), max(tall, 1e-3))
    corner = min(max(number(args, "corner"), 0.0), wide, tall)
    beyond_x, beyond_y = across.abs() - (wide - corner), down.abs() - (tall - corner)
    outside = torch.hypot(beyond_x.clamp_min(0.0), beyond_y.clamp_min(0.0))
    return outside + torch.maximum(beyond_x, beyond_y).clamp_max(0.0) - corner


def _from_ellipse(across: Tensor, down: Tensor, wide: float, tall: float) -> Tensor:
    """The distance from an ellipse, right at its edge, a good guess elsewhere (first order, Taubin 1991)."""
    level = torch.hypot(across / wide, down / tall)
    steep = torch.hypot(across / wide**2, down / tall**2)
    far = level * (level - 1.0) / steep.clamp_min(1e-9)
    return torch.where(level < 1e-3, torch.full_like(far, -min(wide, tall)), far)

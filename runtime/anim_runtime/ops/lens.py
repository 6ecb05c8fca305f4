"""What a lens does to a picture: `aberration`, `bloom` and `vignette`."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.blur import gaussian_blur
from anim_runtime.ops.channels import as_image
from anim_runtime.ops.grade import decoded, encoded
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.pointwise import Point
from anim_runtime.ops.resample import resample_axes

#: How much larger red, and smaller blue, are drawn at an aberration of 1.
FRINGE = 0.01
#: The glow is made at most this high: it holds no detail.
GLOW_HEIGHT = 256
#: Standard deviations of the glow, in heights of the picture, and how much of it each is.
GLOWS = ((0.008, 0.5), (0.03, 0.3), (0.09, 0.2))
#: How much of a light reaches its surroundings at a bloom of 1; small lights would hardly glow at 1.
GLOW_GAIN = 2.0
#: From which brightness (the largest channel) on a pixel glows, and from which entirely.
GLOW_FROM, GLOW_FULL = 0.6, 1.0
#: A vignette begins so far out; 1 is the corner.
VIGNETTE_FROM = 0.25


def aberration(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Lateral chromatic aberration of an image `[1,3,H,W]`: red is drawn larger, blue smaller.

    `amount` 0..1: at 1 by 1 % of the distance to the middle; 0 gives the image itself.
    """
    (picture,) = inputs
    amount = number(args, "amount")
    if amount == 0.0:
        return picture
    image = as_image(picture)
    scale = 1.0 + FRINGE * amount
    red, green, blue = image[:, :1], image[:, 1:2], image[:, 2:]
    return torch.cat((_magnified(red, scale), green, _magnified(blue, 1.0 / scale)), dim=1)


def _magnified(plane: Tensor, scale: float) -> Tensor:
    """A channel `[1,1,H,W]` made larger about its middle; beyond its edges they go on."""
    x, y = (
        ((torch.arange(size, dtype=torch.float64) + 0.5 - size / 2) / scale + (size / 2 - 0.5)).float()
        for size in (plane.shape[3], plane.shape[2])
    )
    return resample_axes(plane, x.to(plane.device), y.to(plane.device), "replicate").clamp_(0.0, 1.0)


def bloom(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A glow around lights, of an image `[1,3,H,W]`.

    What is bright (its largest channel from 0.6 on, smoothly) is blurred by three radii and screened over
    the picture, both in linear light: `1 - (1-x)·(1-2·amount·glow)`. `amount` 0..1; 0 gives the image itself,
    and so does a pixel that no glow reaches.
    """
    (picture,) = inputs
    amount = number(args, "amount")
    if amount == 0.0:
        return picture
    image = as_image(picture)
    height, width = image.shape[2:]
    scale = min(1.0, GLOW_HEIGHT / height)
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    # what is bright is found before the picture gets smaller: a small lamp must not be averaged away
    linear = decoded(image)
    lights = functional.interpolate(linear * _bright(image), size=size, mode="area")
    glow = torch.zeros_like(lights)
    for deviation, share in GLOWS:
        glow.add_(gaussian_blur(lights, deviation * size[0]), alpha=share)
    large = functional.interpolate(glow, size=(height, width), mode="bilinear", align_corners=False)
    reach = large.mul_(GLOW_GAIN * amount).clamp_(0.0, 1.0)
    # x + glow·(1-x) is the screen of both
    shone = encoded(torch.addcmul(linear, reach, 1.0 - linear)).clamp_(0.0, 1.0)
    return torch.where(reach > 0.0, shone, image)


def _bright(image: Tensor) -> Tensor:
    """How much of each pixel glows: `[1,1,H,W]`, 0..1."""
    brightest = image.amax(dim=1, keepdim=True)
    share = ((brightest - GLOW_FROM) / (GLOW_FULL - GLOW_FROM)).clamp_(0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def vignette_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """The image darkened towards its corners, in linear light: `x·(1 - amount·s)`, s the smoothstep of the
    distance from the middle between a quarter and the whole of the way to the corner. `amount` 0..1.
    """
    amount = number(args, "amount")
    if amount == 0.0:
        return None
    height, width = size
    corner = (height * height + width * width) / 4.0

    def point(band: Tensor, top: int) -> Tensor:
        rows = torch.arange(top, top + band.shape[2], device=band.device) + (0.5 - height / 2)
        columns = torch.arange(width, device=band.device) + (0.5 - width / 2)
        away = ((rows * rows).unsqueeze(1) + columns * columns).div_(corner).sqrt_()
        share = away.sub_(VIGNETTE_FROM).div_(1.0 - VIGNETTE_FROM).clamp_(0.0, 1.0)
        dark = share * share * (3.0 - 2.0 * share)
        less = encoded(decoded(band).mul_((1.0 - amount * dark).clamp_(0.0, 1.0))).clamp_(0.0, 1.0)
        return torch.where(dark > 0.0, less, band)

    return point

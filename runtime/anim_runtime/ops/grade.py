"""The pointwise part of colour grading: `grade` and `contrast`."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from anim_runtime.ops.channels import LUMA
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.pointwise import Point

#: Values are held below this between the steps of `grade`: 10 stops above white, and far from overflow.
_HEADROOM = 1024.0
#: The smallest gamma that is used; its power of 100 is a hard threshold already.
_LEAST_GAMMA = 0.01


def contrast_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """`0.5 + (x - 0.5)·amount`, clipped to 0..1: contrast about middle grey, on values as they are stored.

    `amount` 0..4; 0 is grey, 1 changes nothing.
    """
    amount = number(args, "amount")
    if amount == 1.0:
        return None
    return lambda band, top: _contrasted(band, amount).clamp_(0.0, 1.0)


def grade_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """Colours a picture; in this order, each step left out where its arguments are neutral.

    1. In linear light (IEC 61966-2-1): every channel times its factor of `exposure` (2^stops),
       `temperature` and `tint` (see `_factors`).
    2. On values as stored: `lift` x + lift·(1-x), `gain` x·gain, `gamma` x^(1/gamma). Lift leaves white
       where it is, gain black, gamma both.
    3. `contrast` about middle grey, 0.5 + (x-0.5)·contrast.
    4. `saturation` and `hue` (degrees): chroma (R-Y, B-Y) times saturation, turned by hue, at the same
       luma: `feColorMatrix` of W3C Filter Effects 1, with BT.709's weights.

    What goes above white is kept until the end, so that a later step can bring it back; then the picture
    is clipped to 0..1.
    """
    light = tuple(number(args, name) for name in ("exposure", "temperature", "tint"))
    lift, gain, gamma = (number(args, name) for name in ("lift", "gain", "gamma"))
    contrast = number(args, "contrast")
    saturation, hue = number(args, "saturation"), math.fmod(number(args, "hue"), 360.0)
    steps: list[Point] = []
    if light != (0.0, 0.0, 0.0):
        factors = _factors(*light)
        steps.append(lambda band, top: _lit(band, factors))
    if (lift, gain, gamma) != (0.0, 1.0, 1.0):
        steps.append(lambda band, top: _toned(band, lift, gain, gamma))
    if contrast != 1.0:
        steps.append(lambda band, top: _contrasted(band, contrast))
    if saturation != 1.0 or hue != 0.0:
        matrix = _chroma_matrix(saturation, math.radians(hue))
        steps.append(lambda band, top: _mixed(band, matrix))
    return _clipped(steps) if steps else None


def _clipped(steps: list[Point]) -> Point:
    def point(band: Tensor, top: int) -> Tensor:
        for step in steps:
            band = step(band, top)
        return band.clamp_(0.0, 1.0)

    return point


def _factors(exposure: float, temperature: float, tint: float) -> tuple[float, float, float]:
    """What red, green and blue are multiplied by in linear light.

    A temperature of 1 is one stop more red and one stop less blue, a tint of 1 one stop less green; both
    keep the luminance of greys, so that they do not change the exposure.
    """
    red, green, blue = 2.0**temperature, 2.0**-tint, 2.0**-temperature
    kept = sum(share * part for share, part in zip(LUMA, (red, green, blue), strict=True))
    scale = 2.0**exposure / kept
    return scale * red, scale * green, scale * blue


def _lit(band: Tensor, factors: tuple[float, float, float]) -> Tensor:
    linear = decoded(band).mul_(band.new_tensor(factors).view(1, 3, 1, 1))
    return encoded(linear.clamp_(0.0, _HEADROOM))


def _toned(band: Tensor, lift: float, gain: float, gamma: float) -> Tensor:
    if lift != 0.0:
        band = band.mul_(1.0 - lift).add_(lift)
    if gain != 1.0:
        band = band.mul_(gain)
    if gamma != 1.0:
        band = band.clamp_(0.0, _HEADROOM).pow_(1.0 / max(gamma, _LEAST_GAMMA))
    return band.clamp_(0.0, _HEADROOM)


def _contrasted(band: Tensor, amount: float) -> Tensor:
    # not x·amount + 0.5·(1-amount): this way middle grey stays exactly where it is
    return band.sub_(0.5).mul_(amount).add_(0.5)


def _mixed(band: Tensor, matrix: tuple[tuple[float, ...], ...]) -> Tensor:
    red, green, blue = band[:, :1], band[:, 1:2], band[:, 2:]
    made = torch.empty_like(band)
    for index, row in enumerate(matrix):
        out = made[:, index : index + 1]
        torch.mul(red, row[0], out=out).add_(green, alpha=row[1]).add_(blue, alpha=row[2])
    return made


def _chroma_matrix(saturation: float, angle: float) -> tuple[tuple[float, ...], ...]:
    """The 3x3 matrix on RGB that scales and turns (R-Y, B-Y) and keeps Y = BT.709 luma."""
    cosine, sine = saturation * math.cos(angle), saturation * math.sin(angle)
    red, green, blue = LUMA
    # as rows over (R, G, B): Y, R-Y and B-Y
    light = (red, green, blue)
    to_red, to_blue = (1.0 - red, -green, -blue), (-red, -green, 1.0 - blue)
    turned_red = tuple(cosine * r + sine * b for r, b in zip(to_red, to_blue, strict=True))
    turned_blue = tuple(cosine * b - sine * r for r, b in zip(to_red, to_blue, strict=True))
    # the luma of what is added must be 0, which gives green's part
    turned_green = tuple(-(red * r + blue * b) / green for r, b in zip(turned_red, turned_blue, strict=True))
    return tuple(
        tuple(y + part for y, part in zip(light, row, strict=True))
        for row in (turned_red, turned_green, turned_blue)
    )


def decoded(values: Tensor) -> Tensor:
    """sRGB-encoded values, 0 and above, as linear light; a new tensor."""
    return torch.where(values <= 0.04045, values / 12.92, values.add(0.055).div_(1.055).pow_(2.4))


def encoded(linear: Tensor) -> Tensor:
    """Linear light, 0 and above, sRGB-encoded, above 1 by the same curve; a new tensor."""
    return torch.where(linear <= 0.0031308, 12.92 * linear, linear.pow(1 / 2.4).mul_(1.055).sub_(0.055))

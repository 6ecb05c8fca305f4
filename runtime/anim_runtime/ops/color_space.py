"""RGB to CIE Lab (D65) and HSV and back, on any device: `[3,H,W]` float32 in and out.

`color_native` has compiled loops of Lab for the CPU.

sRGB transfer: IEC 61966-2-1; primaries and white of ITU-R BT.709. L is 0..100, a and b about -128..127;
hue is 0..360 degrees, saturation and value 0..1. On the CPU OpenCV does the part it does exactly: its own
sRGB curve is a spline that loses 0.0007 of brightness a round trip, which a feedback loop would add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

from anim_runtime.sending import sent, sent_numbers

#: RGB (linear) to XYZ divided by the white point, row by row.
_TO_XYZ = (
    (0.412453 / 0.950456, 0.357580 / 0.950456, 0.180423 / 0.950456),
    (0.212671, 0.715160, 0.072169),
    (0.019334 / 1.088754, 0.119193 / 1.088754, 0.950227 / 1.088754),
)
_EPSILON = 216.0 / 24389.0
_KAPPA = 24389.0 / 27.0

Conversion: TypeAlias = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class ColorSpace:
    """A space to match colours in: both conversions, and the levels of 8 bits that its channels fill.

    A level is `scale·value + shift`, channel by channel; of hue, which is a circle, there are 256.
    """

    from_rgb: Conversion
    to_rgb: Conversion
    scale: tuple[float, float, float]
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def to_levels(self, rgb: Tensor) -> Tensor:
        """sRGB 0..1 `[3,H,W]` in levels, not rounded."""
        planes = self.from_rgb(rgb)
        return planes * self._column(self.scale, planes) + self._column(self.shift, planes)

    def from_levels(self, levels: Tensor) -> Tensor:
        """Levels as sRGB, which may be a little beyond 0..1."""
        planes = (levels - self._column(self.shift, levels)) / self._column(self.scale, levels)
        if self.to_rgb is hsv_to_rgb:
            planes = torch.cat((planes[:1].remainder(360.0), planes[1:].clamp(0.0, 1.0)))
        return self.to_rgb(planes)

    @staticmethod
    def _column(values: tuple[float, float, float], like: Tensor) -> Tensor:
        return sent_numbers(values, like.device).view(3, 1, 1)


def rgb_to_lab(rgb: Tensor) -> Tensor:
    """sRGB 0..1 to Lab."""
    linear = _decoded(rgb)
    return _opencv(linear, "COLOR_LRGB2Lab") if rgb.device.type == "cpu" else _linear_to_lab(linear)


def lab_to_rgb(lab: Tensor) -> Tensor:
    """Lab to sRGB, colours outside sRGB clipped to 0..1 channel by channel."""
    return _encoded(_opencv(lab, "COLOR_Lab2LRGB") if lab.device.type == "cpu" else _lab_to_linear(lab))


def rgb_to_hsv(rgb: Tensor) -> Tensor:
    """sRGB 0..1 to hue in degrees, saturation and value; hue of greys is 0."""
    return _opencv(rgb, "COLOR_RGB2HSV") if rgb.device.type == "cpu" else _rgb_to_hsv(rgb)


def hsv_to_rgb(hsv: Tensor) -> Tensor:
    """Hue in degrees, saturation and value to sRGB 0..1."""
    rgb = _opencv(hsv, "COLOR_HSV2RGB") if hsv.device.type == "cpu" else _hsv_to_rgb(hsv)
    return rgb.clamp(0.0, 1.0)


def _decoded(rgb: Tensor) -> Tensor:
    return torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb.clamp_min(0.0) + 0.055) / 1.055) ** 2.4)


def _encoded(linear: Tensor) -> Tensor:
    linear = linear.clamp(0.0, 1.0)
    return torch.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _linear_to_lab(linear: Tensor) -> Tensor:
    xyz = torch.tensordot(_matrix(linear, inverse=False), linear, dims=1)
    root = torch.where(xyz > _EPSILON, xyz.clamp_min(_EPSILON) ** (1 / 3), (_KAPPA * xyz + 16) / 116)
    x, y, z = root
    return torch.stack((116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)))


def _lab_to_linear(lab: Tensor) -> Tensor:
    light, a, b = lab
    y = (light + 16.0) / 116.0
    root = torch.stack((y + a / 500.0, y, y - b / 200.0))
    xyz = torch.where(root**3 > _EPSILON, root**3, (116.0 * root - 16.0) / _KAPPA)
    linear: Tensor = torch.tensordot(_matrix(lab, inverse=True), xyz, dims=1)
    return linear


def _rgb_to_hsv(rgb: Tensor) -> Tensor:
    red, green, blue = rgb
    value, _ = rgb.max(dim=0)
    chroma = value - rgb.min(dim=0).values
    safe = torch.where(chroma > 0, chroma, torch.ones_like(chroma))
    sector = torch.where(
        value == red,
        (green - blue) / safe,
        torch.where(value == green, 2.0 + (blue - red) / safe, 4.0 + (red - green) / safe),
    )
    saturation = chroma / torch.where(value > 0, value, torch.ones_like(value))
    return torch.stack((torch.remainder(60.0 * sector, 360.0), saturation, value))


def _hsv_to_rgb(hsv: Tensor) -> Tensor:
    hue, saturation, value = hsv
    shift = sent_numbers((5.0, 3.0, 1.0), hsv.device).reshape(3, 1, 1)
    turn = torch.remainder(shift + hue / 60.0, 6.0)
    fall = torch.minimum(turn, 4.0 - turn).clamp(0.0, 1.0)
    rgb: Tensor = value - value * saturation * fall
    return rgb


def _matrix(like: Tensor, *, inverse: bool) -> Tensor:
    matrix = torch.tensor(_TO_XYZ, dtype=torch.float64)
    return sent((torch.linalg.inv(matrix) if inverse else matrix).to(torch.float32), like.device)


def _opencv(planes: Tensor, code: str) -> Tensor:
    import cv2

    pixels = planes.permute(1, 2, 0).contiguous().numpy()
    return torch.from_numpy(cv2.cvtColor(pixels, getattr(cv2, code))).permute(2, 0, 1).contiguous()


def _same(planes: Tensor) -> Tensor:
    return planes


#: The spaces by the name that a film writes in `coherence.color`.
SPACES = {
    "lab": ColorSpace(rgb_to_lab, lab_to_rgb, (2.55, 1.0, 1.0), (0.0, 128.0, 128.0)),
    "hsv": ColorSpace(rgb_to_hsv, hsv_to_rgb, (256.0 / 360.0, 255.0, 255.0)),
    "rgb": ColorSpace(_same, _same, (255.0, 255.0, 255.0)),
}

#: The conversions that every device can do, as `(from_rgb, to_rgb)`: what accelerators run.
GENERAL: dict[str, tuple[Conversion, Conversion]] = {
    "lab": (lambda rgb: _linear_to_lab(_decoded(rgb)), lambda lab: _encoded(_lab_to_linear(lab))),
    "hsv": (_rgb_to_hsv, _hsv_to_rgb),
}

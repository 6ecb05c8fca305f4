"""The plate that a scene is painted on, back to front."""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.postcard.noise import Array, single

#: the logarithm of how many times farther `away = 1` is than `away = 0`
LOG_RANGE = 3.4


@dataclass(frozen=True, slots=True)
class Grid:
    """Pixel positions; the height is 1, so a wide picture runs to `x` above 1."""

    x: Array  # [H,W]
    y: Array  # [H,W], 0 at the top
    height: int
    width: int

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    @property
    def line(self) -> Array:
        """The `x` of one row, [W]."""
        row: Array = self.x[0]
        return row

    def soft(self, distance: NDArray[np.floating[Any]]) -> Array:
        """Coverage 0..1 of the side where a signed `distance` (in heights) is positive."""
        return single(np.clip(distance * self.height + 0.5, 0, 1))


def grid(height: int, width: int) -> Grid:
    """The grid of a picture."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return Grid((x + 0.5) / height, (y + 0.5) / height, height, width)


@dataclass(frozen=True, slots=True)
class Plate:
    """What has been painted so far."""

    grid: Grid
    rgb: Array  # [H,W,3], 0..1
    depth: Array  # [H,W], 0 near, 1 the sky
    lines: Array  # [H,W], 0..1, the outlines of what is in sight
    lights: Array  # [H,W], 0..1, what shines by itself: windows, sun, moon
    away: Array  # [H,W], 0 nearest .. 1 the sky: the logarithm of the distance, even within a layer


def outline(mask: Array) -> Array:
    """The edge of a mask, about two pixels wide, [H,W] 0..1."""
    box = np.ones((3, 3), np.uint8)
    inner: Array = cv2.erode(mask, box, borderType=cv2.BORDER_REPLICATE)
    return single(np.clip(cv2.dilate(mask, box, borderType=cv2.BORDER_REPLICATE) - inner, 0, 1))


def bare(where: Grid, rgb: Array) -> Plate:
    """A plate of colour [H,W,3] with nothing on it, as far away as the sky."""
    zeros = np.zeros_like(where.x)
    return Plate(where, rgb, zeros + 1, zeros, zeros, zeros + 1)


def nearing(where: Grid, top: Array | float, depth: float, rate: float = 0.6) -> Array:
    """How far a slope is [H,W]: `depth` at its `top` ([W] or one height), less by `rate` at the bottom."""
    run = np.clip((where.y - top) / np.maximum(1 - np.asarray(top), 0.02), 0, 1)
    return single(depth * (1 - rate * run))


def level(where: Grid, horizon: float) -> Array:
    """How far level ground or water is [H,W], by perspective below the height of the `horizon`."""
    below = np.clip((where.y - horizon) / (1 - horizon), 1e-3, 1)
    return single(np.clip(-np.log(below) / LOG_RANGE, 0, 0.95))


def over(
    plate: Plate, mask: Array, rgb: Array, depth: float, ink: float = 1.0, away: Array | float | None = None
) -> Plate:
    """The plate with a layer [H,W] of colour [H,W,3] or [3] in front; `ink` weighs its outline.

    `depth` orders the layers and thickens the haze; `away` is the layer's true distance where it is not even.
    """
    m = mask[..., None]
    lines = plate.lines * (1 - mask)
    if ink > 0:
        lines = np.maximum(lines, ink * outline(mask))
    return replace(
        plate,
        rgb=plate.rgb * (1 - m) + rgb * m,
        depth=plate.depth * (1 - mask) + depth * mask,
        away=single(plate.away * (1 - mask) + (depth if away is None else away) * mask),
        lines=lines,
        lights=plate.lights * (1 - mask),
    )


def shine(plate: Plate, mask: Array, rgb: Array, ink: float = 0.0) -> Plate:
    """The plate with something that shines by itself; `ink` weighs its outline."""
    m = mask[..., None]
    lines = np.maximum(plate.lines, ink * outline(mask)) if ink > 0 else plate.lines
    return replace(
        plate,
        rgb=plate.rgb * (1 - m) + rgb * m,
        lines=lines,
        lights=np.maximum(plate.lights, mask),
    )

"""How a clip's frames fill a picture: turned as the file says, pixels made square, cropped or framed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anim_runtime.video_light import as_srgb, is_plain
from anim_runtime.video_planes import Placing, Plane, pixels

if TYPE_CHECKING:
    from av import VideoFrame


@dataclass(frozen=True, slots=True)
class Shape:
    """What a stream says of its frames: how wide a pixel is for its height, and how often they are turned by
    90 degrees counter-clockwise to be upright.
    """

    aspect: float = 1.0
    turns: int = 0


def fitted(frame: VideoFrame, shape: Shape, width: int, height: int, fit: str = "cover") -> Plane:
    """The frame as a picture of that size: float32 `[3,height,width]`, sRGB, 0..1, transparent parts black.

    `cover` keeps the largest middle part of the wanted shape; `contain` all of it, black beside it.
    """
    across = shape.turns % 2 == 1
    wanted = (height, width) if across else (width, height)
    size = (frame.width * shape.aspect, float(frame.height))
    if fit == "contain":
        made = _contained(frame, shape, size, wanted)
    else:
        scale = max(wanted[0] / size[0], wanted[1] / size[1])
        left = (size[0] - wanted[0] / scale) / 2.0 / shape.aspect
        top = (size[1] - wanted[1] / scale) / 2.0
        box = (max(left, 0.0), max(top, 0.0), min(frame.width - left, frame.width), frame.height - top)
        made = _over_black(_coloured(frame, Placing(box, *wanted)))
    return np.ascontiguousarray(np.rot90(made, shape.turns, axes=(1, 2)))


def own_size(frame: VideoFrame, shape: Shape, longest: int = 8192) -> Plane:
    """The frame as it is, with square pixels and upright: float32 `[3 or 4,H,W]`, sRGB, 0..1; the fourth
    plane is alpha. Its longer side is made no longer than `longest` px.
    """
    wide, tall = frame.width * shape.aspect, float(frame.height)
    scale = min(1.0, longest / max(wide, tall))
    size = max(1, round(wide * scale)), max(1, round(tall * scale))
    made = _coloured(frame, Placing((0.0, 0.0, float(frame.width), float(frame.height)), *size))
    if len(made) == 4:
        made[:3] = np.clip(made[:3] / np.maximum(made[3:], 1e-4), 0.0, 1.0)
    return np.ascontiguousarray(np.rot90(made, shape.turns, axes=(1, 2)))


def _contained(frame: VideoFrame, shape: Shape, size: tuple[float, float], wanted: tuple[int, int]) -> Plane:
    scale = min(wanted[0] / size[0], wanted[1] / size[1])
    wide, tall = (max(1, min(most, round(side * scale))) for side, most in zip(size, wanted, strict=True))
    whole = (0.0, 0.0, float(frame.width), float(frame.height))
    made = np.zeros((3, wanted[1], wanted[0]), dtype=np.float32)
    left, top = (wanted[0] - wide) // 2, (wanted[1] - tall) // 2
    made[:, top : top + tall, left : left + wide] = _over_black(_coloured(frame, Placing(whole, wide, tall)))
    return made


def _coloured(frame: VideoFrame, placing: Placing) -> Plane:
    """As `pixels`, in the colours of a film's pictures."""
    made = pixels(frame, placing)
    primaries, transfer = int(frame.color_primaries), int(frame.color_trc)
    if not is_plain(primaries, transfer):
        made[:3] = as_srgb(made[:3], primaries, transfer)
    return made


def _over_black(planes: Plane) -> Plane:
    """Colours that are multiplied by alpha are what is seen over black."""
    return planes[:3]

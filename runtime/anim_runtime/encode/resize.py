"""Pictures at another size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_runtime.encode.levels import U16


def resized(picture: U16, width: int, height: int) -> U16:
    """The largest middle part of the wanted shape, scaled by Lanczos-3 with anti-aliasing.

    uint16 `[H,W,3]` in and out; worked out in float32, in sRGB levels as they are.
    """
    if picture.shape[:2] == (height, width):
        return picture
    from PIL import Image

    tall, wide = picture.shape[:2]
    scale = max(width / wide, height / tall)
    left, top = (wide - width / scale) / 2, (tall - height / scale) / 2
    box = (max(left, 0.0), max(top, 0.0), min(wide - left, wide), min(tall - top, tall))
    made = np.empty((height, width, 3), np.uint16)
    for channel in range(3):
        # one plane at a time as mode F: Pillow rounds colour modes to 8 bits
        plane = Image.fromarray(picture[..., channel].astype(np.float32))
        scaled: NDArray[np.float32] = np.asarray(
            plane.resize((width, height), Image.Resampling.LANCZOS, box), np.float32
        )
        made[..., channel] = np.clip(np.rint(scaled), 0.0, 65535.0).astype(np.uint16)
    return made

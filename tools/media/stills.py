"""The photos that films start from, drawn by the generator that the built-in model learned from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tools.postcard.scenes import draw
from tools.postcard.spec import Landscape, Product, Spec

SIDE = 512
STILLS = {
    "coast.jpg": (Spec(Landscape("ocean", "sunset", "clear"), "photo"), 21),
    "bottle.jpg": (Spec(Product("bottle", "blue", "white"), "photo"), 5),
}
"""What each file shows, and its seed."""


def write_still(path: Path, spec: Spec, seed: int) -> None:
    """One picture, 512 px square, as JPEG."""
    picture = draw(np.random.default_rng(seed), spec, SIDE, SIDE)
    pixels = np.clip(np.rint(picture.rgb * 255), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=88, optimize=True)

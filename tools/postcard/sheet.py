"""Contact sheets: `python -m tools.postcard.sheet out.png [first seed] [height] [width]`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tools.postcard.noise import Array
from tools.postcard.scenes import picture


def sheet(images: Sequence[Array], columns: int) -> Array:
    """Images [H,W,3] of one size, tiled in rows; short rows end in white."""
    blank = np.ones_like(images[0])
    padded = list(images) + [blank] * (-len(images) % columns)
    rows = [np.concatenate(padded[i : i + columns], 1) for i in range(0, len(padded), columns)]
    return np.concatenate(rows, 0)


def save_png(path: Path, image: Array) -> None:
    """Write an image [H,W,3] 0..1."""
    cv2.imwrite(str(path), np.round(image[..., ::-1] * 255).astype(np.uint8))


def main(arguments: Sequence[str]) -> None:
    """Draw 64 pictures on a sheet."""
    first, height, width = (int(a) for a in (*arguments[1:], *("0", "128", "128")[len(arguments) - 1 :]))
    save_png(Path(arguments[0]), sheet([picture(first + i, height, width).rgb for i in range(64)], 8))


if __name__ == "__main__":
    main(sys.argv[1:])

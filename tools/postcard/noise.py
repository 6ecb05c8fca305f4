"""Value noise in one and two dimensions."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def single(values: NDArray[np.floating[Any]]) -> Array:  # Any: whatever precision numpy made of it
    """The values in single precision."""
    return values.astype(np.float32, copy=False)


def noise1(rng: np.random.Generator, x: Array, base: float, octaves: int) -> Array:
    """Smooth noise of about -1..1 along `x` [W], `base` bumps a unit, halving each octave."""
    total = np.zeros_like(x)
    for octave in range(octaves):
        k = base * 2**octave
        knots = rng.uniform(-1, 1, int(float(x.max()) * k) + 4).astype(np.float32)
        at = x * k
        i = at.astype(np.int32)
        f = at - i
        f = f * f * (3 - 2 * f)
        total += 0.5**octave * (knots[i] * (1 - f) + knots[i + 1] * f)
    return total


def noise2(
    rng: np.random.Generator, height: int, width: int, base: float, octaves: int, stretch: float = 1.0
) -> Array:
    """Smooth noise of 0..1 [H,W]; `base` bumps a height, `stretch` times wider than high."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        k = base * 2**octave
        rows, columns = max(2, round(k)), max(2, round(k * width / height / stretch))
        knots = rng.random((rows + 1, columns + 1), np.float32)
        total += 0.55**octave * cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
    total -= total.min()
    return total / max(float(total.max()), 1e-6)

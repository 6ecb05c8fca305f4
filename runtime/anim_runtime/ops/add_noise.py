"""The noise that a picture gets before it is diffused."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from anim_runtime.ops.kernel import Arguments, FrameContext, number, word
from anim_runtime.ops.noise import between, gaussian, place_of, uniform
from anim_runtime.ops.pointwise import Point
from anim_runtime.sending import sent

TYPES = ("gaussian", "perlin")
#: Perlin noise: cells of the largest octave over the height, and how many octaves there are.
CELLS, OCTAVES = 8, 4


def noise_point(args: Arguments, frame: FrameContext, size: tuple[int, int]) -> Point | None:
    """`image·(1-a) + (0.5 + 0.5·noise)·a`, clipped to 0..1.

    `amount` 0..1; `seed` as in `between`. `type`: `gaussian`, equally strong everywhere (Deforum's
    `noise_type = uniform`), as it is if nothing is said, or `perlin`, strong in patches: see `clouds`.
    """
    amount = number(args, "amount")
    if amount == 0.0:
        return None
    height, width = size
    cloudy = "type" in args and word(args, "type", TYPES) == "perlin"
    place = place_of(frame)

    def draw(seed: int) -> NDArray[np.float32]:
        noise = gaussian((1, 3, height, width), seed=seed, frame=place, op="add_noise")
        return noise * clouds(height, width, seed=seed, frame=place) if cloudy else noise

    noise = sent(torch.from_numpy(between(number(args, "seed"), draw)), frame.device)

    def point(band: torch.Tensor, top: int) -> torch.Tensor:
        grain = noise[:, :, top : top + band.shape[2]].clone(memory_format=torch.contiguous_format)
        return grain.mul_(0.5 * amount).add_(0.5 * amount).add_(band, alpha=1.0 - amount).clamp_(0.0, 1.0)

    return point


def clouds(height: int, width: int, *, seed: int, frame: int) -> NDArray[np.float32]:
    """How strong perlin noise is at each pixel: float32 `[H,W]`, about 0..1, the mean of which is 0.5.

    Four octaves of gradient noise (Perlin 2002), each with cells half as large and half as strong as the
    one before; the largest are an eighth of the height. As Deforum's `rand_perlin_2d_octaves` with its usual
    settings, but with square cells at any size of the picture, and seeded.
    """
    down: list[NDArray[np.float32]] = []
    across: list[NDArray[np.float32]] = []
    for octave in range(OCTAVES):
        rows = CELLS << octave
        columns = max(1, round(rows * width / height))
        turns = uniform((rows + 1, columns + 1), seed=seed, frame=frame, op=f"add_noise.perlin.{octave}")
        angles = 2.0 * math.pi * turns.astype(np.float64)
        left, right = _gradient_noise(height, width, angles)
        # half of it, so that all octaves are about 0..1 with the 0.5 below
        down.append(left * np.float32(0.5 ** (octave + 1) * math.sqrt(2.0)))
        across.append(right)
    total: NDArray[np.float32] = np.hstack(down) @ np.vstack(across)
    total += np.float32(0.5)
    return total


def _gradient_noise(
    height: int, width: int, angles: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Gradient noise of the directions on a lattice `[rows+1,columns+1]`, as two factors of its `[H,W]`.

    A corner adds `(gx·dx + gy·dy)·fade(dx)·fade(dy)`, whose factors depend on the row or on the column alone:
    the factors of all octaves side by side are one matrix product.
    """
    fade_y, slope_y = _corners(height, angles.shape[0] - 1)
    fade_x, slope_x = _corners(width, angles.shape[1] - 1)
    down = np.hstack((fade_y @ np.cos(angles), slope_y @ np.sin(angles)))
    across = np.hstack((slope_x, fade_x)).T
    return down.astype(np.float32), across.astype(np.float32)


def _corners(size: int, cells: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each corner weighs at each pixel along an axis, and that times the way to it: `[size,cells+1]`."""
    place = (np.arange(size) + 0.5) * (cells / size)
    first = np.floor(place).astype(np.int64)
    part = place - first
    rising = part**3 * (part * (part * 6.0 - 15.0) + 10.0)
    fade, slope = np.zeros((size, cells + 1)), np.zeros((size, cells + 1))
    index = np.arange(size)
    fade[index, first], fade[index, first + 1] = 1.0 - rising, rising
    slope[index, first], slope[index, first + 1] = (1.0 - rising) * part, rising * (part - 1.0)
    return fade, slope

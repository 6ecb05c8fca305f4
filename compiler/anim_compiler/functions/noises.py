"""Seeded noise. A value depends on (seed, place) alone, so any frame can be computed by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array, Timeline, function


def hashed(seed: int, place: NDArray[np.int64]) -> Array:
    """A number in 0..1 (1 excluded) for each place: float64 of `place`'s shape.

    SplitMix64 (Steele, Lea, Flood 2014: "Fast splittable pseudorandom number generators").
    """
    start = np.uint64((seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64)
    with np.errstate(over="ignore"):
        z = place.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return np.asarray((z >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def _seed(column: Array) -> int:
    return int(np.floor(column[0]))


def _smooth(place: Array, seed: int) -> Array:
    """Gradient noise on a line, -1..1 (Perlin 2002, quintic fade); 0 on whole places."""
    left = np.floor(place)
    p = place - left
    fade = p * p * p * (p * (p * 6.0 - 15.0) + 10.0)
    here, following = _ends(left.astype(np.int64), seed)
    a = here * p
    b = following * (p - 1.0)
    return np.asarray(2.0 * (a + (b - a) * fade))


def _ends(cell: NDArray[np.int64], seed: int) -> tuple[Array, Array]:
    """The slopes, -1..1, at both ends of every cell; of slow noise each cell is drawn once."""
    first, last = int(cell.min()), int(cell.max())
    if last - first >= len(cell):
        return 2.0 * hashed(seed, cell) - 1.0, 2.0 * hashed(seed, cell + 1) - 1.0
    slopes = 2.0 * hashed(seed, np.arange(first, last + 2, dtype=np.int64)) - 1.0
    return slopes[cell - first], slopes[cell - first + 1]


@function("random")
def random(line: Timeline, seed: Array) -> Array:
    """Another number in 0..1 at every frame."""
    return hashed(_seed(seed), np.arange(line.frames, dtype=np.int64))


@function("noise")
def noise(line: Timeline, speed: Array, seed: Array) -> Array:
    """Smooth noise, -1..1, that turns about `speed` times a second."""
    return _smooth(line.times * speed + 0.5, _seed(seed))


@function("fbm")
def fbm(line: Timeline, speed: Array, seed: Array) -> Array:
    """Four octaves of smooth noise, each twice as fast and half as strong, -1..1."""
    total = np.zeros(line.frames)
    for octave in range(4):
        total += _smooth(line.times * speed * 2.0**octave + 0.5, _seed(seed) + 1013 * octave) * 0.5**octave
    return np.asarray(total / 1.875)

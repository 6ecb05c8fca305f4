"""Pictures to another size: what shines through a cell of the terminal is the mean of the light that falls on
it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

U8: TypeAlias = NDArray[np.uint8]
_Light: TypeAlias = NDArray[np.float32]
#: steps of light in which a mean is looked up: fine enough that every level of 8 bits finds itself again
_STEPS = 1 << 14


def fitted(size: tuple[int, int], room: tuple[int, int], aspect: float = 1.0) -> tuple[int, int]:
    """The largest width and height in `room` with the proportions of `size`, each at least 1.

    `aspect` is a target pixel's width over its height: half a cell of 10 by 20 dots has 1, one of 9 by 20 has
    0.9.
    """
    (width, height), (columns, rows) = size, room
    across = width / (height * aspect)
    if columns < across * rows:
        return max(1, columns), max(1, min(rows, round(columns / across)))
    return max(1, min(columns, round(rows * across))), max(1, rows)


def scaled(picture: U8, width: int, height: int) -> U8:
    """A picture uint8 `[H,W,3]` at another size: smaller by the mean of the area in linear light, so that
    stars and fine lights stay as bright as they are; larger by straight lines between the pixels.
    """
    rows, columns = picture.shape[:2]
    if (columns, rows) == (width, height):
        return picture
    mean = _along(_along(_light()[picture], 0, height), 1, width)
    small: U8 = _levels()[(mean * (_STEPS - 1) + 0.5).astype(np.intp).clip(0, _STEPS - 1)]
    return small


def _along(light: _Light, axis: int, target: int) -> _Light:
    """At another length along an axis.

    Sums, and no product of matrices: those take all cores, and wait for each other where a render has them.
    """
    source = light.shape[axis]
    edges = np.arange(target + 1) * (source / target)
    return _smaller(light, axis, edges) if target < source else _larger(light, axis, edges)


def _smaller(light: _Light, axis: int, edges: NDArray[np.float64]) -> _Light:
    """The mean between one edge and the next: of whole pixels, less what lies outside of the first and the
    last.
    """
    low, high = edges[:-1], edges[1:]
    first, end = np.floor(low).astype(np.intp), np.ceil(high - 1e-9).astype(np.intp)
    between = np.stack([first, end], axis=1).ravel()[:-1]
    whole = np.add.reduceat(light, between, axis=axis).take(range(0, 2 * len(low), 2), axis=axis)
    before, after = _shaped(low - first, axis), _shaped(end - high, axis)
    outside = light.take(first, axis=axis) * before + light.take(end - 1, axis=axis) * after
    mean: _Light = ((whole - outside) * (1 / edges[1])).astype(np.float32, copy=False)
    return mean


def _larger(light: _Light, axis: int, edges: NDArray[np.float64]) -> _Light:
    """Straight lines between the middles of the pixels."""
    last = light.shape[axis] - 1
    middles = np.clip((edges[:-1] + edges[1:]) / 2 - 0.5, 0, last)
    first = np.floor(middles).astype(np.intp)
    share = _shaped(middles - first, axis)
    left, right = light.take(first, axis=axis), light.take(np.minimum(first + 1, last), axis=axis)
    between: _Light = (left + (right - left) * share).astype(np.float32, copy=False)
    return between


def _shaped(weights: NDArray[np.float64], axis: int) -> _Light:
    """Weights along an axis of a picture."""
    return weights.astype(np.float32).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))


@lru_cache(maxsize=1)
def _light() -> _Light:
    """Linear light 0…1 of the 256 levels of sRGB (IEC 61966-2-1)."""
    level = np.arange(256) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4).astype(np.float32)


@lru_cache(maxsize=1)
def _levels() -> U8:
    """The level of sRGB of a light in `_STEPS` steps."""
    light = np.linspace(0, 1, _STEPS)
    level = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(level * 255).astype(np.uint8)

"""Key lists as columns: fixed keys are interpolated, live keys hold their formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from anim_compiler.clock import FilmClock
from anim_compiler.functions.easings import ease
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Ease, KeyCurve, TimedKey, Typed


def key_column(curve: KeyCurve, clock: FilmClock, column: Callable[[Typed], Array]) -> Array:
    """A key list at every frame, float64[frames]; `column` evaluates the keys' values."""
    rows = sorted(
        ((clock.place(key.at), i, key) for i, key in enumerate(curve.keys)), key=lambda row: row[:2]
    )
    places, keys = [place for place, _, _ in rows], [key for _, _, key in rows]
    values = [column(key.value) for key in keys]
    frames = np.arange(clock.frames, dtype=np.float64)
    if curve.smooth:
        return _monotone(places, [float(v[0]) for v in values], frames)
    result = np.array(values[0], dtype=np.float64)
    for i, start in enumerate(places):
        end = places[i + 1] if i + 1 < len(places) else np.inf
        inside = (frames >= start - 1e-9) & (frames < end - 1e-9)
        if not inside.any():
            continue
        result[inside] = values[i][inside]
        if i + 1 < len(places):
            p = np.clip((frames[inside] - start) / (end - start), 0.0, 1.0)
            target = _arrival(keys[i], keys[i + 1], values[i + 1], end)
            result[inside] = _segment(keys[i], result[inside], target, inside, p)
    return result


def _arrival(key: TimedKey, following: TimedKey, values: Array, end: float) -> Array:
    """What a segment heads for: the next key's value, at its key unless both are formulas."""
    if key.live and following.live:
        return values
    frames = np.arange(len(values), dtype=np.float64)
    return np.full(len(values), float(np.interp(end, frames, values)))


def _segment(key: TimedKey, values: Array, target: Array, inside: NDArray[np.bool_], p: Array) -> Array:
    if key.live and key.ease is None:
        return values
    shape = key.ease or Ease()
    weight = ease(shape.name, shape.arguments, p)
    return np.asarray(values + (target[inside] - values) * weight)


def _monotone(places: Sequence[float], values: Sequence[float], frames: Array) -> Array:
    """The monotone cubic through all keys (Fritsch and Carlson 1980), flat outside them."""
    x, y = np.asarray(places), np.asarray(values)
    if len(x) == 1:
        return np.full(len(frames), y[0])
    width = np.diff(x)
    slope = np.diff(y) / width
    tangent = np.concatenate([[slope[0]], _harmonic(slope, width), [slope[-1]]])
    at = np.clip(frames, x[0], x[-1])
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(width) - 1)
    p = (at - x[i]) / width[i]
    a, b = y[i], y[i + 1]
    m, n = tangent[i] * width[i], tangent[i + 1] * width[i]
    return np.asarray(a + p * m + p**2 * (3.0 * (b - a) - 2.0 * m - n) + p**3 * (2.0 * (a - b) + m + n))


def _harmonic(slope: Array, width: Array) -> Array:
    """Tangents at the inner keys: the weighted harmonic mean of the slopes, 0 at a turn."""
    left, right = slope[:-1], slope[1:]
    a, b = 2.0 * width[1:] + width[:-1], width[1:] + 2.0 * width[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (a + b) / (a / left + b / right)
    return np.where(left * right > 0, mean, 0.0)

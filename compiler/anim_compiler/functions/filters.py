"""Filters over the whole timeline.

Times are seconds, the same at every frame unless they are written in beats and the tempo changes. Where a
filter counts from one moment to another it has an axis, which no film writes: the beats at every frame, its
times then being beats, or 0 everywhere.
"""

from __future__ import annotations

import numpy as np

from anim_compiler.functions.registry import Array, Timeline, first, function, is_musical

_MOST_TAPS = 1024
"""A blur of more frames goes by way of the spectrum."""

_LEVEL = float(np.log1p(1.0 / 64.0))
"""From one blur to the next wider one, where blurs change with the frame."""


@function("smooth")
def smooth(line: Timeline, x: Array, width: Array) -> Array:
    """A Gaussian of standard deviation `width / 2`, zero phase; the ends hold their values."""
    if _varies(width):
        return _by_levels(x, width / 2.0 / line.step)
    return _blurred(x, first(width) / 2.0 / line.step)


def _blurred(x: Array, sigma: float) -> Array:
    """`x` under a Gaussian of so many frames."""
    if sigma < 1e-6:
        return x
    reach = min(int(np.ceil(4.0 * sigma)), 4 * len(x))
    taps = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (taps / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(x, reach, mode="edge")
    if len(kernel) > _MOST_TAPS:
        return _by_spectrum(padded, kernel)
    return np.asarray(np.convolve(padded, kernel, mode="valid"), dtype=np.float64)


def _by_levels(x: Array, sigma: Array) -> Array:
    """`x` under Gaussians that change with the frame: blurred at levels a 64th apart, and between two of them
    mixed in proportion, which is off by less than 1e-4 of the difference that one level makes.
    """
    level = np.log(np.maximum(sigma, 1e-6)) / _LEVEL
    below = np.floor(level).astype(np.int64)
    share = (np.exp(level * _LEVEL) - np.exp(below * _LEVEL)) / (
        np.exp((below + 1) * _LEVEL) - np.exp(below * _LEVEL)
    )
    result = np.zeros(len(x))
    for number in np.unique(np.concatenate([below, below + 1])).tolist():
        blurred = _blurred(x, float(np.exp(number * _LEVEL)))
        result += blurred * (
            np.where(below == number, 1.0 - share, 0.0) + np.where(below + 1 == number, share, 0.0)
        )
    return result


def _varies(column: Array) -> bool:
    """Whether a duration changes with the tempo."""
    return column.strides != (0,) and bool((column != column[0]).any())


def _by_spectrum(padded: Array, kernel: Array) -> Array:
    """The same by way of the spectrum, so that a wide blur costs what a narrow one does.

    There every value errs by the last bits of the greatest; it is cut off below those, so that silence
    stays 0.
    """
    size = 1 << (len(padded) - 1).bit_length()
    product = np.fft.rfft(padded, size) * np.fft.rfft(kernel, size)
    found = np.fft.irfft(product, size)[len(kernel) - 1 : len(padded)]
    greatest = float(np.abs(padded).max())
    if not np.isfinite(greatest) or greatest == 0.0:
        return np.full(len(found), padded.sum() * 0.0)
    least = 2.0 ** (np.frexp(greatest)[1] - 46)
    return np.asarray(np.rint(found / least) * least)


@function("envelope")
def envelope(line: Timeline, x: Array, attack: Array, release: Array) -> Array:
    """`x` followed with one time constant when it rises, another when it falls.

    After the given time 95% of a step is reached, as `decay` has it.
    """
    if _varies(attack) or _varies(release):
        return _followed(x, *(np.power(0.05, line.step / np.maximum(s, 1e-9)) for s in (attack, release)))
    up, down = (0.05 ** (line.step / max(first(side), 1e-9)) for side in (attack, release))
    followed: list[float] = []
    state = float(x[0])
    for target in x.tolist():
        state = target + (state - target) * (up if target > state else down)
        followed.append(state)
    return np.array(followed)


def _followed(x: Array, up: Array, down: Array) -> Array:
    """`x` followed with constants that change with the frame: each holds while the frame before is shown."""
    followed: list[float] = []
    state = float(x[0])
    ways = zip(x.tolist(), np.append(up[:1], up).tolist(), np.append(down[:1], down).tolist(), strict=False)
    for target, rise, fall in ways:
        state = target + (state - target) * (rise if target > state else fall)
        followed.append(state)
    return np.array(followed)


@function("delay")
def delay(line: Timeline, x: Array, by: Array, axis: Array) -> Array:
    """`x` as it was `by` seconds ago, or so many beats on an `axis` of them; linear between frames; before
    the start its first value.
    """
    if is_musical(axis):
        return _read_at(x, axis, axis - first(by))
    places = np.arange(line.frames) - first(by) / line.step
    return np.asarray(np.interp(places, np.arange(line.frames), x), dtype=np.float64)


@function("slew")
def slew(line: Timeline, x: Array, per_second: Array) -> Array:
    """`x`, moving at most `per_second` a second."""
    if _varies(per_second):
        return _slewed(x, np.abs(per_second) * line.step)
    most = abs(first(per_second)) * line.step
    if not (np.abs(np.diff(x)) > most).any():
        return x
    followed: list[float] = []
    state = float(x[0])
    for target in x.tolist():
        if target - state > most:
            state += most
        elif state - target > most:
            state -= most
        else:
            state = target
        followed.append(state)
    return np.array(followed)


def _slewed(x: Array, most: Array) -> Array:
    """`x`, moving from one frame to the next at most by what stands at the first of both."""
    followed = [float(x[0])]
    for target, step in zip(x[1:].tolist(), most[:-1].tolist(), strict=True):
        followed.append(min(max(target, followed[-1] - step), followed[-1] + step))
    return np.array(followed)


@function("integrate")
def integrate(line: Timeline, x: Array) -> Array:
    """The left sum of `x` times the frame's seconds: 0 at the first frame."""
    return np.concatenate([[0.0], np.cumsum(x[:-1] * line.step)])


@function("derivative")
def derivative(line: Timeline, x: Array) -> Array:
    """The growth a second since the frame before; 0 at the first frame."""
    return np.concatenate([[0.0], np.diff(x) / line.step])


@function("normalize")
def normalize(line: Timeline, x: Array) -> Array:
    """`x` stretched so that its least value is 0 and its greatest 1; all 0 if it never changes."""
    low, high = float(x.min()), float(x.max())
    return np.zeros_like(x) if high == low else (x - low) / (high - low)


@function("quantize")
def quantize(line: Timeline, x: Array, step: Array) -> Array:
    """The nearest multiple of `step`."""
    size = step if _varies(step) else first(step)
    return np.asarray(np.floor(x / size + 0.5) * size)


@function("loop")
def loop(line: Timeline, x: Array, period: Array, axis: Array) -> Array:
    """The first `period` seconds of `x`, or so many beats on an `axis` of them, again and again, linear
    between frames.
    """
    if is_musical(axis):
        return _read_at(x, axis, np.mod(axis, first(period)))
    places = np.mod(np.arange(line.frames), first(period) / line.step)
    return np.asarray(np.interp(places, np.arange(line.frames), x), dtype=np.float64)


def _read_at(x: Array, axis: Array, places: Array) -> Array:
    """`x` at places of an axis, linear between frames; a place is a frame's own where only rounding keeps it
    off.
    """
    frames = np.arange(len(x), dtype=np.float64)
    at = np.interp(places, axis, frames)
    whole = np.round(at)
    return np.asarray(np.interp(np.where(np.abs(at - whole) < 1e-9, whole, at), frames, x), dtype=np.float64)

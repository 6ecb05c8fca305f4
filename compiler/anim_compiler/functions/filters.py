"""Filters over the whole timeline. Times are seconds and do not change with the frame."""

from __future__ import annotations

import numpy as np

from anim_compiler.functions.registry import Array, Timeline, first, function

_MOST_TAPS = 1024
"""A blur of more frames goes by way of the spectrum."""


@function("smooth")
def smooth(line: Timeline, x: Array, width: Array) -> Array:
    """A Gaussian of standard deviation `width / 2`, zero phase; the ends hold their values."""
    sigma = first(width) / 2.0 / line.step
    if sigma < 1e-6:
        return x
    reach = min(int(np.ceil(4.0 * sigma)), 4 * line.frames)
    taps = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (taps / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(x, reach, mode="edge")
    if len(kernel) > _MOST_TAPS:
        return _by_spectrum(padded, kernel)
    return np.asarray(np.convolve(padded, kernel, mode="valid"), dtype=np.float64)


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
    up, down = (0.05 ** (line.step / max(first(side), 1e-9)) for side in (attack, release))
    followed: list[float] = []
    state = float(x[0])
    for target in x.tolist():
        state = target + (state - target) * (up if target > state else down)
        followed.append(state)
    return np.array(followed)


@function("delay")
def delay(line: Timeline, x: Array, by: Array) -> Array:
    """`x` as it was `by` seconds ago, linear between frames; before the start its first value."""
    places = np.arange(line.frames) - first(by) / line.step
    return np.asarray(np.interp(places, np.arange(line.frames), x), dtype=np.float64)


@function("slew")
def slew(line: Timeline, x: Array, per_second: Array) -> Array:
    """`x`, moving at most `per_second` a second."""
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
    return np.asarray(np.floor(x / first(step) + 0.5) * first(step))


@function("loop")
def loop(line: Timeline, x: Array, period: Array) -> Array:
    """The first `period` seconds of `x` again and again, linear between frames."""
    places = np.mod(np.arange(line.frames), first(period) / line.step)
    return np.asarray(np.interp(places, np.arange(line.frames), x), dtype=np.float64)

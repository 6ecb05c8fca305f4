"""How fast the music is at each moment: periods that the onsets repeat at, followed through the track."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SLOWEST, _FASTEST = 48.0, 215.0  # bpm
_A_OCTAVE: Final = 96  # periods looked at in each octave of tempo: 0.7 % apart
_MULTIPLES: Final = (0.5, 1.0, 2.0, 3.0, 4.0)
_SHARES: Final = (0.3, 1.0, 1.0, 0.5, 1.0)
_PRIOR: Final = (118.0, 0.75)  # people tap around 118 bpm, mostly within an octave (van Noorden 1999)
_QUIET: Final = 0.02  # of the whole track's variance: in windows with less there is little to hear
_WINDOW: Final = 10.0  # seconds of music that a tempo is heard in: four beats of the slowest, twice
_STEP: Final = 1.0
_VAGUE: Final = 0.5  # of a usual window's best score: one with less hardly beats, and counts less
_CHANGE: Final = 18.0  # what a change of tempo costs, for each octave
_FOLDED: Final = 0.7  # octaves: a tempo that jumps farther has rather been taken for another level
_ANY_CHANGE: Final = 0.35  # and what any change costs at most: a new tempo may begin at once


def periods() -> NDArray[np.float64]:
    """Hops from beat to beat that are looked at, rising; evenly spaced in tempo's logarithm."""
    octaves = float(np.log2(_FASTEST / _SLOWEST))
    count = round(octaves * _A_OCTAVE)
    return np.asarray(HOPS * 60 / _FASTEST * 2 ** (np.arange(count + 1) / _A_OCTAVE), np.float64)


def likeness(curves: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How alike the onsets around each second are to themselves later: `[windows, lags]`, at most about 1.

    The second result says how much there is to hear in each window, `[windows]`, at most 1. Windows are one
    second apart; the first is around second 0.
    """
    width, step = round(_WINDOW * HOPS), round(_STEP * HOPS)
    longest = int(periods()[-1] * max(_MULTIPLES)) + 2
    size = 1 << (width + longest).bit_length()
    count = max(1, -(-curves[0].size // step))
    total = np.zeros((count, longest))
    heard = np.zeros(count)
    taper = np.hanning(width + 2)[1:-1]
    overlap = np.fft.irfft(np.abs(np.fft.rfft(taper, size)) ** 2, size)[:longest]
    for curve in curves:
        padded = np.concatenate([np.zeros(width // 2), curve, np.zeros(width)])
        spread = max(float(curve.std()), 1e-9)
        for first in range(0, count, 64):
            last = min(first + 64, count)
            view = np.lib.stride_tricks.sliding_window_view(padded, width)[first * step : last * step : step]
            part = view * taper
            mean = part.sum(axis=1, keepdims=True) / taper.sum()
            part -= mean * taper
            found = np.fft.irfft(np.abs(np.fft.rfft(part, size)) ** 2, size)[:, :longest]
            power = found[:, :1].copy()
            floor = _QUIET * spread**2 * overlap[0]
            total[first:last] += (
                found / (power + floor) * (overlap[0] / np.maximum(overlap, 0.1 * overlap[0]))
            )
            heard[first:last] += power[:, 0] / (power[:, 0] + floor * 5)
    return total / len(curves), heard / len(curves)


def strengths(alike: NDArray[np.float64]) -> NDArray[np.float64]:
    """How well each period of `periods` explains each window, `[windows, periods]`."""
    lags, found = periods(), np.zeros((alike.shape[0], periods().size))
    for multiple, share in zip(_MULTIPLES, _SHARES, strict=True):
        found += share * _at(alike, lags * multiple)
    return found / sum(_SHARES)


def prior() -> NDArray[np.float64]:
    """How likely people are to tap each period, at most 1."""
    tempi = HOPS * 60 / periods()
    return np.asarray(np.exp(-0.5 * (np.log2(tempi / _PRIOR[0]) / _PRIOR[1]) ** 2), np.float64)


def followed(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """The number of each window's period: the best path through `scores`, `[windows, periods]`, that changes
    little.

    What counts is which period does best in a window: where the tempo glides, onsets are less alike to
    themselves at every period.
    """
    tops = scores.max(axis=1)
    usual = max(float(np.median(tops)), 1e-9)
    scores = scores * (usual / np.maximum(tops, _VAGUE * usual))[:, None]
    count = scores.shape[1]
    apart = np.abs(np.arange(count)[:, None] - np.arange(count)[None, :]) / _A_OCTAVE
    cost = np.minimum(_CHANGE * apart, _ANY_CHANGE + 1.5 * apart)
    best, back = scores[0].copy(), np.zeros(scores.shape, np.intp)
    for window in range(1, scores.shape[0]):
        ways = best[None, :] - cost
        back[window] = ways.argmax(axis=1)
        best = ways[np.arange(count), back[window]] + scores[window]
    path = np.empty(scores.shape[0], np.intp)
    path[-1] = int(best.argmax())
    for window in range(scores.shape[0] - 1, 0, -1):
        path[window - 1] = back[window, path[window]]
    return path


def unfolded(period: NDArray[np.float64]) -> NDArray[np.float64]:
    """The periods of all windows at the first one's level: music that jumps to half its tempo has rather been
    heard at every other beat from there on.
    """
    jumps = np.log2(period[1:] / period[:-1])
    jumps = np.where(np.abs(jumps) < _FOLDED, 0.0, np.sign(jumps) * np.maximum(np.rint(np.abs(jumps)), 1.0))
    return np.asarray(period * 2.0 ** -np.concatenate([[0.0], np.cumsum(jumps)]), np.float64)


def _at(rows: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row read at fractional places."""
    low = np.minimum(places.astype(np.intp), rows.shape[1] - 2)
    part = places - low
    return np.asarray(rows[:, low] * (1 - part) + rows[:, low + 1] * part, np.float64)

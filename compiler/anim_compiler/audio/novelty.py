"""How strongly each hop of a track invites a beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.levels import above_mean, moving_mean
from anim_compiler.audio.pulses import PULSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anim_compiler.audio.measure import Curves

_SHARES: Final = (0.5, 0.32, 0.18)  # of low, middle and high onsets
_AROUND: Final = 0.4  # seconds that an onset stands out of
_NEARBY: Final = 6.0  # seconds of music that an onset is measured against
_LEAST: Final = 0.25  # of a whole track's level: what is quieter is not made as loud as the rest


def standing(curves: Curves) -> list[NDArray[np.float64]]:
    """What stands out of its surroundings in each curve of the group `pulse`: float64 `[hops]` ≥ 0."""
    return [above_mean(np.asarray(curves[name], np.float64), _AROUND) for name in PULSES]


def novelty(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One curve of three, float64 `[hops]` ≥ 0 with a standard deviation of 0.5: strong onsets are above 1.

    Each band is brought half way to the loudness of all, so that a kick counts beside a loud guitar and what
    leaks into an empty band counts little; and each to its loudness nearby, so that a fade counts.
    """
    everything = _level(np.sum(parts, axis=0))
    mixed = np.zeros(parts[0].size)
    for share, part in zip(_SHARES, parts, strict=True):
        mixed += share * part / np.sqrt(_level(part) * everything)
    return np.asarray(0.5 * mixed / max(float(mixed.std()), 1e-9), np.float64)


def blurred(curve: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """The curve under a Gaussian of `sigma` hops."""
    reach = np.arange(-round(4 * sigma), round(4 * sigma) + 1)
    kernel = np.exp(-0.5 * (reach / sigma) ** 2)
    return np.asarray(np.convolve(curve, kernel / kernel.sum(), mode="same")[: curve.size], np.float64)


def _level(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """The root mean square nearby."""
    squares = np.square(curve)
    nearby = np.sqrt(np.maximum(moving_mean(squares, _NEARBY), 0.0))
    return np.asarray(np.maximum(nearby, _LEAST * float(np.sqrt(squares.mean())) + 1e-9), np.float64)

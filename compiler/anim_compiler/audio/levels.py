"""From measured power to curves in 0..1 that move as a picture should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.decode import RATE
from anim_compiler.audio.spectrum import BANDS, HOP, Spectrum

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS: Final = ("bass", "mid", "treble", "energy", "onset", "loudness", "centroid")
"""The curves that are stored per hop."""

_HALF_LIFE: Final = {"bass": 0.060, "mid": 0.060, "treble": 0.050, "energy": 0.120, "onset": 0.060}
_LOUDNESS_EXPONENT: Final = 0.3  # loudness grows as power to the 0.3 (Stevens 1957: twice as loud each 10 dB)
_SILENCE: Final = 1e-7  # mean square: -70 dB of full scale
_DECIBELS: Final = 60.0
_CENTROID_HZ: Final = (50.0, RATE / 2)
_STEADY: Final = 0.9


def levels(spectrum: Spectrum) -> dict[str, NDArray[np.float32]]:
    """The curves of `LEVELS`, each float32 `[hops]` in 0..1.

    `bass mid treble energy`: x = power^0.3, held by a release (half in 60, 60, 50, 120 ms), then
    (x - p1) / (p99 - p1) over the whole track, clipped. `onset`: what begins above what goes on, released
    (60 ms), scaled the same way. `loudness`: decibels, 0 at 60 dB below the track's 99th percentile, 1 there.
    `centroid`: the spectrum's middle on a log scale from 50 Hz to 11 kHz, 0 in silence. All of silence is 0.
    """
    everything = spectrum.power["all"]
    curves = {name: _level(spectrum.power[name], _HALF_LIFE[name]) for name in BANDS}
    curves["energy"] = _level(everything, _HALF_LIFE["energy"])
    curves["onset"] = _onset(spectrum)
    curves["loudness"] = _loudness(everything)
    curves["centroid"] = _centroid(spectrum)
    return {name: curves[name].astype(np.float32) for name in LEVELS}


def release(curve: NDArray[np.floating], half_life: float) -> NDArray[np.float64]:
    """Rises at once and falls by half in `half_life` seconds: y[n] = max(x[n], y[n-1] · r); x ≥ 0."""
    slope = np.log(2.0) / half_life * HOP / RATE * np.arange(curve.size)
    # in logarithms the recursion is a running maximum along a slope, which needs no loop
    logs = np.log(np.maximum(curve.astype(np.float64), 1e-30)) + slope
    return np.asarray(np.exp(np.maximum.accumulate(logs) - slope), np.float64)


def _level(power: NDArray[np.float32], half_life: float) -> NDArray[np.float64]:
    heard = np.where(power > _SILENCE, power, 0.0).astype(np.float64) ** _LOUDNESS_EXPONENT
    return _scaled(release(heard, half_life))


def _scaled(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = (float(value) for value in np.percentile(curve, (1, 99)))
    if high <= 1e-9:
        high = float(curve.max())  # a sound in less than a hundredth of the track
    if high <= 1e-9:
        return np.zeros_like(curve)
    low = min(low, _STEADY * high)  # a steady tone is loud, not a magnified ripple
    return np.clip((curve - low) / (high - low), 0.0, 1.0)


def _onset(spectrum: Spectrum) -> NDArray[np.float64]:
    audible = np.where(spectrum.power["all"] > _SILENCE, spectrum.rise, 0.0)
    return _scaled(release(above_mean(audible), _HALF_LIFE["onset"]))


def above_mean(curve: NDArray[np.floating], seconds: float = 0.4) -> NDArray[np.float64]:
    """What stands out of the moving mean over `seconds`; float64 `[hops]`, 0 where nothing does."""
    width = max(1, round(seconds * RATE / HOP)) | 1
    sums = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    middle = np.arange(curve.size)
    left, right = np.maximum(middle - width // 2, 0), np.minimum(middle + width // 2 + 1, curve.size)
    means = (sums[right] - sums[left]) / (right - left)
    return np.asarray(np.maximum(curve - means, 0.0), np.float64)


def _loudness(power: NDArray[np.float32]) -> NDArray[np.float64]:
    level = 10 * np.log10(np.maximum(power.astype(np.float64), 1e-12))
    top = max(float(np.percentile(level, 99)), 10 * np.log10(_SILENCE))
    return np.asarray(np.clip((level - top) / _DECIBELS + 1, 0.0, 1.0) * (power > _SILENCE), np.float64)


def _centroid(spectrum: Spectrum) -> NDArray[np.float64]:
    low, high = np.log(_CENTROID_HZ)
    position = (np.log(np.maximum(spectrum.centroid.astype(np.float64), 1.0)) - low) / (high - low)
    return np.asarray(np.clip(position, 0.0, 1.0) * (spectrum.power["all"] > _SILENCE), np.float64)

"""From measured power to curves that move as a picture should, and what their values mean.

A level is kept as x = power^0.3 after its release, and becomes 0..1 when it is read. By the track: 0 is the
1st percentile of the whole track and 1 the 99th, clipped. Fixed: 0 is -60 dB of full scale and 1 is -6 dB,
the same for every track. In both, 10 dB more is twice as much (Stevens 1957: so it sounds, too).

Nothing is blown up: what is below -70 dB of full scale is silence; in a band, what is more than 42 dB below
the track's loud moments (the 99th percentile of its whole power) is leakage; a band's 1 stands no more than
26 dB below them (`bass` and `mid`: 20), and where a track hardly moves, its 0 lies no higher than 5 dB (0.7
of the 1) below its 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOPS
from anim_compiler.audio.decode import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

SILENCE: Final = 1e-7
"""Mean square below which nothing sounds: -70 dB of full scale."""

QUIETEST: Final = -70.0
"""The least value of `loudness`, in dB of full scale; that of silence, too."""

HALF_LIFE: Final = {"bass": 0.060, "mid": 0.060, "treble": 0.050, "energy": 0.120, "onset": 0.050}
"""Seconds in which a curve falls by half after its sound has ended."""

_EXPONENT: Final = 0.3
_FIXED_DB: Final = (-60.0, -6.0)
_STEADY: Final = 0.7
_LEAK: Final = 10.0 ** (-42.0 / 10.0)  # of the power of the loud moments
_FAINT_DB: Final = -26.0  # as low below them as a band's 1 may stand
_MOMENT: Final = 0.4  # seconds of ITU-R BS.1770's momentary loudness
_QUIET: Final = 1e-6
_QUIET_BELOW: Final = 10.0 ** (-45.0 / 10.0)
_QUIET_RISE: Final = 10.0 ** (6.0 / 10.0)
_QUIET_SECONDS: Final = 0.15
_QUIET_HELD: Final = 4  # hops: half a period of 20 Hz
_PEAK_REACH: Final = 5  # hops
_HIT_HELD: Final = 4  # hops that a hit stays at its height: 23 ms
_CENTROID_HZ: Final = (50.0, RATE / 2)


def release(curve: NDArray[np.floating], half_life: float, hops: float = HOPS) -> NDArray[np.float64]:
    """Rises at once and falls by half in `half_life` seconds: y[n] = max(x[n], y[n-1] · r); x ≥ 0.

    `hops` is the number of values a second.
    """
    slope = np.log(2.0) / half_life / hops * np.arange(curve.size)
    # in logarithms the recursion is a running maximum along a slope, which needs no loop
    logs = np.log(np.maximum(curve.astype(np.float64), 1e-30)) + slope
    return np.asarray(np.exp(np.maximum.accumulate(logs) - slope), np.float64)


def peaks(curve: NDArray[np.floating]) -> NDArray[np.floating]:
    """The curve where it is the greatest (the first such) within 29 ms before and after, else 0: `[hops]`.

    What begins is seen before it begins, as a window looks ahead; its peak stands where it begins.
    """
    around = np.pad(curve, _PEAK_REACH)
    before = np.maximum.reduce([around[shift : shift + curve.size] for shift in range(_PEAK_REACH)])
    after = np.maximum.reduce(
        [around[_PEAK_REACH + shift :][: curve.size] for shift in range(_PEAK_REACH + 1)]
    )
    return np.where((curve > before) & (curve >= after), curve, 0.0)


def hit(begins: NDArray[np.floating], half_life: float) -> NDArray[np.float64]:
    """`peaks` as a curve that a picture can show: each stays at its height for 23 ms, then falls by half in
    `half_life` seconds; float64 `[hops]`.

    So a frame of 1/24 s that begins after a hit still sees most of it, and one of 1/8 s a third.
    """
    return release(_held(begins, _HIT_HELD), half_life)


def loud(total: NDArray[np.floating]) -> float:
    """The power of a track's loud moments: the 99th percentile of its whole power `[hops]`."""
    high = float(np.percentile(total, 99))
    return high if high > SILENCE else float(total.max(initial=0.0))  # a sound in less than a hundredth


def level(
    power: NDArray[np.floating],
    half_life: float,
    moments: float | None = None,
    *,
    hops: float = HOPS,
    faint_db: float = _FAINT_DB,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A level curve as it is kept, float32 `[n]`, and what is 0 and 1 of it by the track, float32 `[2]`.

    `moments` is `loud` of the whole track where `power` is that of one band of it, whose 1 stands no lower
    than `faint_db` below them; `hops` values a second.
    """
    curve = level_curve(power, half_life, moments, hops)
    least = (10.0 ** (faint_db / 10.0) * moments) ** _EXPONENT if moments is not None else 0.0
    return curve.astype(np.float32), scale(curve, least)


def level_curve(
    power: NDArray[np.floating], half_life: float, moments: float | None = None, hops: float = HOPS
) -> NDArray[np.float64]:
    """power^0.3 without silence and leakage, after its release: float64 `[n]`; see `level`."""
    heard = np.where(power > SILENCE, power, 0.0).astype(np.float64)
    if moments is not None:
        heard = np.maximum(heard - _LEAK * moments, 0.0)
    return release(heard**_EXPONENT, half_life, hops)


def scale(curve: NDArray[np.float64], least: float = 0.0) -> NDArray[np.float32]:
    """What is 0 and what is 1 of a track's curve, float32 `[2]`: percentiles 1 and 99; 1 is at least `least`.

    Where there is nothing, all of it is 0.
    """
    low, high = (float(value) for value in np.percentile(curve, (1, 99)))
    if high <= 1e-9:
        high = float(curve.max(initial=0.0))  # a sound in less than a hundredth of the track
    high = max(high, least)
    return np.array([min(low, _STEADY * high), high], np.float32)


def read(values: NDArray[np.float64], ends: NDArray[np.floating]) -> NDArray[np.float64]:
    """Kept values as 0..1 between the two `ends` of a scale; 0 everywhere if they are one."""
    low, high = float(ends[0]), float(ends[1])
    if high <= low:
        return np.zeros_like(values)
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def fixed(gain_db: float = 0.0) -> NDArray[np.float64]:
    """The scale of `normalize = fixed`, float64 `[2]`: -60 and -6 dB of full scale after the gain."""
    return np.array([10.0 ** ((decibels - gain_db) / 10.0 * _EXPONENT) for decibels in _FIXED_DB])


def above_mean(curve: NDArray[np.floating], seconds: float = 0.4) -> NDArray[np.float64]:
    """What stands out of the moving mean over `seconds`; float64 `[hops]`, 0 where nothing does."""
    return np.asarray(np.maximum(curve - moving_mean(curve, seconds), 0.0), np.float64)


def moving_mean(curve: NDArray[np.floating], seconds: float) -> NDArray[np.float64]:
    """The mean of the `seconds` around each hop, of what there is of them at the ends; float64 `[hops]`."""
    width = max(1, round(seconds * HOPS)) | 1
    sums = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    middle = np.arange(curve.size)
    left, right = np.maximum(middle - width // 2, 0), np.minimum(middle + width // 2 + 1, curve.size)
    return np.asarray((sums[right] - sums[left]) / (right - left), np.float64)


def loudness(weighted: NDArray[np.floating]) -> NDArray[np.float32]:
    """Decibels of full scale, float32 `[hops]`, QUIETEST to 0, of K-weighted power.

    ITU-R BS.1770's momentary loudness of the mono mix, in LKFS: the mean of 400 ms, here around each moment.
    A sine of 1 kHz at full scale reads -3.
    """
    mean = np.maximum(moving_mean(weighted, _MOMENT), 1e-12)
    return np.clip(10.0 * np.log10(mean) - 0.691, QUIETEST, 0.0).astype(np.float32)


def silence(power: NDArray[np.floating], moments: float) -> NDArray[np.float32]:
    """1 where nothing sounds, else 0: float32 `[hops]`; `power` is the mean square of each hop's own samples.

    It begins where the greatest power of 29 ms falls below -60 dB of full scale, or 45 dB below `moments`
    (`loud`) if that is more, and ends where it is 6 dB above that; shorter than 150 ms it is none.
    """
    held = _held(power, _QUIET_HELD)
    falls = max(_QUIET, _QUIET_BELOW * moments)
    told = np.where(held < falls, 1, np.where(held >= _QUIET_RISE * falls, 0, -1))
    told[0] = int(held[0] < _QUIET_RISE * falls)
    last = np.maximum.accumulate(np.where(told >= 0, np.arange(held.size), 0))
    quiet = told[last].astype(np.float32)
    edges = np.flatnonzero(np.diff(quiet, prepend=np.float32(0.0), append=np.float32(0.0)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start < _QUIET_SECONDS * HOPS and end < held.size:
            quiet[start:end] = 0.0
    return quiet


def _held(curve: NDArray[np.floating], hops: int) -> NDArray[np.floating]:
    """The greatest of each value and the `hops` before it."""
    padded = np.concatenate([np.zeros(hops, curve.dtype), curve])
    return np.asarray(np.maximum.reduce([padded[shift : shift + curve.size] for shift in range(hops + 1)]))


def centroid(hertz: NDArray[np.floating], total: NDArray[np.floating]) -> NDArray[np.float32]:
    """The spectrum's middle on a log scale, 0 at 50 Hz and 1 at 11 kHz, 0 in silence: float32 `[hops]`."""
    low, high = np.log(_CENTROID_HZ)
    position = (np.log(np.maximum(hertz.astype(np.float64), 1.0)) - low) / (high - low)
    return np.asarray(np.clip(position, 0.0, 1.0) * (total > SILENCE), np.float32)

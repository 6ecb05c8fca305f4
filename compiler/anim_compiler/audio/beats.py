"""Where the beats fall: tempo, a path through the onsets (Ellis 2007), and the steady grid under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.decode import RATE
from anim_compiler.audio.levels import above_mean
from anim_compiler.audio.spectrum import HOP

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOPS: Final = RATE / HOP
"""Hops per second: 172.3."""

_TEMPI: Final = (55.0, 215.0)
_PRIOR: Final = (118.0, 0.7)  # people tap around 120 bpm, within about an octave
_DOUBLE: Final = 0.85  # at half the period as alike as at the whole: then the half is the beat
_TIGHTNESS: Final = 100.0  # Ellis' weight of an even step against strong onsets
_NEAR: Final = 0.035  # seconds between a beat and the onset it belongs to
_STEADY: Final = 0.012  # seconds that beats may stray from a grid for the grid to be the truth


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats of a track: `times` float64 `[k]` in seconds, rising; `tempo` in bpm, 0 if there are no beats."""

    times: NDArray[np.float64]
    tempo: float


NO_BEATS: Final = Beats(np.zeros(0), 0.0)


def pulse(rise: NDArray[np.float32], low_rise: NDArray[np.float32]) -> NDArray[np.float32]:
    """How strongly each hop invites a beat, float32 `[hops]`: onsets, the kick's as much as all others."""
    both = np.zeros(rise.size)
    for part in (rise, low_rise):
        standing = above_mean(part)
        spread = float(standing.std())
        both += standing / spread if spread > 1e-6 else 0.0
    return both.astype(np.float32)


def find_beats(pulse: NDArray[np.float32], duration: float) -> Beats:
    """The beats of a track of `duration` seconds, from its `pulse`."""
    smooth = _smooth(pulse.astype(np.float64), 1.5)
    period = _period(smooth)
    if period is None:
        return NO_BEATS
    path = _refined(_path(smooth, period) / HOPS, pulse)
    if path.size < 2:
        return NO_BEATS
    times = _extended(_steadied(path, pulse), duration)
    return Beats(times, 60.0 / float(np.median(np.diff(times))))


def grid(pulse: NDArray[np.float32], duration: float, bpm: float, offset: float) -> Beats:
    """Beats at a known tempo: through `offset` seconds, or, where that is 0, where the onsets fit best."""
    step = 60.0 / bpm
    start = offset if offset else _phase(pulse, step)
    first = start - np.floor(start / step + 1e-9) * step
    count = max(0, int(np.ceil((duration - first) / step - 1e-9)))
    return Beats(first + step * np.arange(count), bpm)


def _phase(pulse: NDArray[np.float32], step: float) -> float:
    """Seconds in [0, step) where a comb of that step meets most of the pulse; 1 ms apart."""
    offsets = np.arange(0.0, step, 0.001)
    count = max(1, int(pulse.size / HOPS / step))
    at = (offsets[:, None] + step * np.arange(count)[None, :]) * HOPS
    met = np.interp(at.ravel(), np.arange(pulse.size), pulse, right=0.0).reshape(at.shape)
    return float(offsets[int(met.sum(axis=1).argmax())])


def _period(pulse: NDArray[np.float64]) -> float | None:
    """Hops from beat to beat: the lag whose multiples are most alike, halved where that fits as well."""
    longest = min(pulse.size // 2, int(HOPS * 60 / _TEMPI[0] * 4) + 2)
    if longest < HOPS * 60 / _TEMPI[1] * 2 or float(np.ptp(pulse)) <= 0:
        return None
    alike = _alike(pulse, longest)
    tempi = np.geomspace(*_TEMPI, 600)
    lags = HOPS * 60 / tempi
    combed = np.mean([_at(alike, lags * k) for k in (1, 2, 3, 4)], axis=0)
    prior = np.exp(-0.5 * (np.log2(tempi / _PRIOR[0]) / _PRIOR[1]) ** 2)
    score = prior * np.maximum(combed, 0.0)
    if score.max() <= 0:
        return None
    lag = float(lags[int(score.argmax())])
    whole, half = (float(_around(alike, place)) for place in (lag, lag / 2))
    return lag / 2 if half >= _DOUBLE * whole and lag / 2 >= HOPS * 60 / _TEMPI[1] else lag


def _alike(pulse: NDArray[np.float64], longest: int) -> NDArray[np.float64]:
    """Autocorrelation at lags 0 to `longest`, 1 at lag 0, corrected for the shorter overlap."""
    centred = pulse - pulse.mean()
    size = 1 << (pulse.size + longest).bit_length()
    found = np.fft.irfft(np.abs(np.fft.rfft(centred, size)) ** 2, size)[:longest]
    return np.asarray(found / (1.0 - np.arange(longest) / pulse.size) / max(found[0], 1e-12), np.float64)


def _around(curve: NDArray[np.float64], place: float) -> float:
    """The highest value within two hops of `place`."""
    middle = round(place)
    return float(curve[max(0, middle - 2) : middle + 3].max(initial=0.0))


def _at(curve: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.interp(places, np.arange(curve.size), curve, right=0.0), np.float64)


def _path(pulse: NDArray[np.float64], period: float) -> NDArray[np.float64]:
    """Hops of the beats that meet most pulse while keeping the period: dynamic programming over all hops."""
    pulse = pulse / max(float(pulse.std()), 1e-9)
    shortest, longest = max(1, round(period / 2)), round(period * 2)
    back = np.arange(longest, shortest - 1, -1)
    cost = -_TIGHTNESS * np.log(back / period) ** 2
    score = np.concatenate([np.zeros(longest), pulse])
    link = np.full(pulse.size, -1)
    for hop in range(pulse.size):
        ways = score[hop : hop + back.size] + cost
        best = int(ways.argmax())
        if ways[best] > 0:
            score[longest + hop] += ways[best]
            link[hop] = hop - back[best]
    tail = score[-longest:]
    places = (
        [pulse.size - longest + int(tail.argmax())]
        if pulse.size >= longest
        else [int(score.argmax()) - longest]
    )
    while places[-1] >= 0 and link[places[-1]] >= 0:
        places.append(int(link[places[-1]]))
    return np.array([place for place in places if place >= 0][::-1], np.float64)


def _refined(times: NDArray[np.float64], pulse: NDArray[np.float32]) -> NDArray[np.float64]:
    """Each beat at the strongest onset within 35 ms, read between hops by a parabola; others stay."""
    reach, strong = round(_NEAR * HOPS), float(pulse.mean() + pulse.std())
    moved = times.copy()
    for index, time in enumerate(times):
        middle = round(time * HOPS)
        low, high = max(middle - reach, 1), min(middle + reach + 1, pulse.size - 1)
        if low >= high:
            continue
        peak = low + int(pulse[low:high].argmax())
        left, top, right = (float(value) for value in pulse[peak - 1 : peak + 2])
        if top >= strong and top >= left and top >= right:
            bend = left - 2 * top + right
            moved[index] = (peak + (0.5 * (left - right) / bend if bend else 0.0)) / HOPS
    apart = np.concatenate([[True], np.diff(moved) > 0.1])
    return np.asarray(moved[apart], np.float64)


def _steadied(times: NDArray[np.float64], pulse: NDArray[np.float32]) -> NDArray[np.float64]:
    """The even grid under the beats if most strong ones lie on one; else the beats as found."""
    weight = _at(pulse.astype(np.float64), times * HOPS)
    sure = weight >= 0.5 * float(np.quantile(weight, 0.75))
    step = float(np.median(np.diff(times)))
    # beats are numbered by rounding each gap, so that a slip of half a beat does not shift what follows
    number = np.concatenate([[0], np.cumsum(np.maximum(np.rint(np.diff(times) / step), 1))])
    if sure.sum() < 4:
        return times
    slope, start = np.polyfit(number[sure], times[sure], 1)
    for _ in range(2):
        stray = np.abs(times - (start + slope * number))
        sure = sure & (stray <= max(_STEADY, 2 * float(np.median(stray[sure]))))
        if sure.sum() < 4:
            return times
        slope, start = np.polyfit(number[sure], times[sure], 1)
    if float(np.quantile(np.abs(times[sure] - (start + slope * number[sure])), 0.9)) > _STEADY:
        return times
    if sure.sum() < 0.5 * times.size:
        return times
    return np.asarray(start + slope * np.arange(int(number[-1]) + 1), np.float64)


def _extended(times: NDArray[np.float64], duration: float) -> NDArray[np.float64]:
    """Carries the beats on to both ends of the track, where nothing beats audibly."""
    step = float(np.median(np.diff(times[:9])))
    before = np.arange(times[0] - step, -1e-3, -step)[::-1]
    step = float(np.median(np.diff(times[-9:])))
    after = np.arange(times[-1] + step, duration - 1e-3, step)
    all_of_them = np.maximum(np.concatenate([before, times, after]), 0.0)
    return np.asarray(all_of_them[all_of_them < duration], np.float64)


def _smooth(curve: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    reach = np.arange(-int(4 * sigma), int(4 * sigma) + 1)
    kernel = np.exp(-0.5 * (reach / sigma) ** 2)
    return np.asarray(np.convolve(curve, kernel / kernel.sum(), mode="same"), np.float64)

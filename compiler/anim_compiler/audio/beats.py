"""Where the beats fall: a tempo that is followed, a path through the onsets, and the even grid under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio import tempi
from anim_compiler.audio.block import HOPS
from anim_compiler.audio.novelty import blurred, novelty, standing
from anim_compiler.audio.octaves import path_of_beats
from anim_compiler.audio.steady import steadied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anim_compiler.audio.measure import Curves

_BLUR: Final = 1.5  # hops that players are apart
_NEAR: Final = 0.035  # seconds between a beat and the onset it belongs to
_STRONG: Final = 0.5  # of `novelty`: an onset that tells where its beat is
_EARLY: Final = 0.001  # seconds by which an onset's peak comes early: windows open half a hop before
_ALIKE: Final = (0.05, 0.6)  # likeness at confidence 0, where nothing beats, and at 1
_EVEN: Final = 0.002  # seconds that the steps of an even grid differ
_SHORTEST: Final = 2.0  # seconds of sound that beats can be found in


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats of a track: `times` float64 `[k]` in seconds, rising; `tempo` in bpm, the median, 0 if there are
    none; `confidence` 0..1 of found beats, 1 of given ones.

    The confidence is how alike the onsets are to themselves a half, one, two, three and four beats later (as
    correlations), on average over all that is to hear, 0 for 0.05 and 1 for 0.6. Music with a steady beat has
    0.6 to 1, music that wavers 0.4 and more, ambient sound less than 0.35, noise and speech nearly 0.
    """

    times: NDArray[np.float64]
    tempo: float
    confidence: float = 1.0


UNSURE: Final = 0.35
"""Found beats of less confidence are a guess: a film that builds on them should be told the tempo."""

NO_BEATS: Final = Beats(np.zeros(0), 0.0, 0.0)


def derived(groups: Mapping[str, Curves], duration: float) -> Curves:
    """The group `beats`, from the group `pulse`: `times` and `facts` (tempo, confidence), float64."""
    beats = find_beats(groups["pulse"], duration)
    return {"times": beats.times, "facts": np.array([beats.tempo, beats.confidence])}


def found(curves: Curves) -> Beats:
    """The beats that the group `beats` holds."""
    tempo, confidence = curves["facts"]
    return Beats(np.asarray(curves["times"], np.float64), float(tempo), float(confidence))


def find_beats(pulse: Curves, duration: float) -> Beats:
    """The beats of a track of `duration` seconds, from its group `pulse`; carried on to both its ends."""
    sharp = standing(pulse)
    if sharp[0].size < _SHORTEST * HOPS or max(float(part.max()) for part in sharp) <= 0.0:
        return NO_BEATS
    soft = [blurred(part, _BLUR) for part in sharp]
    alike, heard = tempi.likeness(soft)
    fits = tempi.strengths(alike)
    chosen = tempi.followed(fits * tempi.prior() * heard[:, None])
    fit = float((fits[np.arange(chosen.size), chosen] * heard).sum() / max(float(heard.sum()), 1e-9))
    if fit <= _ALIKE[0]:
        return NO_BEATS
    seconds = np.arange(sharp[0].size) / HOPS
    period = np.interp(seconds, np.arange(chosen.size), tempi.unfolded(tempi.periods()[chosen]))
    inviting = novelty(soft)
    path = path_of_beats(inviting, soft[0], period)
    times = _extended(steadied(*_refined(path, inviting, novelty(sharp))), duration)
    if times.size < 2:
        return NO_BEATS
    tempo = 60.0 / float(np.median(np.diff(times)))
    confidence = min((fit - _ALIKE[0]) / (_ALIKE[1] - _ALIKE[0]), 1.0)
    if confidence < UNSURE and float(np.ptp(np.diff(times))) > _EVEN:
        # a guess had better be even than wander
        times = grid(pulse, duration, tempo, 0.0).times
    return Beats(times, tempo, confidence)


def grid(pulse: Curves, duration: float, bpm: float, offset: float) -> Beats:
    """Beats at a known tempo: through `offset` seconds, or, where that is 0, where the onsets fit best."""
    step = 60.0 / bpm
    start = offset if offset or pulse["low"].size < 2 else _phase(novelty(standing(pulse)), step)
    first = start - np.floor(start / step + 1e-9) * step
    count = max(0, int(np.ceil((duration - first) / step - 1e-9)))
    return Beats(first + step * np.arange(count), bpm)


def _phase(inviting: NDArray[np.float64], step: float) -> float:
    """Seconds in [0, step) where a comb of that step meets most of the novelty; 1 ms apart."""
    offsets = np.arange(0.0, step, 0.001)
    count = max(1, int(inviting.size / HOPS / step))
    met = np.zeros(offsets.size)
    for number in range(count):
        place = np.minimum((offsets + step * number) * HOPS, inviting.size - 2.0)
        low = place.astype(np.intp)
        met += inviting[low] + (place - low) * (inviting[low + 1] - inviting[low])
    return float(offsets[int(met.argmax())]) + _EARLY


def _refined(
    path: NDArray[np.intp], soft: NDArray[np.float64], sharp: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The seconds of beats given by their hops, and how surely each was heard, both `[k]`.

    Each goes to the strongest onset within 35 ms, the nearer the rather, read between hops by a parabola;
    where there is none it stays.
    """
    reach = round(_NEAR * HOPS)
    steps = np.arange(-reach, reach + 1)
    around = np.clip(path[:, None] + steps, 1, soft.size - 2)
    nearer = np.exp(-0.5 * (steps / (0.6 * reach)) ** 2)
    peak = around[np.arange(path.size), (soft[around] * nearer).argmax(axis=1)]
    around = np.clip(peak[:, None] + np.arange(-3, 4), 1, soft.size - 2)
    peak = around[np.arange(path.size), sharp[around].argmax(axis=1)]
    left, top, right = sharp[peak - 1], sharp[peak], sharp[peak + 1]
    bend = np.minimum(left - 2 * top + right, -1e-9)
    is_heard = top >= _STRONG
    place = np.where(is_heard, peak + np.clip(0.5 * (left - right) / bend, -0.5, 0.5), path)
    return place / HOPS + _EARLY, np.where(is_heard, np.minimum(top, 4.0), 0.01)


def _extended(times: NDArray[np.float64], duration: float) -> NDArray[np.float64]:
    """Carries the beats on to both ends of the track, where nothing beats audibly."""
    if times.size < 2:
        return times
    step = float(np.median(np.diff(times[:9])))
    before = np.arange(times[0] - step, -1e-3, -step)[::-1]
    step = float(np.median(np.diff(times[-9:])))
    after = np.arange(times[-1] + step, duration - 1e-3, step)
    every = np.maximum(np.concatenate([before, times, after]), 0.0)
    return np.asarray(every[every < duration], np.float64)

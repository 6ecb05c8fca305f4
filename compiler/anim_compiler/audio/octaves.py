"""Which of a track's pulses is the beat: the one found, one twice or half as fast, or one a third off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOPS
from anim_compiler.audio.tracing import traced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SLOWEST, _FASTEST = 48.0, 190.0  # bpm that another level may have than the one that was found
_USUAL: Final = 118.0  # bpm: see `tempi.prior`
#: evenness and fill that the usual tempo needs; how much more an octave faster, and beyond a fast tempo:
#: fitted to what songs of known level have (bench/audio_beats.py); others within a tenth are as good
_NEEDED: Final = (0.54, 0.5, 0.87)
_FAST: Final = 0.5  # octaves above the usual tempo
_FILLED: Final = 1.6  # how much fill counts beside evenness
_FULL: Final = 0.35  # of a beat's novelty: more between the beats tells no more
_NEAR: Final = 3  # hops: 17 ms between a beat and its onset
_AS_STRONG: Final = 0.9  # of a path's mean novelty: another that meets as much is as good
_MUCH_STRONGER: Final = 1.35  # times as much: a path across an even beat meets at most 1.2 times as much


def path_of_beats(
    novelty: NDArray[np.float64], low: NDArray[np.float64], period: NDArray[np.float64]
) -> NDArray[np.intp]:
    """The hops of the beats, rising; `period` `[hops]` is a pulse of the music, if not at the right level.

    `novelty` and `low` `[hops]` say how strongly each hop invites a beat, by all sounds and by the lowest. Of
    two pulses an octave apart the faster is the beat if its every other beat is not much weaker, or if there
    is something to hear between its beats; the faster it is, the more of both it needs. Pulses in threes have
    a beat of one or of three, never of two.
    """
    tempo, path = 60 * HOPS / float(np.median(period)), traced(novelty, period)
    finer, coarser = 2, 2
    if tempo / 1.5 >= _SLOWEST and _is_much_stronger(novelty, slower := traced(novelty, period * 1.5), path):
        # a slow beat of three pulses, two of which were taken for one
        tempo, period, path, finer = tempo / 1.5, period * 1.5, slower, 3
    elif tempo * 1.5 <= _FASTEST:
        thirds = traced(novelty, period / 1.5)
        # three pulses of a waltz or of a slow beat, halved: on thirds of them more is heard
        if _strength(novelty, thirds) > _AS_STRONG * _strength(novelty, path):
            tempo, period, path, coarser = tempo * 1.5, period / 1.5, thirds, 3
    if tempo * finer <= _FASTEST:
        faster = traced(novelty, period / finer)
        if _is_beat(faster, (novelty, low), tempo * finer):
            return faster
    if tempo / coarser >= _SLOWEST and not _is_beat(path, (novelty, low), tempo):
        return traced(novelty, period * coarser)
    return path


def _is_much_stronger(curve: NDArray[np.float64], one: NDArray[np.intp], other: NDArray[np.intp]) -> bool:
    return _strength(curve, one) > _MUCH_STRONGER * _strength(curve, other)


def _is_beat(path: NDArray[np.intp], curves: Sequence[NDArray[np.float64]], tempo: float) -> bool:
    even = max(_evenness(path, curve) for curve in curves)
    least, more, much_more = _NEEDED
    octaves = float(np.log2(tempo / _USUAL))
    needed = least + more * octaves + much_more * max(octaves - _FAST, 0.0)
    return even + _FILLED * min(_fill(path, curves[0]), _FULL) > needed


def _fill(path: NDArray[np.intp], curve: NDArray[np.float64]) -> float:
    """How strong the middles between beats mostly are beside the beats, on average."""
    if path.size < 2:
        return 0.0
    beats, middles = _heard(curve, path), _heard(curve, (path[1:] + path[:-1]) // 2)
    return float(np.median(middles)) / max(float(beats.mean()), 1e-9)


def _evenness(path: NDArray[np.intp], curve: NDArray[np.float64]) -> float:
    """How strong every other beat is beside the ones between, 0..1: over eight beats at a time."""
    heard = _heard(curve, path)
    whole = heard.size // 8 * 8
    if whole == 0:
        return 1.0
    pairs = heard[:whole].reshape(-1, 4, 2).mean(axis=1)
    # a track that is silent on all of them is uneven
    return float(pairs.min(axis=1).mean() / max(float(pairs.max(axis=1).mean()), 1e-9))


def _strength(curve: NDArray[np.float64], path: NDArray[np.intp]) -> float:
    return float(_heard(curve, path).mean()) if path.size else 0.0


def _heard(curve: NDArray[np.float64], path: NDArray[np.intp]) -> NDArray[np.float64]:
    """The highest value near each beat."""
    places = np.clip(path[:, None] + np.arange(-_NEAR, _NEAR + 1)[None, :], 0, curve.size - 1)
    return np.asarray(curve[places].max(axis=1), np.float64)

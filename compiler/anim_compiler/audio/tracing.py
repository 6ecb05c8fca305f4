"""A path of beats through the onsets of a track, one period after another (after Ellis 2007)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TIGHTNESS: Final = 160.0  # weight of an even step against strong onsets, which are about 1 high
_NEAREST, _FARTHEST = 0.75, 1.35  # of the period


def traced(novelty: NDArray[np.float64], period: NDArray[np.float64]) -> NDArray[np.intp]:
    """Hops of the beats that meet most of `novelty` while keeping the period; rising.

    Both are float64 `[hops]`: how strongly each hop invites a beat, and hops from beat to beat there.
    """
    size = novelty.size
    longest = int(float(period.max(initial=1.0)) * _FARTHEST) + 2
    score = np.concatenate([np.zeros(longest), novelty])
    past = np.lib.stride_tricks.sliding_window_view(score, longest)  # of each hop: a view, filled as we go
    link = np.full(size, -1, np.intp)
    first = 0
    while first < size:
        here = float(period[first])
        near, far = max(1, int(here * _NEAREST)), int(here * _FARTHEST) + 1
        # within the shortest step no hop depends on another: so many are in work at once
        last = min(size, first + max(1, near - 1))
        back = np.arange(far, near - 1, -1)
        ways = past[first:last, longest - far : longest - near + 1] - _TIGHTNESS * np.log(back / here) ** 2
        best = ways.argmax(axis=1)
        gain = ways[np.arange(best.size), best]
        score[longest + first : longest + last] += np.maximum(gain, 0.0)
        link[first:last] = np.where(gain > 0, np.arange(first, last) - back[best], -1)
        first = last
    return _walked(score[longest:], link, period)


def _walked(
    score: NDArray[np.float64], link: NDArray[np.intp], period: NDArray[np.float64]
) -> NDArray[np.intp]:
    if score.size == 0:
        return np.zeros(0, np.intp)
    tail = max(0, score.size - int(period[-1] * _FARTHEST) - 1)
    place = tail + int(score[tail:].argmax())
    places = []
    while place >= 0:
        places.append(place)
        place = int(link[place])
    return np.array(places[::-1], np.intp)

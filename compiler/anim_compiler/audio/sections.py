"""The parts of a song: where its colour, its loudness or its notes change, and which parts are alike."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOPS
from anim_compiler.audio.chroma import EVERY as CHROMA_EVERY
from anim_compiler.audio.downbeats import colours, downbeats, notes, of_each_beat
from anim_compiler.audio.timbre import RATE_OF_TIMBRE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anim_compiler.audio.measure import Curves

_BAR: Final = 4  # beats
_SPAN: Final = 4  # bars before and after a place that are compared there
_SHORTEST: Final = 4  # bars of a part
_UNBEATEN: Final = 2.0  # seconds of what stands for a bar where there are no beats
_NOTES: Final = 0.25  # how much notes count beside the colours
_APART: Final = 0.26  # how far two parts' means are apart at least
_SURE: Final = 3.0  # times the distance that chance makes
_MOST_BARS: Final = 4000
_MOST_LABELS: Final = 256  # the range of the feature `section`


def derived(groups: Mapping[str, Curves], duration: float) -> Curves:
    """The group `sections`: `starts` in seconds, rising from 0, and `labels`, both float64 `[parts]`.

    Parts that sound alike have the same label; labels count from 0 in the order in which they come. Found by
    beats as they are heard, whatever a film says of them, in bars of four.
    """
    beats = np.asarray(groups["beats"]["times"], np.float64)
    bars = downbeats(beats, int(groups["bars"]["first"][_BAR]), _BAR, 0.0)
    if bars.size < 2 * _SHORTEST:
        bars = np.arange(0.0, duration, _UNBEATEN)
    if bars.size < 2 * _SHORTEST:
        return {"starts": np.zeros(1), "labels": np.zeros(1)}
    heard = _heard(bars, groups)
    cuts = _cuts(heard)
    starts = np.concatenate([[0.0], bars[cuts]])
    return {"starts": starts, "labels": _labels(heard, cuts)}


def _heard(bars: NDArray[np.float64], groups: Mapping[str, Curves]) -> NDArray[np.float64]:
    """What each bar sounds like, `[bars, 22]`: colours of at most about 1, and notes that count less."""
    colour = of_each_beat(colours(groups["timbre"]), RATE_OF_TIMBRE, bars)
    colour /= max(float(np.quantile(colour, 0.99)), 1e-9)
    note = of_each_beat(notes(groups["chroma"]), HOPS / CHROMA_EVERY, bars)
    note /= np.maximum(np.sqrt(np.square(note).sum(axis=1, keepdims=True)), 1e-9)
    return np.concatenate([colour, _NOTES * note], axis=1)[:_MOST_BARS]


def _cuts(heard: NDArray[np.float64]) -> NDArray[np.intp]:
    """The bars that a part begins with, but for the first: where what follows is most unlike what was."""
    novelty = _novelty(heard)
    chosen: list[int] = []
    for place in np.argsort(-novelty, kind="stable"):
        if novelty[place] < _APART:
            break
        if all(abs(place - other) >= _SHORTEST for other in chosen):
            chosen.append(int(place))
    return _merged(heard, sorted(chosen))


def _novelty(heard: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the bars after each bar's beginning are from those before it, `[bars]`; 0 near the ends."""
    count = heard.shape[0]
    sums = np.concatenate([np.zeros((1, heard.shape[1])), np.cumsum(heard, axis=0)])
    places = np.arange(_SHORTEST, max(_SHORTEST, count - _SHORTEST + 1))
    low, high = np.maximum(places - _SPAN, 0), np.minimum(places + _SPAN, count)
    before = (sums[places] - sums[low]) / (places - low)[:, None]
    after = (sums[high] - sums[places]) / (high - places)[:, None]
    found = np.zeros(count)
    found[places] = np.sqrt(np.square(after - before).sum(axis=1))
    return found


def _merged(heard: NDArray[np.float64], cuts: list[int]) -> NDArray[np.intp]:
    """The cuts that are left when parts that are alike as wholes are joined, the most alike first."""
    edges = [0, *cuts, heard.shape[0]]
    while len(edges) > 2:
        parts = [heard[low:high] for low, high in pairwise(edges)]
        unlike = [_unlike(before, after) for before, after in pairwise(parts)]
        nearest = int(np.argmin(unlike))
        if unlike[nearest] >= 1.0:
            break
        del edges[nearest + 1]
    return np.array(edges[1:-1], np.intp)


def _unlike(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How far two parts are apart: 1 is as far as they must be, and surer than by the chance of their bars.

    Speech, or whatever else has no form, differs from bar to bar, and so do its stretches, as their means
    would (the standard error of the difference of two means).
    """
    errors = [
        np.square(part - part.mean(axis=0)).sum() / max(len(part) - 1, 1) / len(part) for part in (one, other)
    ]
    chance = float(np.sqrt(sum(errors)))
    return _distance(one, other) / max(_APART, _SURE * chance)


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How far the means of two stretches are apart."""
    return float(np.sqrt(np.square(one.mean(axis=0) - other.mean(axis=0)).sum()))


def _labels(heard: NDArray[np.float64], cuts: NDArray[np.intp]) -> NDArray[np.float64]:
    """A number for each part: that of the first part that it is like, else a new one."""
    known: list[NDArray[np.float64]] = []
    labels = []
    for part in np.split(heard, cuts):
        apart = [_distance(part, other) for other in known]
        nearest = int(np.argmin(apart)) if apart else -1
        if nearest < 0 or (apart[nearest] >= _APART and len(known) < _MOST_LABELS):
            known.append(part)
            nearest = len(known) - 1
        labels.append(float(nearest))
    return np.array(labels)

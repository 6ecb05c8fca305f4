"""Which beats begin a bar: where bass and kick fall, where the chord changes, where a section begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.block import HOPS
from anim_compiler.audio.chroma import EVERY as CHROMA_EVERY
from anim_compiler.audio.chroma import NOTES
from anim_compiler.audio.novelty import standing
from anim_compiler.audio.timbre import COLOURS, RATE_OF_TIMBRE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.measure import Curves

LONGEST_BAR: Final = 16
"""Beats of the longest bar whose beginning is sought."""

_NEAR: Final = 3  # hops between a beat and its onset
_RATE_OF_CHROMA: Final = HOPS / CHROMA_EVERY
_WEIGHTS: Final = {"low": 0.5, "deep": 0.7, "backbeat": 0.6, "chord": 1.2, "section": 0.8}
_LOW: Final = list(_WEIGHTS).index("low")
_BACKBEAT: Final = list(_WEIGHTS).index("backbeat")
_ACCENT: Final = 1.0  # for the one beat of a bar that is struck unlike all the others, as by a metronome
_LESS: Final = 0.3  # of what an accent has more of one sound, so much less it may have of another
_BEGINNING: Final = 0.35  # what speaks for the bars that the music begins with
_CHANCE: Final = 1.5  # deviations of a mean that are thought to be chance
_SILENT: Final = 0.3  # of a usual beat's onset: less is no beginning
_DEEP: Final = 0.7  # of the loudest band's level (its magnitude's root): a bass as loud tells all it can
_EARLY: Final = 0.05  # seconds before a sound at which the notes begin to see much of it


def derived(groups: Mapping[str, Curves], duration: float) -> Curves:
    """The group `bars`: `first`, float64 `[LONGEST_BAR + 1]`: by the number of beats in a bar, the number of
    the first found beat that begins one.
    """
    beats = np.asarray(groups["beats"]["times"], np.float64)
    clues = evidence(beats, groups)
    return {"first": np.array([float(first(clues, bar)) for bar in range(LONGEST_BAR + 1)])}


def downbeats(
    beats: NDArray[np.float64], begins: int, beats_per_bar: int, offset: float
) -> NDArray[np.float64]:
    """Every `beats_per_bar`-th beat, float64 `[k]` seconds, counted from the beat number `begins`, or, where
    `offset` is not 0, from the beat nearest to that second.
    """
    bar = max(1, beats_per_bar)
    if offset and beats.size:
        begins = int(np.abs(beats - offset).argmin())
    return beats[begins % bar :: bar]


def first(clues: NDArray[np.float64], beats_per_bar: int) -> int:
    """The number of the first beat that begins a bar, less than `beats_per_bar`.

    `clues` are those of `evidence`, `[clues, beats]`. What a clue says by chance in so many bars does not
    count; where nothing tells the beats apart, a bar begins with the first beat that is heard.
    """
    count = clues.shape[1]
    if not 1 < beats_per_bar <= min(LONGEST_BAR, count // 2):
        return 0
    means = np.stack([clues[:, start::beats_per_bar].mean(axis=1) for start in range(beats_per_bar)])
    chance = _CHANCE / np.sqrt(count / beats_per_bar)
    accent = _accent(means[:, [_LOW, _BACKBEAT]] * (1.0, -1.0), chance)
    if beats_per_bar % 2 == 0:
        means[:, _BACKBEAT] = _backbeat(means[:, _BACKBEAT])
    sure = np.sign(means) * np.maximum(np.abs(means) - chance, 0.0)
    score = sure[:, :-1] @ np.array(list(_WEIGHTS.values())) + _ACCENT * accent
    score[int(clues[-1].argmax()) % beats_per_bar] += _BEGINNING
    return int(score.argmax())


def _accent(struck: NDArray[np.float64], chance: float) -> NDArray[np.float64]:
    """How far each beat of a bar, `[beats, clues]`, is above all the others, less how far those are apart:
    `[beats]` ≥ 0. What a kick on one and three and a snare on two and four do is no accent, nor is a snare
    where a kick is missing, nor a rest.
    """
    found = np.zeros(len(struck))
    for beat in range(len(struck) if len(struck) > 2 else 0):
        others = np.delete(struck, beat, axis=0)
        above = struck[beat] - others.mean(axis=0)
        spread = np.sqrt(np.square(others - others.mean(axis=0)).sum(axis=1)).max()
        if above.min() >= -_LESS * above.max():
            found[beat] = max(float(np.sqrt(np.square(above).sum()) - spread) - chance, 0.0)
    return found


def _backbeat(quiet: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a snare on every other beat tells of a bar's even beats against its odd ones, and no more; 0 where
    not each of the one kind is struck harder than all of the other.
    """
    sides = quiet[0::2], quiet[1::2]
    told = 0.5 * max(sides[0].min() - sides[1].max(), 0.0) - 0.5 * max(sides[1].min() - sides[0].max(), 0.0)
    return np.tile([told, -told], quiet.size // 2)


def evidence(beats: NDArray[np.float64], groups: Mapping[str, Curves]) -> NDArray[np.float64]:
    """What speaks for each beat as a bar's first, float64 `[6, beats]`; from the groups `groups.EVIDENCE`.

    Five clues, each with mean 0 and deviation 1: low onsets; a deep bass (both less where there is hardly a
    bass); few onsets above it (a snare strikes on two and four); other notes in the two beats from it on than
    in the two before; other colours in the eight beats from it on. The last row is 1 for the first beat that
    is heard.
    """
    if beats.size < 4:
        return np.zeros((6, beats.size))
    low, middle, high = (_onsets(part, beats) for part in standing(groups["pulse"]))
    bass = _bass(groups["timbre"])
    clues = {
        "low": low,
        "deep": _deep(beats, groups["timbre"]),
        "backbeat": -(middle + high),
        "chord": _chords(beats, groups["chroma"]),
        "section": _sections(beats, groups["timbre"]),
    }
    heard = low + middle + high
    begins = np.zeros(beats.size)
    begins[int((heard >= _SILENT * float(np.median(heard))).argmax())] = 1.0
    told = {"low": bass, "deep": bass}
    return np.stack([*(told.get(name, 1.0) * _standard(clues[name]) for name in _WEIGHTS), begins])


def of_each_beat(curves: NDArray[np.float64], rate: float, beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of curves `[n, curves]` from each beat to the next, `[beats, curves]`; the last one has that
    of the one before.
    """
    edges = np.clip(np.rint(beats * rate).astype(np.intp), 0, max(curves.shape[0] - 1, 0))
    sums = np.concatenate([np.zeros((1, curves.shape[1])), np.cumsum(curves, axis=0)])
    count = np.maximum(np.diff(edges), 1)[:, None]
    means = (sums[edges[:-1] + count[:, 0]] - sums[edges[:-1]]) / count
    return np.asarray(np.concatenate([means, means[-1:]]), np.float64)


def notes(chroma: Curves) -> NDArray[np.float64]:
    """The group `chroma` as one array, `[n, 12]`."""
    return np.stack([np.asarray(chroma[f"note{number}"], np.float64) for number in range(NOTES)], axis=1)


def colours(timbre: Curves) -> NDArray[np.float64]:
    """The group `timbre` as one array, `[n, 10]`."""
    return np.stack([np.asarray(timbre[f"band{number}"], np.float64) for number in range(COLOURS)], axis=1)


def _onsets(part: NDArray[np.float64], beats: NDArray[np.float64]) -> NDArray[np.float64]:
    places = np.rint(beats * HOPS).astype(np.intp)[:, None] + np.arange(-_NEAR, _NEAR + 1)
    return np.asarray(part[np.clip(places, 0, part.size - 1)].max(axis=1), np.float64)


def _bass(timbre: Curves) -> float:
    """How much of a bass there is, 0..1: where there is none, what leaks into its band tells nothing."""
    levels = colours(timbre).mean(axis=0)
    return min(float(levels[0]) / max(_DEEP * float(levels.max()), 1e-9), 1.0) ** 2


def _deep(beats: NDArray[np.float64], timbre: Curves) -> NDArray[np.float64]:
    """How loud the deepest sounds are in the first half of each beat."""
    halves = np.stack([beats, beats + 0.5 * np.diff(beats, append=2 * beats[-1] - beats[-2])], axis=1).ravel()
    return of_each_beat(colours(timbre)[:, :1], RATE_OF_TIMBRE, halves)[::2, 0]


def _chords(beats: NDArray[np.float64], chroma: Curves) -> NDArray[np.float64]:
    """How unlike the notes of two beats from here are to those of the two before; 0 where nothing sounds."""
    heard = of_each_beat(notes(chroma), _RATE_OF_CHROMA, beats - _EARLY)
    return _change(heard, 2)


def _sections(beats: NDArray[np.float64], timbre: Curves) -> NDArray[np.float64]:
    """How far the colours of the eight beats from here are from those of the eight before."""
    heard = of_each_beat(colours(timbre), RATE_OF_TIMBRE, beats)
    before, after = _around(heard, 8)
    far = np.sqrt(np.square(after - before).sum(axis=1))
    return np.asarray(np.maximum(far - np.quantile(far, 0.8), 0.0), np.float64)


def _change(heard: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    before, after = _around(heard, reach)
    sizes = np.sqrt(np.square(before).sum(axis=1) * np.square(after).sum(axis=1))
    return np.asarray(
        np.where(sizes > 1e-9, 1.0 - (before * after).sum(axis=1) / np.maximum(sizes, 1e-9), 0.0)
    )


def _around(heard: NDArray[np.float64], reach: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of `reach` beats before each beat and from it on; the ends see fewer."""
    sums = np.concatenate([np.zeros((1, heard.shape[1])), np.cumsum(heard, axis=0)])
    here = np.arange(heard.shape[0])
    low, high = np.maximum(here - reach, 0), np.minimum(here + reach, here.size)
    before = (sums[here] - sums[low]) / np.maximum(here - low, 1)[:, None]
    after = (sums[high] - sums[here]) / np.maximum(high - here, 1)[:, None]
    before[0] = after[0]  # before the first beat there is nothing to differ from
    return before, after


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std())
    return np.asarray(
        (values - values.mean()) / spread if spread > 1e-6 else np.zeros(values.size), np.float64
    )

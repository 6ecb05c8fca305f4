"""Which pictures guide a shot at each of its frames."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.clock import FilmClock
from anim_compiler.curves import rounded
from anim_compiler.film import Guide
from anim_compiler.functions.easings import ease
from anim_compiler.memo import Memo
from anim_compiler.plan import Columns

FROM, TO, MIX, THERE = "guide.from", "guide.to", "guide.mix", "guide.there"
"""The two pictures that a frame lies between, by number; how far it is from one to the other; and how much of
the guide there is at all, which fades to 0 towards a key that says `none`.
"""


_Rows: TypeAlias = tuple[tuple[float | int | str, ...], ...]
"""Keys as plain values: `(place, picture or -1, easing, its numbers…)`, in order of time."""


def names(guide: Guide) -> tuple[str, ...]:
    """The pictures of a guide, each once: what the columns' numbers stand for."""
    return tuple(dict.fromkeys(key.picture for key in guide.keys if key.picture is not None))


def columns(guide: Guide | None, clock: FilmClock, place: object, memo: Memo) -> Columns:
    """The columns of a shot's guide; none without pictures. `place` says which clock it is."""
    if guide is None or not names(guide):
        return {}
    numbers = {name: i for i, name in enumerate(names(guide))}
    rows: _Rows = tuple(
        (
            clock.stands(key.at),
            -1 if key.picture is None else numbers[key.picture],
            key.ease.name,
            *key.ease.arguments,
        )
        for key in guide.keys
    )
    make = partial(_columns, rows, clock.frames)
    found = memo.recall(make, "guide", rows, clock.frames, place)
    return dict(found)


def _columns(rows: _Rows, frames: int) -> Columns:
    """The columns of keys."""
    at = np.arange(frames, dtype=np.float64)
    places = np.array([float(row[0]) for row in rows])
    shown = np.array([int(row[1]) for row in rows], dtype=np.int64)
    index = np.clip(np.searchsorted(places - 1e-9, at, side="right") - 1, 0, len(rows) - 1)
    following = np.minimum(index + 1, len(rows) - 1)
    way = _way(rows, places, index, at)
    one, other = shown[index], shown[following]
    there = np.where(one < 0, np.where(other < 0, 0.0, way), np.where(other < 0, 1.0 - way, 1.0))
    first: NDArray[np.int64] = np.where(one < 0, np.maximum(other, 0), one)
    second: NDArray[np.int64] = np.where(other < 0, first, other)
    mix = np.where((first == second) | (one < 0), 0.0, way)
    return {FROM: first, TO: second, MIX: rounded(mix), THERE: rounded(there)}


def _way(
    rows: _Rows,
    places: NDArray[np.float64],
    index: NDArray[np.int64],
    at: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far each frame is from its key to the next one, 0..1."""
    way = np.zeros(len(at))
    for i, (start, end) in enumerate(pairwise(places.tolist())):
        inside = (index == i) & (at >= start - 1e-9)
        p = np.clip((at[inside] - start) / max(end - start, 1e-9), 0.0, 1.0)
        name, arguments = str(rows[i][2]), tuple(float(n) for n in rows[i][3:])
        way[inside] = np.clip(ease(name, arguments, p), 0.0, 1.0)
    return way

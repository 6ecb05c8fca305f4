"""When in its file a clip is at every frame: the columns `clip.NAME.at` and `clip.NAME.before`, in seconds.

A clip begins at its `start`, or at its `end` if it is played backwards, where its clock does: the film's, or
that of the scene that names it itself. From there it goes as far as its speed says: exactly as fractions say
if that is one number, else by the left sum of the speed over the frames, as all speeds of the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler.crossing import curve_on_film
from anim_compiler.curves import rounded
from anim_compiler.film import Clip, Curve, Film
from anim_compiler.functions.registry import Array
from anim_compiler.moments import exact
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.frames import Chain
    from anim_compiler.memo import Memo
    from anim_compiler.plan import Columns
    from anim_compiler.takes import Take

_NOWHERE = Span(0, 0)

INSIDE = 0.002
"""So many seconds before its end a clip's last frame is looked up: times in files are rounded."""


def at_column(name: str) -> str:
    """The column that holds where in its file a clip is: float64[rows], seconds."""
    return f"clip.{name}.at"


def before_column(name: str) -> str:
    """The column that holds where it was at the frame that a row is made from (`frames.before`); where it is
    if there is none.
    """
    return f"clip.{name}.before"


def after_column(name: str) -> str:
    """The column that holds where it is at the frame that a tween goes on to (`frames.after`)."""
    return f"clip.{name}.after"


def _speed_column(name: str) -> str:
    return f"clip.{name}.speed"


def ramps(film: Film) -> Mapping[str, Curve]:
    """The speeds of clips that change, by the columns that they become."""
    return {
        _speed_column(clip.name): curve_on_film(clip.ramp) for clip in film.clips if clip.ramp is not None
    }


def clip_columns(take: Take, chain: Chain, begin: int, memo: Memo) -> Columns:
    """The columns of the film's clips for a part of a take that begins at its frame `begin`."""
    columns: Columns = {}
    for clip in take.film.clips:
        says = (
            "clip",
            repr(replace(clip, span=_NOWHERE)),
            clip.name in take.shot.own_clips,
            take.shot.start,
            memo.place(take.evaluator),
        )
        ramp = take.columns.get(_speed_column(clip.name))
        whole = memo.recall(partial(positions, take, clip), *says, ramp)
        at, before, after = memo.recall(partial(_cut, whole, chain, begin), "clip part", whole, chain, begin)
        columns |= {
            at_column(clip.name): at,
            before_column(clip.name): before,
            after_column(clip.name): after,
        }
    return columns


def _cut(whole: Array, chain: Chain, begin: int) -> tuple[Array, Array, Array]:
    """Where a clip is at the frames of a chain, where it was and will be at those that they are made from."""
    at = np.ascontiguousarray(whole[begin : begin + len(chain.kinds)])
    others = (np.asarray(chain.before), np.asarray(chain.after))
    before, after = (np.where(rows < 0, at, at[np.maximum(rows, 0)]) for rows in others)
    return at, before, after


def positions(take: Take, clip: Clip) -> Array:
    """Where in its file a clip is at each of a take's frames: float64[frames], seconds from its beginning."""
    start, end = float(clip.start), float(clip.seconds if clip.end is None else clip.end)
    travelled, backwards = _travelled(take, clip)
    # played backwards, the frame before a moment belongs to it, as the one after it does forwards
    place = travelled + ((end - start) - INSIDE if backwards else 0.0)
    length = end - start
    if clip.loop:
        place = np.mod(place, length)
        place[length - place < 1e-9] = 0.0
    return rounded(start + np.clip(place, 0.0, max(length - INSIDE, 0.0)))


def _travelled(take: Take, clip: Clip) -> tuple[Array, bool]:
    """How many seconds of its file a clip has gone since it began, and whether it began backwards."""
    own, clock = clip.name in take.shot.own_clips, take.clock
    begins = take.shot.start if own else Fraction(0)
    if clip.ramp is None:
        return clock.since(begins, exact(clip.speed)), clip.speed < 0
    speeds, step = np.asarray(take.columns[_speed_column(clip.name)], dtype=np.float64), float(1 / clock.fps)
    gone = np.concatenate([[0.0], np.cumsum(speeds[:-1])]) * step
    film = take.evaluator.film
    if own or film is None:
        return gone + clock.since(begins)[0] * speeds[0], bool(speeds[0] < 0)
    whole = film.column(curve_on_film(clip.ramp).expr)
    return gone + float(np.sum(whole[: clock.first])) * step, bool(whole[0] < 0)

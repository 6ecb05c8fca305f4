"""Transitions as columns: how much of a scene is shown while it comes and goes."""

from __future__ import annotations

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.film import Shot, Transition
from anim_compiler.functions.registry import Array

OVERLAPPING = frozenset({"crossfade", "morph", "wipe"})
"""Transitions under which the scene before runs on."""

DIPS = ("transition.rise", "transition.fall")
"""The columns that say how much of a dip's colour is shown: where a scene comes, and where it goes."""


def overlap(following: Shot, clock: FilmClock, most: int) -> int:
    """How many frames a scene runs on under the one that follows it, at most `most`, by the film's clock."""
    how = following.transition
    if how.kind not in OVERLAPPING:
        return 0
    begins, ends = (clock.frame_at(at, clock.fps) for at in (following.start, following.start + how.seconds))
    return min(ends - begins, most)


def reveal(clock: FilmClock, arrives: Transition) -> Array:
    """The share of the scene in what is shown, the rest being the scene before: float64[frames]."""
    if arrives.kind not in OVERLAPPING:
        return np.ones(clock.frames)
    return np.clip(clock.times / float(arrives.seconds), 0.0, 1.0)


def rise(clock: FilmClock, arrives: Transition) -> Array:
    """The share of the dip's colour in what is shown at a scene's beginning: float64[frames].

    Half of a dip's time belongs to the scene before, half to the one after.
    """
    return _dipped(clock.times, arrives)


def fall(clock: FilmClock, leaves: Transition) -> Array:
    """The share of the dip's colour in what is shown at a scene's end: float64[frames]."""
    return _dipped(float(clock.length) - clock.times, leaves)


def _dipped(distance: Array, transition: Transition) -> Array:
    if transition.kind != "dip":
        return np.zeros(len(distance))
    return np.clip(1.0 - distance / (float(transition.seconds) / 2.0), 0.0, 1.0)

"""Which frames the scenes of a film are, at its own rate or another."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from anim_compiler.asking import Part
from anim_compiler.film import Film
from anim_compiler.listening import Listener, film_clock
from anim_compiler.world import World


def scene_frames(film: Film, world: World, fps: Fraction | None = None) -> tuple[Part, ...]:
    """The scenes that have frames, in order: together they are all frames of the film.

    AudioError for a track that tells the film's lengths and cannot be read.
    """
    clock = film_clock(film, Listener(film, world), fps=fps)
    begins = [clock.frame_at(shot.start, clock.fps) for shot in film.shots]
    rows = zip(film.shots, pairwise([*begins, clock.frames]), strict=True)
    return tuple(Part(shot.name, first, end) for shot, (first, end) in rows if first < end)

"""What a film calls the models that draw it."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

from anim_compiler.film import Film, Shot, WordSchedule

BUILT_IN_MODEL = "postcard"
"""The reference of the model that ships with the package."""


def texts_of(schedule: WordSchedule) -> tuple[str, ...]:
    """The texts of a schedule, each once, in the order in which they first stand there."""
    return tuple(dict.fromkeys(text for _, text in schedule.keys))


def models_of(film: Film) -> tuple[str, ...]:
    """The references of a film's models, in the order in which they first stand there."""
    if isinstance(film.model, WordSchedule):
        return texts_of(film.model)
    return (film.model or BUILT_IN_MODEL,)


def models_in(film: Film, shot: Shot) -> tuple[str, ...]:
    """Those of them that draw frames of a shot; all of them where a key stands on a beat, whose second only
    the song tells.
    """
    if not isinstance(film.model, WordSchedule) or any(at.beats for at, _ in film.model.keys):
        return models_of(film)
    first, end = (ceil(second * film.fps) for second in (shot.start, shot.start + shot.length))
    rows = sorted((ceil((at.start + at.seconds) * film.fps), text) for at, text in film.model.keys)
    # the first one draws what is before its key as well
    begins = [0, *(frame for frame, _ in rows[1:]), max(end, rows[-1][0])]
    spans = zip(pairwise(begins), (text for _, text in rows), strict=True)
    return tuple(dict.fromkeys(text for (begin, until), text in spans if begin < end and first < until))

"""The numbers of a film: every curve that its text knows, and what is heard in its track."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anim_compiler.asking import Asked
from anim_compiler.film import Film
from anim_compiler.memo import Memo
from anim_compiler.remembered import heard
from anim_compiler.seeds import drawn
from anim_compiler.signatures import READABLE
from anim_compiler.sound.problem import AudioError
from anim_compiler.world import World
from anim_studio.live.version import Good

#: what is shown of a track, whether the film reads it or not
SHOWN: Final = ("bass", "mid", "treble", "energy", "onset", "beat", "downbeat")

#: a file that is locked and not here, and whose lock does not hold what is asked
_NOT_HERE: Final = "E4034"

_Column = NDArray[np.float64]


class Numbers:
    """Evaluates the curves of one version after the other; what an edit does not touch is found again."""

    def __init__(self, memo: Memo) -> None:
        self._memo = memo
        #: tracks of which all that is shown was heard, by what is heard in them
        self._known: frozenset[str] = frozenset()

    def unknown(self, film: Film) -> tuple[str, ...]:
        """The tracks of a film that were not heard yet, by name."""
        return tuple(name for name, says in heard(film).items() if says not in self._known)

    def silent(self, film: Film, world: World, seed: int | None) -> Good:
        """The curves that the film writes, without what is only shown. AudioError if one follows a track that
        cannot be read.
        """
        asked = self._asked(film, world, seed)
        names = [name for name in asked.names() if name not in READABLE]
        return _good(film, asked, {name: asked.curve(name) for name in names})

    def readable(self, film: Film, world: World, seed: int | None) -> tuple[Good, tuple[str, ...]]:
        """The same without the curves that follow a track that cannot be read, and the names of such tracks.
        AudioError if the film's length hangs on one.
        """
        asked = self._asked(film, world, seed)
        curves: dict[str, _Column] = {}
        missing: list[str] = []
        for name in (name for name in asked.names() if name not in READABLE):
            try:
                curves[name] = asked.curve(name)
            except AudioError as error:
                missing.append(error.track)
        return _good(film, asked, curves), tuple(dict.fromkeys(name for name in missing if name))

    def whole(self, film: Film, world: World, seed: int | None) -> Good:
        """All of them with what is heard in the track that the film follows, if there is one to be read."""
        asked = self._asked(film, world, seed)
        names = [name for name in asked.names() if name not in READABLE]
        curves = {name: asked.curve(name) for name in names}
        if film.tempo.track is not None:
            curves |= _sound(asked, [name for name in SHOWN if name in READABLE and name not in curves])
        self._known = frozenset(heard(film).values())
        return _good(film, asked, curves)

    def _asked(self, film: Film, world: World, seed: int | None) -> Asked:
        self._memo.begin(film)
        chosen = film.seed if seed is None else seed
        # as a plan draws it, so that noise is the same
        return Asked(film, world, memo=self._memo, seed=drawn(film.name) if chosen < 0 else chosen)


def _sound(asked: Asked, names: Iterable[str]) -> dict[str, _Column]:
    try:
        return {name: asked.curve(name) for name in names}
    except AudioError as error:
        if error.code == _NOT_HERE:
            return {}
        raise


def _good(film: Film, asked: Asked, found: Mapping[str, _Column]) -> Good:
    moving = tuple(name for name, values in found.items() if _moves(values))
    sound = [name for name in found if name in READABLE]
    settings = [name for name in found if name not in READABLE]
    order = [name for name in settings if name in moving]
    order += [name for name in settings if name not in moving]
    curves = {name: found[name] for name in (*order, *sound)}
    parts = asked.parts
    return Good(
        film=film,
        fps=Fraction(film.fps),
        frames=parts[-1].end if parts else film.frames,
        parts=parts,
        curves=curves,
        moving=tuple(name for name in curves if name in moving),
    )


def _moves(values: _Column) -> bool:
    """Whether a curve is not the same all along, where it is there at all."""
    if not values.size or values.strides == (0,):
        return False
    there = values[~np.isnan(values)]
    return bool(there.size and (there != there[0]).any())

"""What may be said of a film whose song was not heard yet: what is so whatever the song's tempo is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from anim_compiler.film import Film
from anim_compiler.scope import UNHEARD
from anim_dsl.diagnostic import Diagnostic, Severity, has_errors

Checked: TypeAlias = tuple[Film | None, tuple[Diagnostic, ...]]

OTHER_TEMPI = (40, 240)
"""A slow and a fast tempo, in beats a minute: songs are hardly ever beyond them."""

_OF_NAMES = frozenset({UNHEARD, "E2001", "E2002", "E2003", "E2004", "E2018", "W6001"})
"""What is said of names, which are there at any tempo: two more checks would say no less."""


def is_unheard(found: tuple[Diagnostic, ...]) -> bool:
    """Whether lengths were reckoned at a guess, and there is something to say that may hang on it."""
    codes = {one.code for one in found}
    return UNHEARD in codes and not codes <= _OF_NAMES


def at_any_tempo(first: Checked, check: Callable[[int], Checked]) -> Checked:
    """A check at a guessed tempo without what is not found at a slow and at a fast one as well.

        4.5s of `crossfade` out of 2 bars, which are 4s at 120 bpm → no error, for at 40 bpm they are 12s

    The film is that of a tempo at which it has no errors; None if there is none such.
    """
    every = (first, *map(check, OTHER_TEMPI))
    film, found = next((each for each in every if each[0] is not None), first)
    kept = tuple(one for one in found if one.code == UNHEARD or all(_stands(one, in_) for _, in_ in every))
    # where every tempo has another error, those of the first are as good as any
    return (film, kept) if film is not None or has_errors(kept) else first


def _stands(one: Diagnostic, found: tuple[Diagnostic, ...]) -> bool:
    """Whether another check says the same; its errors may be of other numbers."""
    if one.severity is not Severity.ERROR:
        return one in found
    return any((one.code, one.source, one.span) == (other.code, other.source, other.span) for other in found)

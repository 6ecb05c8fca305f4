"""A film whose lengths are told by a song: heard, and checked once more with the song's own grid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anim_compiler.check import check
from anim_compiler.film import Film
from anim_compiler.listening import Listener
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.parse import parse
from anim_dsl.syntax import Document

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis


def settled(
    film: Film, world: World, heard: dict[str, Analysis] | None = None
) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """The film with its places as the song tells them, None if that film has errors, and all that is found
    in it; any other film as it is, of which nothing is told again.

    `heard` are analyses that there are already. AudioError for a track that cannot be read.
    """
    if not film.tempo.awaits:
        return film, ()
    grid = Listener(film, world, heard).grid()
    return check(_document(film), world, _place(film), grid)


def unsaid(
    film: Film, world: World, heard: dict[str, Analysis] | None = None
) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """The same, with what was not found in the provisional film already."""
    if not film.tempo.awaits:
        return film, ()
    # before it is heard, for then a check knows it
    _, provisional = check(_document(film), world, _place(film))
    made, found = settled(film, world, heard)
    said = set(provisional)
    return made, tuple(each for each in found if each not in said)


def _document(film: Film) -> Document:
    """The tree that a film was checked from."""
    return replace(parse(film.source)[0], given=film.given)


def _place(film: Film) -> int | None:
    """Which of the variants of its text a film is."""
    return None if film.variant is None else film.variants.index(film.variant)

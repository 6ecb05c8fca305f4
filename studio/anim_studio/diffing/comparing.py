"""Two films that were read, checked and compared."""

from __future__ import annotations

from anim_studio.cli.choice import Choice
from anim_studio.cli.environment import Environment
from anim_studio.diffing.sides import Checked, Read, checked
from anim_studio.diffing.told import Told


def compared(films: tuple[Read, Read], choice: Choice, environment: Environment) -> Told:
    """The films checked, compiled with the same options, and compared; files that are only imported by what
    they declare.
    """
    from anim_compiler.diff import compare, is_library, library_changes

    sources = [film.source for film in films]
    if sources[0] is not None and sources[1] is not None and all(map(is_library, filter(None, sources))):
        found = library_changes(sources[0], sources[1])
        return Told(Checked(films[0], None), Checked(films[1], None), None, found)
    before, after = (checked(film, choice, environment) for film in films)
    if before.side is None or after.side is None:
        return Told(before, after, None)
    return Told(before, after, compare(before.side, after.side))

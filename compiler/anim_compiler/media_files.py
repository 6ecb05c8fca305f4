"""Videos, masks and files of times: what is behind their statements."""

from __future__ import annotations

from anim_compiler.expressions import Expressions
from anim_compiler.levels import Collected
from anim_compiler.world import World
from anim_dsl.syntax import Word


def events(check: Expressions, found: Collected, world: World) -> None:
    """Registers every file of times and curves, before whatever may be told by them."""
    for word, statement in found.statements:
        if word in ("markers", "midi", "series"):
            from anim_compiler.events import reading

            reading.read(check, statement, word, world)


def read(check: Expressions, found: Collected, world: World) -> None:
    """Registers every clip and mask, and every file of texts."""
    for word, statement in found.statements:
        if word == "video":
            from anim_compiler.clips import clip

            made = clip(check, statement, world)
            if made is not None:
                check.scope.clips[made.name] = made
    for word, statement in found.statements:
        if word == "mask":
            _mask(check, statement, world)
        elif word == "lyrics":
            from anim_compiler.sung import read as read_lyrics

            read_lyrics(check, statement, world)


def _mask(check: Expressions, statement: Word, world: World) -> None:
    from anim_compiler.masks import mask

    made = mask(check, statement, world)
    if made is None:
        return
    name = made.mask.name
    check.scope.masks[name] = made.mask
    if made.still is not None:
        check.scope.stills[name] = made.still
    if made.clip is not None:
        check.scope.clips[name] = made.clip

"""What git hands a diff driver: two temporary files of one path, whose revisions it does not tell."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anim_compiler.world import World
from anim_dsl.source import Source
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.diffing.sides import Read

_NOTHING = ("/dev/null", os.devnull)


@dataclass(frozen=True, slots=True)
class Handed:
    """The film's path, and files that hold it before and after; None where there is no such film."""

    path: Path
    before: Path | None
    after: Path | None


def handed(words: Sequence[str]) -> Handed | None:
    """The arguments of git's external diff: path, then file, hash and mode of both, then, for a renamed film,
    its new path and a note. None for a film with conflicts, of which only the path is told.
    """
    if len(words) == 1:
        return None
    if len(words) not in (7, 8, 9):
        hint = 'write `git config diff.anim.command "anim diff --git"`, and let git call it'
        raise Stop(Exit.USAGE, "`--git` takes the seven arguments of a git diff driver", hint)
    path, before, _, _, after = words[:5]
    name = words[7] if len(words) > 7 else path
    return Handed(Path(name), _file(before), _file(after))


def _file(word: str) -> Path | None:
    return None if word in _NOTHING else Path(word)


@contextmanager
def reading(handed_over: Handed, place: int, environment: Environment) -> Iterator[Read]:
    """One of the two films. What it imports and names comes from the work tree: git tells no revision."""
    path = (handed_over.before, handed_over.after)[place]
    world = World.open(handed_over.path, cache=environment.cache)
    label = ("a", "b")[place] + "/" + handed_over.path.as_posix()
    if path is None:
        yield Read(label, None, world, {}, world.root)
        return
    source = world.read_source(path)
    if not isinstance(source, Source):
        raise Stop(Exit.USAGE, source.message, source.hint)
    yield Read(label, Source(handed_over.path.name, source.text), world, {}, world.root)


def is_paged() -> bool:
    """Whether git shows what is written in a pager on a terminal, so that colours are seen."""
    return os.environ.get("GIT_PAGER_IN_USE", "") in ("1", "true") and not os.environ.get("NO_COLOR")

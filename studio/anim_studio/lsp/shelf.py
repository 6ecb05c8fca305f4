"""The models that a film may name: those of its lock, and those of the user's library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from anim_compiler.film import Film, WordSchedule
from anim_compiler.models.facts import ModelFacts
from anim_compiler.world import World


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is known here: how a film names it best, and its facts."""

    reference: str
    facts: ModelFacts
    where: str


def models(world: World) -> tuple[Model, ...]:
    """Every model that the lock or the library knows, each reference once."""
    found = {model.reference: model for model in (*_locked(world), *_library(world))}
    return tuple(found.values())


def family_of(world: World, film: Film | None) -> str:
    """The family of the film's model; empty where it is not known."""
    model = film.model if film is not None else None
    if isinstance(model, WordSchedule):
        model = model.keys[0][1]
    facts = world.models(model or "postcard")
    return facts.family if facts is not None else ""


def _locked(world: World) -> Iterator[Model]:
    lock = world.models.lock
    for reference, locked in lock.models.items() if lock is not None else ():
        yield Model(reference, locked.facts, "lock")


def _library(world: World) -> Iterator[Model]:
    from anim_runtime.models.index import NAME
    from anim_studio.cli.environment import read_environment
    from anim_studio.cli.exits import Stop

    try:
        folder = read_environment(folder=world.folder).models
        changed = (folder / NAME).stat().st_mtime_ns
    except (OSError, Stop):
        return
    yield from _indexed(folder, changed)


@lru_cache(maxsize=4)
def _indexed(folder: Path, changed: int) -> tuple[Model, ...]:
    """The models of a library as its index was when it was changed last."""
    from anim_runtime.models.collection import Library

    del changed
    library = Library(folder)
    try:
        entries = library.index.entries()
    except (sqlite3.Error, OSError):
        return ()
    finally:
        library.close()
    return tuple(Model(e.facts.reference or e.name, e.facts, "library") for e in entries)

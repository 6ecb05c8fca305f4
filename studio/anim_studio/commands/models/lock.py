"""`anim models lock`: `anim.lock` beside films, which holds the models they name to their content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Films
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import plural
from anim_studio.commands.models.opening import opened
from anim_studio.fetching.locking import lock_in, rewrite, shown

if TYPE_CHECKING:
    from anim_compiler.models.lock import LockedModel, ModelLock
    from anim_compiler.models.used import Use
    from anim_compiler.world import World
    from anim_runtime.models.collection import Library


def lock(
    *films: Films,
    check: Annotated[bool, Parameter(name="--check")] = False,
    only: Annotated[bool, Parameter(name="--only")] = False,
) -> int:
    """Write `anim.lock` beside films: the models they name, each held to its content.

    Parameters
    ----------
    films
        Films, whose models must be on this machine.
    check
        Write nothing: tell what the lock lacks, and end with 1 if that is something.
    only
        Leave out of the lock what these films do not name.
    """
    if not films:
        raise Stop(Exit.USAGE, "`lock` needs a film", "write `anim models lock film.anim`")
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    lacking = 0
    for world, named in _by_place(films, environment):
        path, before = lock_in(world)
        if not named and not before.models:
            terminal.note(f"{shown(path.parent)}: nothing to hold, no film there names a model")
            continue
        missing = [use for use in named if use.reference not in before.models]
        if check:
            for use in missing:
                terminal.say(f"{path.name} does not hold `{escaped(use.reference)}`")
            lacking += len(missing)
            continue
        with opened(environment, terminal) as library:
            held = [_held(use, world, environment, library) for use in named]
        after, changed = rewrite(path, environment.cache, partial(_renewed, held=held, only=only))
        sign, told = terminal.paint("✓", "green"), "" if changed else ", nothing new"
        terminal.say(f"{sign} {shown(path)}   {plural(len(after.models), 'model')}{told}")
    return Exit.FILM_ERRORS if lacking else Exit.DONE


def _renewed(lock: ModelLock, held: Sequence[LockedModel], *, only: bool) -> ModelLock:
    """A lock with these models, and with no others if that is asked for."""
    after = lock.with_models(held)
    return after.only(model.reference for model in held) if only else after


def _by_place(films: Sequence[Path], environment: Environment) -> Iterator[tuple[World, tuple[Use, ...]]]:
    """The models that films name, by the lock that holds for them. Raises `Stop` for a film with errors."""
    from anim_compiler.models.lock import lock_path
    from anim_compiler.models.used import used
    from anim_studio.cli.load import load

    found: dict[Path, tuple[World, dict[str, Use]]] = {}
    for film in films:
        loaded = load(film, environment.cache)
        if loaded.film is None:
            raise Stop(Exit.FILM_ERRORS, f"`{film}` has errors", f"`anim check {film}` shows them")
        place = lock_path(loaded.world.folder, loaded.world.root)
        _, uses = found.setdefault(place, (loaded.world, {}))
        uses |= {use.reference: use for use in used(loaded.film, loaded.world.models)}
    for world, uses in found.values():
        yield world, tuple(uses.values())


def _held(use: Use, world: World, environment: Environment, library: Library) -> LockedModel:
    """A model as the lock holds it. Raises `Stop` (exit code 7) if it is not here."""
    from anim_compiler.models.facts import ModelFacts
    from anim_compiler.models.known import facts_at
    from anim_compiler.models.lock import LockedModel
    from anim_runtime.models.entry import quick_id
    from anim_runtime.models.library import MissingModel, digest, locate

    found = locate(use.reference, world.root, environment.models)
    if isinstance(found, MissingModel) or found.path is None:
        told = found if isinstance(found, MissingModel) else None
        message = told.message if told else f"`{use.reference}` is no model that can be held"
        raise Stop(Exit.MODEL_MISSING, message, told.hint if told else "")
    entry = library.index.at(found.path) if library.is_there else None
    facts = entry.facts if entry is not None else facts_at(found.path, use.reference)
    facts = facts or ModelFacts(use.reference)
    size = quick_id(found.path)[1] if facts.size is None else facts.size
    kind = use.kind if facts.kind == "unknown" else facts.kind
    held = replace(
        facts, reference=use.reference, kind=kind, size=size, sha256=digest(found, environment.cache),
        told_by="lock",
        layout="", prediction="", resolution_px=None, author="", description="",
    )  # fmt: skip
    return LockedModel(held, entry.source if entry else "", entry.revision if entry else "")

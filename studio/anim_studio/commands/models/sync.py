"""`anim models sync`: fetches what a lock names and this machine lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli import settings
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.commands.models.opening import opened

if TYPE_CHECKING:
    from anim_compiler.models.lock import LockedModel, ModelLock


def sync(
    lock: Annotated[Path | None, Parameter(name="FILM|LOCK")] = None,
    /,
    *,
    check: Annotated[bool, Parameter(name="--check")] = False,
    progress: Annotated[settings.Progress | None, Parameter(metavar="bar|lines|json|none")] = None,
) -> int:
    """Fetch what the lock of a film names and this machine lacks.

    Parameters
    ----------
    lock
        A film, or a lock; `anim.lock` in this folder unless given.
    check
        Fetch nothing: tell what is missing, and end with 7 if that is something.
    progress
        How a fetch is shown: a bar on a terminal, lines in a log, JSON events, or nothing.
    """
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    path, root, held = _read(lock)
    missing = [(m, why) for m in held.models.values() if (why := _why_missing(m, root, environment))]
    if not missing:
        terminal.say(
            f"{terminal.paint('✓', 'green')} all {plural(len(held.models), 'model')} of {path} are here"
        )
        return Exit.DONE
    for model, why in missing if check else ():
        size = f", {format_bytes(model.facts.size)}" if model.facts.size else ""
        terminal.say(f"{terminal.paint('✗', 'red')} {escaped(model.reference)}{size}: {why}")
    if check:
        return Exit.MODEL_MISSING
    return _fetched([model for model, _ in missing], environment, terminal, progress)


def _read(wanted: Path | None) -> tuple[Path, Path, ModelLock]:
    """The lock, by its path or by a film that it holds for, and the root of its films. Raises `Stop`."""
    from anim_compiler.models.lock import NAME, read_lock
    from anim_compiler.world import World
    from anim_studio.fetching.locking import lock_in

    path = wanted or Path(NAME)
    if not path.is_file():
        hint = (
            "`anim models lock FILM` writes one" if path.name == NAME else "name a film, or its `anim.lock`"
        )
        raise Stop(Exit.USAGE, f"there is no `{path}`", hint)
    world = World.open(path)
    if path.suffix == ".anim":
        place, held = lock_in(world)
        if not place.is_file():
            raise Stop(Exit.USAGE, f"`{path}` has no lock", f"`anim models lock {path}` writes one")
        return place, world.root, held
    found = read_lock(path)
    if found is None or found.fault:
        fault, hint = (found.fault, found.remedy) if found else ("cannot be read", "")
        raise Stop(Exit.USAGE, f"`{path}` {fault}", hint)
    return path, world.root, found


def _why_missing(model: LockedModel, root: Path, environment: Environment) -> str:
    """Why a model has to be fetched; "" if it is here as the lock has it."""
    from anim_runtime.models.library import MissingModel, Places, digest, locate
    from anim_runtime.problems import RenderProblem

    found = locate(model.reference, root, environment.models, model.facts.sha256)
    if isinstance(found, MissingModel):
        return "it is not here"
    try:
        # also where a path leads to another one, and the library has this
        Places(root, environment.models, environment.cache).find(model.reference, model.facts.sha256)
    except RenderProblem:
        actual = digest(found, environment.cache)
    else:
        return ""
    return f"it is another one: its sha256 begins with {actual[:10]}, not {model.facts.sha256[:10]}"


def _fetched(
    models: Sequence[LockedModel],
    environment: Environment,
    terminal: Terminal,
    progress: settings.Progress | None,
) -> int:
    """Fetches models one after the other; one that cannot be had does not keep the others away."""
    code = Exit.DONE
    for model in models:
        try:
            size = _fetched_one(model, environment, terminal, progress)
        except Stop as stop:
            if stop.code != Exit.MODEL_MISSING:
                raise
            terminal.complain(stop.message, stop.hint)
            code = Exit.MODEL_MISSING
        else:
            sign = terminal.paint_note("✓", "green")
            terminal.note(f"{sign} {escaped(model.reference)}, {format_bytes(size)}")
    return code


def _fetched_one(
    model: LockedModel, environment: Environment, terminal: Terminal, progress: settings.Progress | None
) -> int:
    """A model as its lock holds it, in the library; how many bytes it has. Raises `Stop`."""
    from anim_runtime.models.fetched import Pin
    from anim_runtime.models.library import is_address
    from anim_studio.fetching.reaching import reached
    from anim_studio.fetching.showing import shown

    facts = model.facts
    is_of_a_site = is_address(facts.reference) and not facts.reference.startswith("sha256:")
    wanted = facts.reference if is_of_a_site else model.source
    if not wanted:
        hint = "put the file there: it has no address that it could be fetched from"
        raise Stop(Exit.MODEL_MISSING, f"`{facts.reference}` is not here", hint)
    pin = Pin(wanted, facts.sha256, facts.size, model.source, model.revision)
    with (
        opened(environment, terminal) as library,
        shown(progress or environment.settings.progress, terminal) as show,
        reached(environment, show.show) as sources,
    ):
        fetched = sources(pin, library.files)
        # a film that names a path finds it in the library by that; a name that another model has here stays
        # with that one, since this film finds its own by the digest
        others = [entry for entry in library.find(facts.reference) if entry.path != fetched.path]
        also = fetched.also if others else (*fetched.also, facts.reference)
        entry = library.register(replace(fetched, also=also))
    return entry.facts.size or 0

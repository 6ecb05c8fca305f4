"""A film of the command line read, checked and compiled, so that it can be compared."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.world import TOO_LARGE, Problem, World
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.source import Source
from anim_studio.cli.choice import Choice
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.library import known_models
from anim_studio.cli.load import checked_source
from anim_studio.cli.trust import refuse_outside
from anim_studio.cli.variants import variant_place
from anim_studio.diffing.places import Place
from anim_studio.diffing.revision import Revision, RevisionWorld

if TYPE_CHECKING:
    from anim_compiler.diff import Side


@dataclass(frozen=True, slots=True)
class Read:
    """A film's text and the files that it may read; `source` is None where there is no such film.

    `borrowed` are files of it that its revision does not hold, filled while it is checked; `models` is the
    root that models are looked for under if they are not in the world.
    """

    label: str
    source: Source | None
    world: World
    borrowed: Mapping[str, None]
    models: Path


@dataclass(frozen=True, slots=True)
class Checked:
    """A film that was read; `side` is None if it has errors, or is not there."""

    read: Read
    side: Side | None
    errors: tuple[Diagnostic, ...] = ()

    @property
    def is_absent(self) -> bool:
        """Whether there is no such film: it is new, or gone."""
        return self.read.source is None


@contextmanager
def reading(place: Place, environment: Environment) -> Iterator[Read]:
    """The film of a place; what a revision holds lies in a temporary folder meanwhile."""
    if place.revision is None:
        yield _from_file(place, environment)
        return
    repository = place.repository()
    path = repository.inside(place.path)
    with tempfile.TemporaryDirectory(prefix="anim-diff-") as folder:
        revision = Revision(repository, place.revision, place.commit, Path(folder))
        world = RevisionWorld(revision, path, cache=environment.cache)
        source = world.film(path, place.path.name) if revision.holds(path) else None
        yield Read(place.label, _text(source), world, revision.borrowed, repository.top / revision.root(path))


def _from_file(place: Place, environment: Environment) -> Read:
    if place.path.is_dir():
        raise Stop(Exit.USAGE, f"`{place.path}` is a folder, not a film", "name a `.anim` file")
    refuse_outside(place.path)
    world = World.open(place.path, cache=environment.cache, models=known_models(place.path.parent))
    is_gone = place.may_be_absent and not place.path.exists()
    source = None if is_gone else _text(world.read_source(place.path))
    return Read(
        place.label, None if source is None else Source(place.path.name, source.text), world, {}, world.root
    )


def _text(source: Source | Problem | None) -> Source | None:
    if isinstance(source, Problem):
        raise Stop(Exit.LIMIT if source.code == TOO_LARGE else Exit.USAGE, source.message, source.hint)
    return source


def checked(read: Read, choice: Choice, environment: Environment) -> Checked:
    """The film as it is compared. Raises `Stop` for a variant, a scene or frames that it does not have."""
    from anim_compiler.compile import CompileOptions
    from anim_compiler.diff import side

    if read.source is None:
        return Checked(read, None)
    loaded = checked_source(read.source, read.world, given=choice.define)
    if loaded.film is not None and choice.variant is not None:
        place = variant_place(loaded.film, choice.variant)
        loaded = checked_source(read.source, read.world, place, choice.define)
    film = loaded.film
    if film is None:
        return Checked(read, None, _errors(loaded.diagnostics))
    overrides = choice.overrides(choice.only_part(loaded, "diff"))

    def digest(reference: str) -> str:
        return _model(reference, read, environment)

    options = CompileOptions(
        overrides.size, overrides.fps, overrides.frames, overrides.steps, overrides.seed, digest
    )
    opened = side(film, read.world, options)
    return Checked(read, opened.side, () if opened.side is not None else _errors(opened.diagnostics))


def _errors(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR)


def _model(name: str, read: Read, environment: Environment) -> str:
    """The digest of a model; of its name alone where it is not here, for no picture is drawn."""
    from anim_runtime.models.library import MissingModel, digest, locate

    if "/" in name or name.endswith(".safetensors"):
        read.world.resolve(name)  # a file of a revision is taken out of git
    facts = read.world.models(name)
    if facts is not None and facts.told_by == "lock":
        return facts.sha256
    found = locate(name, read.world.root, environment.models)
    if isinstance(found, MissingModel):
        found = locate(name, read.models)
    if isinstance(found, MissingModel):
        return hashlib.sha256(f"a model that is not here\0{name}".encode()).hexdigest()
    return digest(found, environment.cache)

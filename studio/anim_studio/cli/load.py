"""From a path on the command line to a checked film, and on to a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.world import TOO_LARGE, Problem, World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.gate import LIMIT_CODES, UNREAD_CODES
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.library import known_models
from anim_studio.cli.trust import refuse_outside

if TYPE_CHECKING:
    from anim_compiler.film import Film
    from anim_compiler.sound.problem import AudioError
    from anim_dsl.source import Source
    from anim_dsl.syntax import Document


@dataclass(frozen=True, slots=True)
class Loaded:
    """A film that was read and checked; `film` is None if it has errors.

    `variant` is the place of the film among those of its `variant` block, None for the
    film without it.
    """

    path: Path
    world: World
    document: Document
    film: Film | None
    diagnostics: tuple[Diagnostic, ...]
    variant: int | None = None
    #: values that the command line gives to `let`s
    given: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """What files that tell of it are called: `film`, or `film-seed4` for a variant."""
        variant = None if self.film is None else self.film.variant
        return f"{self.path.stem}-{variant.name}" if variant else self.path.stem

    @property
    def has_errors(self) -> bool:
        """Whether the film cannot be rendered."""
        return self.film is None or has_errors(self.diagnostics)

    @property
    def exit(self) -> Exit:
        """What a command that needs this film ends with."""
        told = exit_of(self.diagnostics)
        return max(told, Exit.FILM_ERRORS) if self.film is None else told


def exit_of(found: Iterable[Diagnostic]) -> Exit:
    """What a command ends with that found this in a film."""
    told = tuple(found)
    if any(diagnostic.code in LIMIT_CODES for diagnostic in told):
        return Exit.LIMIT
    return Exit.FILM_ERRORS if has_errors(told) else Exit.DONE


def unheard(error: AudioError, code: Exit = Exit.FILM_ERRORS) -> Stop:
    """What ends a command that cannot read a sound file: with `code`, or beyond a limit with that one."""
    return Stop(Exit.LIMIT if error.code in LIMIT_CODES else code, error.message, error.hint)


def load(path: Path, cache: Path, variant: int | None = None, given: tuple[str, ...] = ()) -> Loaded:
    """Reads, parses and checks a film, or one of its variants; a song that tells its lengths is heard.

    `given` are `NAME=VALUE` for `let`s of the film. Raises `Stop` if the file cannot be read.
    """
    _refuse_what_is_no_file(path)
    refuse_outside(path)
    world = World.open(path, cache=cache, models=known_models(path.parent))
    source = world.read_source(path)
    if isinstance(source, Problem):
        raise Stop(Exit.LIMIT if source.code == TOO_LARGE else Exit.USAGE, source.message, source.hint)
    return checked_source(source, world, variant, given, path)


def checked_source(
    source: Source,
    world: World,
    variant: int | None = None,
    given: tuple[str, ...] = (),
    path: Path | None = None,
) -> Loaded:
    """The film of a text that was read already, from `path`."""
    from anim_compiler.check import check
    from anim_compiler.timed import timed
    from anim_dsl.given import noted, with_given
    from anim_dsl.parse import parse

    path = Path(source.name) if path is None else path
    with timed("parse"):
        document, found = parse(source)
    if any(diagnostic.code in UNREAD_CODES for diagnostic in found):
        return Loaded(path, world, document, None, found, variant, given)
    document, wrong = with_given(document, given)
    with timed("check"):
        film, more = check(document, world) if variant is None else check(document, world, variant=variant)
    if film is not None and film.tempo.awaits:
        with timed("listen"):
            film, more = _heard(film, world, more)
    everything = noted(dict.fromkeys((*found, *wrong, *more)), given)
    diagnostics = tuple(sorted(everything, key=Diagnostic.sort_key))
    film = None if has_errors(diagnostics) else film
    return Loaded(path, world, document, film, diagnostics, variant, given)


def _heard(
    film: Film, world: World, found: tuple[Diagnostic, ...]
) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """A film by its song, and what is found in it then; as it is if the song cannot be heard, which is told
    where it is compiled.
    """
    from anim_compiler.settled import settled
    from anim_compiler.sound.problem import AudioError

    try:
        return settled(film, world)
    except AudioError:
        return film, found


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.is_dir():
        return
    films = sorted(entry.name for entry in path.glob("*.anim") if entry.is_file())
    hint = f"it holds {', '.join(f'`{name}`' for name in films[:5])}" if films else "name a `.anim` file"
    raise Stop(Exit.USAGE, f"`{path}` is a folder, not a film", hint)

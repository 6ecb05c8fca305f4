"""From a path on the command line to a checked film, and on to a plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.world import TOO_LARGE, Problem, World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.gate import LIMIT_CODES, UNREAD_CODES
from anim_studio.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from anim_compiler.film import Film
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

    @property
    def has_errors(self) -> bool:
        """Whether the film cannot be rendered."""
        return self.film is None or has_errors(self.diagnostics)

    @property
    def exit(self) -> Exit:
        """What a command that needs this film ends with."""
        if any(found.code in LIMIT_CODES for found in self.diagnostics):
            return Exit.LIMIT
        return Exit.FILM_ERRORS if self.has_errors else Exit.DONE


def load(path: Path, cache: Path, variant: int | None = None) -> Loaded:
    """Reads, parses and checks a film, or one of its variants. Raises `Stop` if the file cannot be read."""
    from anim_compiler.check import check
    from anim_dsl.parse import parse

    _refuse_what_is_no_file(path)
    world = World.open(path, cache=cache)
    source = world.read_source(path)
    if isinstance(source, Problem):
        raise Stop(Exit.LIMIT if source.code == TOO_LARGE else Exit.USAGE, source.message, source.hint)
    document, found = parse(source)
    if any(diagnostic.code in UNREAD_CODES for diagnostic in found):
        return Loaded(path, world, document, None, found, variant)
    film, more = check(document, world) if variant is None else check(document, world, variant=variant)
    diagnostics = tuple(sorted(dict.fromkeys((*found, *more)), key=Diagnostic.sort_key))
    return Loaded(path, world, document, None if has_errors(diagnostics) else film, diagnostics, variant)


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.is_dir():
        return
    films = sorted(entry.name for entry in path.glob("*.anim") if entry.is_file())
    hint = f"it holds {', '.join(f'`{name}`' for name in films[:5])}" if films else "name a `.anim` file"
    raise Stop(Exit.USAGE, f"`{path}` is a folder, not a film", hint)

"""`anim models verify`: whether models are still what they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.commands.models.opening import name_of, opened, wanted

if TYPE_CHECKING:
    from anim_runtime.models.collection import Library
    from anim_runtime.models.entry import Entry


def verify(
    *references: Annotated[str, Parameter(name="REFERENCE")],
    all: Annotated[bool, Parameter(name="--all")] = False,
) -> int:
    """Read models from end to end, and compare them with what they were.

    Parameters
    ----------
    references
        Models, as `anim models list` calls them.
    all
        Every model of the library.
    """
    if bool(references) == all:
        raise Stop(Exit.USAGE, "`verify` needs to know which models", "name them, or write `--all`")
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    bad = read = 0
    with opened(environment, terminal) as library:
        if all:
            entries = library.index.entries() if library.is_there else ()
        else:
            entries = tuple(wanted(library, reference) for reference in references)
        for entry in entries:
            troubles = tuple(_troubles(library, entry))
            bad += bool(troubles)
            read += (entry.facts.size or 0) if entry.path.exists() else 0
            sign = terminal.paint("✗", "red") if troubles else terminal.paint("✓", "green")
            terminal.say(f"{sign} {escaped(name_of(entry))}{': ' if troubles else ''}{'; '.join(troubles)}")
    after = f"{plural(bad, 'model')} with something wrong" if bad else "all of it is as it was"
    terminal.note(f"read {format_bytes(read)}: {after}")
    return Exit.FILM_ERRORS if bad else Exit.DONE


def _troubles(library: Library, entry: Entry) -> Iterator[str]:
    from anim_compiler.models.header import HeaderProblem, read_header
    from anim_runtime.models.numbers import no_number

    if not entry.path.exists():
        yield f"`{escaped(str(entry.path))}` is not there any more"
        return
    files = sorted(entry.path.rglob("*.safetensors")) if entry.path.is_dir() else [entry.path]
    for file in files:
        found = read_header(file)
        if isinstance(found, HeaderProblem):
            yield f"`{escaped(file.name)}` {found.message}"
        elif name := no_number(file, found):
            yield f"`{escaped(file.name)}` holds values that are no numbers (NaN), in `{escaped(name[:80])}`"
    before = entry.facts.sha256
    try:
        after = library.digest(entry, again=True)
    except OSError as problem:
        yield (problem.strerror or "it cannot be read").lower()
        return
    if before and after != before:
        # what it was stays known, so that it is told again until somebody mends it
        library.keep(entry)
        yield f"its sha256 begins with {after[:10]}, and was {before[:10]}: fetch it again, or remove it"

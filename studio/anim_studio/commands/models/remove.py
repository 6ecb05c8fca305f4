"""`anim models remove`: models taken out of the library, and off the disk if anim fetched them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_bytes
from anim_studio.commands.models.opening import name_of, opened, wanted

if TYPE_CHECKING:
    from anim_runtime.models.entry import Entry


def remove(
    *references: Annotated[str, Parameter(name="REFERENCE")],
    files: Annotated[bool, Parameter(name="--files")] = False,
    keep_files: Annotated[bool, Parameter(name="--keep-files")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"])] = False,
) -> int:
    """Take models out of the library; files of other programs stay.

    Parameters
    ----------
    references
        Models, as `anim models list` calls them.
    files
        Delete the files as well, also those that anim did not fetch.
    keep_files
        Delete no file: the library only forgets them.
    yes
        Do not ask.
    """
    if not references:
        raise Stop(Exit.USAGE, "`remove` needs a model", "`anim models list` shows all of them")
    if files and keep_files:
        raise Stop(Exit.USAGE, "`--files` and `--keep-files` say the opposite", "leave one of them out")
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    with opened(environment, terminal) as library:
        going = tuple(dict.fromkeys(wanted(library, reference) for reference in references))
        deleted = {entry.path: (files or entry.is_own) and not keep_files for entry in going}
        for entry in going:
            _tell(entry, deleted[entry.path], terminal)
        if not yes and not _agrees(terminal, any(deleted.values())):
            terminal.note("nothing was removed")
            return Exit.DONE
        for entry in going:
            library.forget(entry, with_files=deleted[entry.path])
    freed = sum(entry.facts.size or 0 for entry in going if deleted[entry.path])
    terminal.say(f"removed {len(going)}; {format_bytes(freed)} freed")
    return Exit.DONE


def _tell(entry: Entry, is_deleted: bool, terminal: Terminal) -> None:
    size = format_bytes(entry.facts.size or 0)
    verb = f"delete {size}" if is_deleted else "forget, and leave"
    terminal.note(f"{escaped(name_of(entry))}: {verb} {escaped(str(entry.path))}")


def _agrees(terminal: Terminal, is_deleted: bool) -> bool:
    """Whether the user says yes. Raises `Stop` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise Stop(Exit.USAGE, "nobody is there to be asked", "write `--yes` if you mean it")
    terminal.err.write("remove the files for good? [y/N] " if is_deleted else "remove? [y/N] ")
    terminal.err.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")

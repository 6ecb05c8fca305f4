"""`anim models where`: where models are kept, or where one of them lies."""

from __future__ import annotations

import shutil
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.commands.models.opening import opened, wanted


def where(reference: Annotated[str | None, Parameter(name="REFERENCE")] = None, /) -> int:
    """Say where models are kept, or where one of them lies.

    Parameters
    ----------
    reference
        A model; its path alone is printed, for other programs to use.
    """
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    with opened(environment, terminal) as library:
        if reference is not None:
            terminal.say(str(wanted(library, reference).path))
            return Exit.DONE
        every = library.index.entries() if library.is_there else ()
        own = [entry for entry in every if entry.is_own]
        terminal.say(str(library.folder))
        size = format_bytes(sum(entry.facts.size or 0 for entry in own))
        terminal.say(f"  {plural(len(own), 'model')} that anim fetched, {size}")
        near = next((place for place in (library.folder, *library.folder.parents) if place.is_dir()), None)
        if near is not None:
            terminal.say(f"  {format_bytes(shutil.disk_usage(near).free)} free on its disk")
        for folder in library.folders():
            inside = [entry for entry in every if entry.path.is_relative_to(folder)]
            told = plural(len(inside), "model") if folder.is_dir() else "is not there any more"
            terminal.say(f"{folder}\n  {told}")
    return Exit.DONE

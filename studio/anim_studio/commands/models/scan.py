"""`anim models scan`: models that other programs keep, used where they are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.commands.models.opening import opened
from anim_studio.commands.models.telling import rows

if TYPE_CHECKING:
    from anim_runtime.models.collection import Library
    from anim_runtime.models.entry import Entry
    from anim_runtime.models.scan import Scanned

#: so many files that are no models are named
SHOWN = 8


def scan(
    *folders: Annotated[Path, Parameter(name="FOLDER")],
    hash: Annotated[bool, Parameter(name="--hash")] = False,
) -> int:
    """Find models that other programs keep, and use them where they are.

    Parameters
    ----------
    folders
        Folders of AUTOMATIC1111, ComfyUI, the Hugging Face cache, or any other; those that were looked
        through before, and that cache, if none is named.
    hash
        Read every model from end to end, for its sha256; else that is done when somebody asks for it.
    """
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    with opened(environment, terminal) as library:
        wanted = folders or _usual(library)
        for folder in wanted:
            if not folder.expanduser().is_dir():
                raise Stop(Exit.USAGE, f"`{folder}` is no folder", "name the folder that models lie in")
            found = library.scan(folder, lambda done, every: _progress(terminal, "looked at", done, every))
            _tell(found, terminal)
            if hash:
                _hash(library, (*found.new, *found.known), terminal)
        if not wanted:
            terminal.note("no folder is known yet: write `anim models scan FOLDER`")
    return Exit.DONE


def _usual(library: Library) -> tuple[Path, ...]:
    """Folders that were named before, the library's own, and the cache of the hub."""
    from anim_runtime.models.hub_cache import hub_folder

    return tuple(
        folder
        for folder in dict.fromkeys((*library.folders(), library.files, hub_folder()))
        if folder.is_dir()
    )


def _tell(found: Scanned, terminal: Terminal) -> None:
    called = "" if found.layout == "folder" else f" ({found.layout})"
    new, known = len(found.new), len(found.known)
    terminal.say(f"{escaped(str(found.folder))}{called}: {plural(new + known, 'model')}, {new} of them new")
    if found.new:
        for line in rows(found.new, shutil.get_terminal_size().columns - 2):
            terminal.say(f"  {line}")
    if found.gone:
        terminal.say(f"  {plural(len(found.gone), 'model')} went away, and the library forgot")
    for group in found.alike:
        size = format_bytes(group[0].facts.size or 0)
        listed = ", ".join(escaped(str(entry.path)) for entry in group)
        terminal.say(f"  {size} are there {len(group)} times: {listed}")
    for unread in found.unread[:SHOWN]:
        terminal.note(f"  {escaped(unread.path.name)} {unread.why}")
    if len(found.unread) > SHOWN:
        terminal.note(f"  … and {len(found.unread) - SHOWN} more files that are no models")
    if found.pickles:
        first = escaped(str(found.pickles[0]))
        terminal.note(
            f"  {plural(len(found.pickles), 'pickled file')} left out, which can run code when opened: "
            f"`anim models convert {first}` turns one into safetensors"
        )
    if found.is_cut:
        terminal.note("  the folder holds more files than models can be; only the first were looked at")


def _hash(library: Library, entries: tuple[Entry, ...], terminal: Terminal) -> None:
    for number, entry in enumerate(entries):
        _progress(terminal, "read", number, len(entries))
        library.digest(entry)
    _progress(terminal, "read", len(entries), len(entries))


def _progress(terminal: Terminal, verb: str, done: int, every: int) -> None:
    """A line that is written over, where somebody watches."""
    if not terminal.err.isatty() or every < 2:
        return
    terminal.err.write(f"\r  {verb} {done} of {every}\x1b[K" if done < every else "\r\x1b[K")
    terminal.err.flush()

"""`anim models info`: all that is known of a model, and which films use it."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import open_terminal
from anim_studio.commands.models.opening import opened, wanted
from anim_studio.commands.models.telling import as_json, facts_rows, film_line

if TYPE_CHECKING:
    from anim_runtime.models.entry import Entry

#: films of a folder that are looked into
_MOST_FILMS = 200


def info(reference: Annotated[str, Parameter(name="REFERENCE")], /, *, json: bool = False) -> int:
    """Tell all that is known of a model, and which films use it.

    Parameters
    ----------
    reference
        What a film calls it, its name, its title, the beginning of its sha256, or a file.
    json
        One JSON object.
    """
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    with opened(environment, terminal) as library:
        path = Path(reference).expanduser()
        known = library.index.at(path.absolute()) if library.is_there else None
        entry = _of_file(path) if known is None and path.exists() else wanted(library, reference)
    uses = tuple(_uses(entry, Path.cwd()))
    if json:
        terminal.out.write(json_text.dumps(as_json(entry) | {"films": [str(film) for film in uses]}) + "\n")
        return Exit.DONE
    from anim_dsl.visible import escaped

    terminal.say(terminal.paint(escaped(entry.title), "bold"))
    for name, text in facts_rows(entry):
        terminal.say(f"  {name:<11} {text}")
    if uses:
        terminal.say(f"  {'films':<11} {', '.join(escaped(str(film)) for film in uses)}")
    terminal.say("")
    terminal.say(f"  {escaped(film_line(entry))}")
    return Exit.DONE


def _of_file(path: Path) -> Entry:
    """What a file that is not in the library says of itself."""
    from anim_runtime.models.scan import Unread, read_model

    if path.suffix.lower() in (".ckpt", ".pt", ".pth", ".bin"):
        hint = f"`anim models convert {path}` turns it into safetensors, in a process that can do no harm"
        raise Stop(Exit.USAGE, f"`{path}` is a pickle, which can run code when it is opened", hint)
    found = read_model(path.absolute())
    if isinstance(found, Unread):
        raise Stop(
            Exit.USAGE, f"`{path}` {found.why}", "only `.safetensors` files and diffusers folders are read"
        )
    return found


def _uses(entry: Entry, folder: Path) -> Iterator[Path]:
    """The films in a folder and those below that name a model by one of its references or its path."""
    words = {f'"{name}"'.encode() for name in (*entry.references, entry.name)}
    films = sorted((*folder.glob("*.anim"), *folder.glob("*/*.anim")))
    for film in films[:_MOST_FILMS]:
        try:
            text = film.read_bytes() if film.stat().st_size <= 1 << 20 else b""
        except OSError:
            continue
        inside = entry.path.is_relative_to(film.parent) and entry.path.relative_to(film.parent).as_posix()
        if any(word in text for word in words) or (inside and f'"{inside}"'.encode() in text):
            yield film.relative_to(folder)

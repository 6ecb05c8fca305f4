"""What every command below `anim models` begins with: the library, opened, and a model out of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from anim_dsl.nearest import nearest
from anim_studio.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from anim_runtime.models.collection import Library
    from anim_runtime.models.entry import Entry
    from anim_studio.cli.environment import Environment
    from anim_studio.cli.terminal import Terminal


@contextmanager
def opened(environment: Environment, terminal: Terminal) -> Iterator[Library]:
    """The user's library. What its disk refuses, and that it had to be made again, is told."""
    from anim_runtime.models.collection import Library

    library = Library(environment.models)
    try:
        yield library
    except BrokenPipeError:
        raise  # who reads the output has seen enough
    except (sqlite3.Error, OSError) as problem:
        reason = (getattr(problem, "strerror", None) or str(problem)).lower()
        hint = "`anim models where` shows where models are kept; set `ANIM_MODELS` to keep them elsewhere"
        if isinstance(problem, sqlite3.DatabaseError) and not isinstance(problem, sqlite3.OperationalError):
            hint = "delete `index.sqlite` there: it is made again from the models on the disk"
        raise Stop(Exit.USAGE, f"the library in `{library.folder}` cannot be used: {reason}", hint) from None
    finally:
        library.close()
        if library.told:
            terminal.note(f"{terminal.paint_note('note', 'yellow')}: {library.told}")


def wanted(library: Library, reference: str) -> Entry:
    """The model that a word leads to: a reference, a path, a name, a title or a digest. Raises `Stop`."""
    from anim_runtime.models.library import is_address

    path = Path(reference).expanduser().absolute()
    at = library.index.at(path) if library.is_there else None
    found = (at,) if at is not None else library.find(reference)
    if len(found) == 1 or (found and reference in found[0].references):
        return found[0]
    if found:
        listed = ", ".join(f"`{name_of(entry)}`" for entry in found[:5])
        raise Stop(Exit.USAGE, f"`{reference}` may be several models", f"write one of {listed}")
    if is_address(reference):
        hint = f"fetch it: `anim models add {reference}`"
        raise Stop(Exit.MODEL_MISSING, f"the model `{reference}` is not on this machine", hint)
    if not library.is_there:
        hint = "`anim models scan FOLDER` finds those you have, `anim models search WORDS` others"
        raise Stop(Exit.MODEL_MISSING, "there is no model on this machine but the built-in one", hint)
    near = nearest(reference, [word for entry in library.index.entries() for word in words_of(entry)])
    hint = f"did you mean `{near}`?" if near else "`anim models list` shows all of them"
    raise Stop(Exit.MODEL_MISSING, f"there is no model `{reference}` in the library", hint)


def name_of(entry: Entry) -> str:
    """What a film, or another command, may call a model: its reference, else its file's name."""
    return entry.facts.reference or entry.name


def words_of(entry: Entry) -> tuple[str, ...]:
    """All that leads to a model."""
    return (*entry.references, entry.name)

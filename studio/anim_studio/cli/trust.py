"""What a film of somebody else's may be: a file of the project that the command is run in.

The world of a film reads nothing outside its root, links followed. `--untrusted` asks more: the film itself,
which the command line may have found in a folder, must not be a link that leads out of the project, nor may
what is committed beside it, its plan or its snapshot, or what is written.
"""

from __future__ import annotations

import os
from pathlib import Path

from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.invocation import invocation


def is_untrusted() -> bool:
    """Whether the command line says so."""
    return invocation().untrusted


def refuse_outside(path: Path) -> None:
    """Raises `Stop` for an untrusted film, or a file of one, that is a link out of its project, or lies
    behind one: for reading and for writing.
    """
    if leads_out(path):
        hint = "with `--untrusted` films and their files are files of the project itself"
        raise Stop(Exit.USAGE, f"`{path}` leads out of the project", hint, "E4001")


def leads_out(path: Path) -> bool:
    """Whether a film, or a file of one, is untrusted, and a link out of its project or behind one."""
    if not is_untrusted():
        return False
    named = Path(os.path.abspath(path))
    here = Path.cwd()
    # what the user names with a path from elsewhere is theirs up to its folder
    base = here if named.is_relative_to(here) else named.parent
    root = top_of(base.resolve())
    try:
        return not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        # links in a circle
        return True


def top_of(folder: Path) -> Path:
    """The nearest folder upwards with `.git` or `anim.toml`, else the folder itself."""
    for place in (folder, *folder.parents):
        if (place / ".git").exists() or (place / "anim.toml").exists():
            return place
    return folder


def from_top(film: Path) -> str:
    """A film's path from the top of its repository, with forward slashes, as services of CI know files; from
    the working folder if it is in none.
    """
    whole = film.parent.resolve() / film.name
    for place in whole.parents:
        if (place / ".git").exists():
            return whole.relative_to(place).as_posix()
    here = Path.cwd()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.as_posix()

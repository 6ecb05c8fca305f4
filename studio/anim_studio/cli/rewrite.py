"""The films that a command rewrites: found in folders, read from standard input, compared."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

from anim_dsl.visible import escaped
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal
from anim_studio.lexing.painter import painter

STDIN = Path("-")
"""What names standard input on the command line."""

STDIN_NAME = "<stdin>"


def films_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The films that paths name, each once: folders stand for all `.anim` files below, hidden ones apart.

    Raises `Stop` for a folder without films.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path == STDIN or not path.is_dir():
            found[path] = None
            continue
        inside = sorted(
            film for film in path.rglob("*.anim") if film.is_file() and not _is_hidden(film, path)
        )
        if not inside:
            raise Stop(Exit.USAGE, f"there is no film in the folder `{path}`", "name a `.anim` file")
        found.update(dict.fromkeys(inside))
    return tuple(found)


def real_films(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The films below folders, without the files that are only imported by others.

    Raises `Stop` for a folder without films.
    """
    return tuple(film for film in films_in(folders) if not _is_library(film))


def _is_library(film: Path) -> bool:
    """Whether a file is only imported. What may not be read, or cannot be, is told where it is loaded."""
    from anim_compiler.diff.library import is_library
    from anim_compiler.world import MOST_BYTES
    from anim_dsl.source import Source
    from anim_studio.cli.trust import leads_out

    try:
        if leads_out(film) or film.stat().st_size > MOST_BYTES:
            return False
        return is_library(Source(film.name, film.read_bytes().decode("utf-8", "replace")))
    except OSError:
        return False


def _is_hidden(film: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in film.relative_to(folder).parts)


def read_stdin() -> str:
    """The text on standard input, at most a little more than a film may have.

    Raises `Stop` if it is no UTF-8.
    """
    from anim_dsl.gate import MOST_BYTES

    data = sys.stdin.buffer.read(MOST_BYTES + 8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) > MOST_BYTES:
            # the cut may have gone through a character; the text is too long either way
            return data.decode("utf-8", "replace")
        raise Stop(
            Exit.USAGE, f"standard input is no UTF-8 text at byte {error.start}", "save it as UTF-8"
        ) from None


def has_mark(path: Path) -> bool:
    """Whether a file begins with a byte order mark; standard input counts as one without."""
    if path == STDIN:
        return False
    with path.open("rb") as file:
        return file.read(3) == b"\xef\xbb\xbf"


def show_diff(name: str, before: str, after: str, terminal: Terminal) -> None:
    """A unified diff on standard output, in colour on a terminal, foreign text made visible."""
    old, new = (_lines(text) for text in (before, after))
    paint = painter(colour=terminal.out_colour)
    for line in unified_diff(old, new, name, name, lineterm=""):
        style = _style(line)
        shown = escaped(line)
        if style:
            terminal.say(terminal.paint(shown, style))
        else:  # what stays has the language's colours, what changes the diff's
            terminal.say(shown if paint is None else paint(shown))


def _lines(text: str) -> list[str]:
    # a changed line end or a missing last one must be seen, so they are marked
    lines = text.split("\n")
    last = lines.pop()
    return [*lines, *([f"{last}\\ no line end at the end of the file"] if last else [])]


def _style(line: str) -> str:
    if line.startswith(("+++", "---")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")

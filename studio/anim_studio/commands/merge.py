"""`anim merge`: two changed versions of a film made one, by settings and keys instead of lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from anim_compiler.whole_file import write_over
from anim_dsl.visible import escaped
from anim_studio.cli.as_is import write_as_is
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache
from anim_studio.cli.terminal import Terminal, open_terminal


def merge(
    *films: Annotated[str, Parameter(name="FILM")],
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    style: Annotated[
        Literal["merge", "diff3", "zdiff3"] | None, Parameter(metavar="merge|diff3|zdiff3")
    ] = None,
    marker_size: Annotated[int, Parameter(name="--marker-size", metavar="N")] = 7,
    git: bool = False,
    cache: Cache = None,
) -> int:
    """Merge what two people changed in a film: settings by their names, keys by their times.

    Parameters
    ----------
    films
        The version that both began with, ours, and theirs.
    output
        Where the merged film goes; otherwise to standard output.
    style
        What stands between the markers of a conflict: the base's version too, or not.
    marker_size
        How many characters the markers of a conflict have.
    git
        Be a git merge driver: take %O %A %B %P and, if given, %L %S %X %Y. See docs/git.md.
    """
    from anim_studio.merging.handed import Handed, handed, read
    from anim_studio.merging.merged import merged

    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if git and output is not None:
        raise Stop(Exit.USAGE, "`--git` writes where git wants it", "leave `-o` out")
    order: Handed = handed(films, git=git, style=style, marker_size=marker_size)
    texts = tuple(read(path) for path in (order.base, order.ours, order.theirs))
    result = merged((texts[0], texts[1], texts[2]), order.path, order.marking, environment.cache)
    data = result.text.encode("utf-8", "surrogateescape")
    target = order.ours if git else output
    if target is not None:
        _write(target, data)
    else:
        write_as_is(data, terminal)
    for line in result.told:
        terminal.note(f"{escaped(str(order.path))}: {line}")
    _sum_up(terminal, result.conflicts, order.path)
    return Exit.FILM_ERRORS if result.is_open else Exit.DONE


def _write(path: Path, data: bytes) -> None:
    try:
        write_over(path, data)
    except OSError as error:
        raise Stop(
            Exit.USAGE, f"`{path}` cannot be written: {error.strerror}", "name another one with `-o`"
        ) from None


def _sum_up(terminal: Terminal, conflicts: int, path: Path) -> None:
    if conflicts:
        some = "1 conflict is" if conflicts == 1 else f"{conflicts} conflicts are"
        terminal.note(f"{escaped(str(path))}: {some} between markers; the rest is merged")

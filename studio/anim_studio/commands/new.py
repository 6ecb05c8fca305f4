"""`anim new`: a first film that renders as it is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal


def new(
    film: Annotated[Path | None, Parameter(name="FILM")] = None,
    /,
    *,
    template: Annotated[str, Parameter(name=["--template", "-t"], metavar="NAME")] = "zoom",
    list: Annotated[bool, Parameter(name=["--list", "-l"])] = False,
) -> int:
    """Write a first film that renders as it is and teaches while it does.

    Parameters
    ----------
    film
        The file to write; without it the film is called like its template.
    template
        What to begin with: zoom, morph, music-video, product or loop.
    list
        List the templates instead.
    """
    from anim_studio.firsts.templates import TEMPLATES
    from anim_studio.firsts.writing import write_first

    terminal = open_terminal(read_environment().colour)
    if list:
        for row in TEMPLATES:
            terminal.say(f"{terminal.paint(f'{row.name:<12}', 'bold')} {row.help}")
        return Exit.DONE
    chosen = next((row for row in TEMPLATES if row.name == template), None)
    if chosen is None:
        from anim_dsl.nearest import nearest

        names = [row.name for row in TEMPLATES]
        near = nearest(template, names)
        hint = f"did you mean `{near}`?" if near else f"choose one of {', '.join(names)}"
        raise Stop(Exit.USAGE, f"there is no template `{template}`", hint)
    path = _film_path(film, chosen.name)
    written = write_first(path, chosen)
    _tell(terminal, path, written.made, written.kept)
    return Exit.DONE


def _film_path(film: Path | None, name: str) -> Path:
    """Where the film goes: `.anim` may be left out, and in a folder it is called like its template."""
    path = Path(f"{name}.anim") if film is None else film
    if path.is_dir():
        path = path / f"{name}.anim"
    if path.suffix != ".anim":
        path = path.with_name(f"{path.name}.anim")
    if not path.name.isprintable():
        raise Stop(Exit.USAGE, "a film's name is of visible characters", "try another name")
    return path


def _tell(terminal: Terminal, path: Path, made: Sequence[Path], kept: Sequence[Path]) -> None:
    also = f" and {', '.join(f'`{file}`' for file in made)}" if made else ""
    terminal.say(f"{terminal.paint('✓', 'green')} wrote `{path}`{also}")
    for file in kept:
        terminal.say(f"  `{file}` was there already, and the film uses it")
    named = shlex.quote(str(path))
    terminal.say(f"  render it    anim render {named}")
    terminal.say(f"  check it     anim check {named}")
    terminal.say("  then open it in any editor, change a line, and render again")

"""`anim render`: from text to video."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.choice import EVERYTHING, Choice
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Device, Films, Out, Timings
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.rendering import Wish, render_film
from anim_studio.cli.settings import Progress
from anim_studio.cli.stop import stop_switch
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.timings import recorded


def render(
    *films: Films,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    out: Out = None,
    choice: Choice = EVERYTHING,
    device: Device = None,
    sheet: Annotated[Path | None, Parameter(metavar="PATH")] = None,
    stats: bool = False,
    progress: Annotated[Progress | None, Parameter(metavar="bar|lines|json|none")] = None,
    json: bool = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    timings: Timings = None,
    cache: Cache = None,
) -> int:
    """Render films. What was rendered before is reused; a stopped render goes on where it stood.

    A film with a `variant` block is every film of it, one after the other.

    Parameters
    ----------
    films
        The films to render, one after the other.
    output
        Write this one file instead of the film's outputs.
    sheet
        Also draw a contact sheet of the result, as PNG.
    stats
        Also print what was measured of the frames: brightness, flicker, drift and more.
    progress
        How the work is shown: a bar on a terminal, lines in a log, JSON events, or nothing.
    json
        The same as --progress json: one event a line on standard output.
    quiet
        Say nothing but errors and warnings.
    """
    if not films:
        raise Stop(Exit.USAGE, "`render` needs a film", "write `anim render FILM`")
    if len(films) > 1 and (output or sheet):
        raise Stop(
            Exit.USAGE,
            "there are several films for one file",
            "leave out `-o` and `--sheet`, or use `--out DIR`",
        )
    prepare_libraries()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    settings = environment.settings
    wanted = progress or settings.progress
    shown: Progress = "json" if json else "none" if quiet and wanted == "auto" else wanted
    wish = Wish(choice, output, out or settings.out, device or settings.device, shown, sheet, quiet, stats)
    worst: int = Exit.DONE
    with stop_switch() as switch, recorded(timings):
        for film in films:
            code = render_film(film, wish, environment, terminal, switch)
            if switch.code is not None:
                return switch.code
            worst = max(worst, code)
    return worst

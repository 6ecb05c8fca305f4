"""`anim sheet`: a contact sheet of a rendered film or of any video."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.build import build
from anim_studio.cli.choice import EVERYTHING, Choice
from anim_studio.cli.device import chosen_device
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Device, Films
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.reports import Reporter
from anim_studio.cli.sheets import TILES, sheet_of_film, sheet_of_video
from anim_studio.cli.terminal import Terminal, open_terminal


def sheet(
    *films: Films,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    tiles: Annotated[int, Parameter(metavar="N")] = TILES,
    stats: bool = False,
    choice: Choice = EVERYTHING,
    device: Device = None,
    cache: Cache = None,
) -> int:
    """Draw frames of a rendered film, or of a video, side by side.

    Parameters
    ----------
    films
        Videos, or films that were rendered with the same options; each has a sheet of its own.
    output
        Where the picture goes; out/NAME.png unless given.
    tiles
        How many frames are shown.
    stats
        Also print what is measured of every frame, and draw it under the sheet.
    """
    if not films:
        raise Stop(Exit.USAGE, "`sheet` needs a film or a video", "write `anim sheet FILM`")
    if len(films) > 1 and output is not None:
        raise Stop(Exit.USAGE, "there are several films for one picture", "leave out `-o`")
    if tiles < 1:
        raise Stop(Exit.USAGE, f"a sheet of {tiles} frames shows nothing", "`--tiles` must be 1 or more")
    prepare_libraries()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    run = _Run(choice, output, tiles, device or environment.settings.device, stats, environment, terminal)
    return max(run.one(film) for film in films)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one command wants of each of its films and videos."""

    choice: Choice
    output: Path | None
    tiles: int
    device: str
    stats: bool
    environment: Environment
    terminal: Terminal

    def one(self, film: Path) -> int:
        """Draws one sheet; returns the exit code."""
        path = self.output or self.environment.settings.out / f"{film.stem}.png"
        told = self.terminal.say if self.stats else None
        if film.suffix == ".anim" or film.is_dir():
            loaded = self.choice.load(film, self.environment)
            part = self.choice.only_part(loaded, "sheet")
            built = build(loaded, self.environment, Reporter(self.terminal), self.choice.overrides(part))
            if isinstance(built, Exit):
                return built
            path = self.output or part.path(path.with_stem(loaded.stem))
            device = chosen_device(self.device)
            sheet_of_film(built, loaded, self.environment, device, path, self.tiles, stats=told)
        else:
            sheet_of_video(film, path, self.tiles, stats=told)
        self.terminal.say(f"{self.terminal.paint('✓', 'green')} {path}")
        return Exit.DONE

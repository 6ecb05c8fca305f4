"""`anim sheet`: a contact sheet of a rendered film or of any video."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.build import Overrides, build
from anim_studio.cli.device import chosen_device
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import load
from anim_studio.cli.options import Cache, Device, Fps, Frames, Seed, Size, Steps
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.reports import Reporter
from anim_studio.cli.sheets import TILES, sheet_of_film, sheet_of_video
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.variants import VariantName, chosen_variant


def sheet(
    film: Annotated[Path, Parameter(name="FILM")],
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    tiles: Annotated[int, Parameter(metavar="N")] = TILES,
    stats: bool = False,
    size: Size = None,
    fps: Fps = None,
    frames: Frames = None,
    steps: Steps = None,
    seed: Seed = None,
    variant: VariantName = None,
    device: Device = "auto",
    cache: Cache = None,
) -> int:
    """Draw frames of a rendered film, or of a video, side by side.

    Parameters
    ----------
    film
        A video, or a film that was rendered with the same size, frames, steps and seed.
    output
        Where the picture goes; out/NAME.png unless given.
    tiles
        How many frames are shown.
    stats
        Also print what is measured of every frame, and draw it under the sheet.
    """
    if tiles < 1:
        raise Stop(Exit.USAGE, f"a sheet of {tiles} frames shows nothing", "`--tiles` must be 1 or more")
    prepare_libraries()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    told = terminal.say if stats else None
    path = output or Path("out") / f"{film.stem}.png"
    if film.suffix == ".anim" or film.is_dir():
        loaded = chosen_variant(load(film, environment.cache), variant, environment)
        overrides = Overrides(size, fps, frames, steps, seed)
        built = build(loaded, environment, Reporter(terminal), overrides)
        if isinstance(built, Exit):
            return built
        sheet_of_film(built, loaded, environment, chosen_device(device), path, tiles, overrides, stats=told)
    else:
        sheet_of_video(film, path, tiles, stats=told)
    terminal.say(f"{terminal.paint('✓', 'green')} {path}")
    return Exit.DONE

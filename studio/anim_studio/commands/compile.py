"""`anim compile`: a film as the plan that a render runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.build import Overrides, build
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.load import load
from anim_studio.cli.options import Cache, Film, Fps, Frames, Seed, Size, Steps
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import open_terminal


def compile(
    film: Film,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    size: Size = None,
    fps: Fps = None,
    frames: Frames = None,
    steps: Steps = None,
    seed: Seed = None,
    cache: Cache = None,
) -> int:
    """Write a film's plan: stable JSON, with the curves' numbers in a file beside it.

    Parameters
    ----------
    output
        Where the plan goes; FILM.plan.json in the current folder unless given.
    """
    prepare_libraries()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    loaded = load(film, environment.cache)
    built = build(loaded, environment, Reporter(terminal), Overrides(size, fps, frames, steps, seed))
    if built is None:
        return max(loaded.exit, Exit.FILM_ERRORS)
    from anim_compiler.plan import write_plan

    path = output or Path(f"{film.stem}.plan.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_plan(built.plan, built.columns, path)
    kinds = built.plan.kinds
    tweens = kinds.count("tween")
    terminal.say(
        f"{terminal.paint('✓', 'green')} {path}   {built.plan.frames} frames · "
        f"{len(kinds) - tweens} diffused · {tweens} tweens · {len(built.columns)} curves"
    )
    return Exit.DONE

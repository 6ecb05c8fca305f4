"""`anim compile`: a film as the plan that a render runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.build import Built, Overrides, build
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.load import Loaded, load
from anim_studio.cli.options import Cache, Film, Fps, Frames, Seed, Size, Steps
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import plural
from anim_studio.cli.variants import VariantName, chosen_variant


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
    variant: VariantName = None,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Write a film's plan: stable JSON, with the curves' numbers in a file beside it.

    Parameters
    ----------
    output
        Where the plan goes; FILM.plan.json in the current folder unless given.
    quiet
        Say nothing but errors and warnings.
    """
    prepare_libraries()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    loaded = chosen_variant(load(film, environment.cache), variant, environment)
    built = build(loaded, environment, Reporter(terminal), Overrides(size, fps, frames, steps, seed))
    if built is None:
        return max(loaded.exit, Exit.FILM_ERRORS)
    from anim_compiler.plan import write_plan

    named = loaded.film.variant if variant is not None and loaded.film is not None else None
    path = output or Path(f"{film.stem}{f'-{named.name}' if named else ''}.plan.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_plan(built.plan, built.columns, path)
    if not quiet:
        _tell(built, loaded, path, terminal)
    return Exit.DONE


def _tell(built: Built, loaded: Loaded, path: Path, terminal: Terminal) -> None:
    """What was written, and of which of several films."""
    kinds = built.plan.kinds
    tweens = kinds.count("tween")
    terminal.say(
        f"{terminal.paint('✓', 'green')} {path}   {plural(built.plan.frames, 'frame')} · "
        f"{len(kinds) - tweens} diffused · {plural(tweens, 'tween')} · "
        f"{plural(len(built.columns), 'curve')}"
        + (f" · {beneath} beneath others" if (beneath := built.plan.made - built.plan.frames) else "")
    )
    count = len(loaded.film.variants) if loaded.film is not None and loaded.variant is None else 0
    if count:
        terminal.note(f"{plural(count, 'variant')}; `--variant N` picks one; this is the film without them")

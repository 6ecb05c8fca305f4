"""`anim compile`: a film as the plan that a render runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.build import Built, Overrides, build
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded, load
from anim_studio.cli.options import Cache, Fps, Frames, Seed, Size, Steps
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import plural
from anim_studio.cli.variants import VariantName, chosen_variant


def compile(
    film: Annotated[Path | None, Parameter(name="FILM")] = None,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    size: Size = None,
    fps: Fps = None,
    frames: Frames = None,
    steps: Steps = None,
    seed: Seed = None,
    variant: VariantName = None,
    schema: Annotated[bool, Parameter(name="--schema")] = False,
    audio_lock: Annotated[bool, Parameter(name="--audio-lock")] = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Write a film's plan: stable JSON, with the curves' numbers in a file beside it.

    Parameters
    ----------
    film
        The film, a `.anim` file.
    output
        Where the plan goes; FILM.plan.json in the current folder unless given.
    schema
        Print the JSON Schema of plans instead; no film is needed.
    audio_lock
        Write FILM.audio.lock instead, beside the film: what was heard in its tracks. To be committed.
    quiet
        Say nothing but errors and warnings.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if schema:
        return _schema(film, terminal)
    if film is None:
        raise Stop(Exit.USAGE, "`compile` needs a film", "write `anim compile FILM`")
    prepare_libraries()
    loaded = chosen_variant(load(film, environment.cache), variant, environment)
    if audio_lock:
        from anim_studio.cli.audio_lock import write_lock

        code = write_lock(loaded, environment, terminal, quiet=quiet)
        if output is None or code:
            return code
    built = build(loaded, environment, Reporter(terminal), Overrides(size, fps, frames, steps, seed))
    if isinstance(built, Exit):
        return built
    from anim_compiler.plan_file import write_plan

    named = loaded.film.variant if variant is not None and loaded.film is not None else None
    path = output or Path(f"{film.stem}{f'-{named.name}' if named else ''}.plan.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_plan(built.plan, built.columns, path)
    if not quiet:
        _tell(built, loaded, path, terminal)
    return Exit.DONE


def _schema(film: Path | None, terminal: Terminal) -> int:
    """Prints the schema that plans of this version keep to."""
    if film is not None:
        hint = f"write `anim compile --schema`, or `anim compile {film}`"
        raise Stop(Exit.USAGE, "the schema is the same for every film", hint)
    from anim_compiler.json_lines import json_lines
    from anim_compiler.plan_schema import plan_schema

    terminal.say(json_lines(plan_schema()))
    return Exit.DONE


def _tell(built: Built, loaded: Loaded, path: Path, terminal: Terminal) -> None:
    """What was written, and of which of several films."""
    from anim_compiler.frame_table import FRAME_COLUMNS, frame_table

    kinds = frame_table(built.plan, built.columns).kinds
    tweens = kinds.count("tween")
    curves = len(built.columns.keys() - set(FRAME_COLUMNS))
    terminal.say(
        f"{terminal.paint('✓', 'green')} {path}   {plural(built.plan.frames, 'frame')} · "
        f"{len(kinds) - tweens} diffused · {plural(tweens, 'tween')} · "
        f"{plural(curves, 'curve')}"
        + (f" · {beneath} beneath others" if (beneath := built.plan.made - built.plan.frames) else "")
    )
    count = len(loaded.film.variants) if loaded.film is not None and loaded.variant is None else 0
    if count:
        terminal.note(f"{plural(count, 'variant')}; `--variant N` picks one; this is the film without them")

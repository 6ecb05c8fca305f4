"""`anim compile`: a film as the plan that a render runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.build import Built, build
from anim_studio.cli.choice import EVERYTHING, Choice, Part
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded
from anim_studio.cli.options import Cache, Films, Timings
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.timings import recorded
from anim_studio.cli.values import plural


def compile(
    *films: Films,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    choice: Choice = EVERYTHING,
    schema: Annotated[bool, Parameter(name="--schema")] = False,
    audio_lock: Annotated[bool, Parameter(name="--audio-lock")] = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    timings: Timings = None,
    cache: Cache = None,
) -> int:
    """Write a film's plan: stable JSON, with the curves' numbers in a file beside it.

    Parameters
    ----------
    films
        The films, `.anim` files.
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
        return _schema(films, terminal)
    if not films:
        raise Stop(Exit.USAGE, "`compile` needs a film", "write `anim compile FILM`")
    if len(films) > 1 and output is not None:
        raise Stop(Exit.USAGE, "there are several films for one file", "leave out `-o`")
    prepare_libraries()
    run = _Run(choice, output, environment, terminal, audio_lock=audio_lock, quiet=quiet)
    with recorded(timings):
        return max(run.film(film) for film in films)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one command wants of each of its films."""

    choice: Choice
    output: Path | None
    environment: Environment
    terminal: Terminal
    audio_lock: bool
    quiet: bool

    def film(self, film: Path) -> int:
        """Writes the plans of a film's parts, or its lock; returns the exit code."""
        loaded = self.choice.load(film, self.environment)
        if self.audio_lock:
            from anim_studio.cli.audio_lock import write_lock

            code = write_lock(loaded, self.environment, self.terminal, quiet=self.quiet)
            if self.output is None or code:
                return code
        named = loaded.film.variant if self.choice.variant is not None and loaded.film is not None else None
        path = self.output or Path(f"{film.stem}{f'-{named.name}' if named else ''}.plan.json")
        parts = self.choice.parts(loaded)
        of_parts = self.output is None or len(parts) > 1
        return max(self._part(loaded, part, _beside(path, part) if of_parts else path) for part in parts)

    def _part(self, loaded: Loaded, part: Part, path: Path) -> int:
        overrides = self.choice.overrides(part)
        built = build(loaded, self.environment, Reporter(self.terminal), overrides)
        if isinstance(built, Exit):
            return built
        from anim_compiler.plan_file import write_plan

        path.parent.mkdir(parents=True, exist_ok=True)
        write_plan(built.plan, built.columns, path)
        if not self.quiet:
            _tell(built, loaded, path, self.terminal)
        return Exit.DONE


def _beside(path: Path, part: Part) -> Path:
    """The plan of a part: `film.plan.json` to `film-0-47.plan.json`."""
    stem, dot, endings = path.name.partition(".")
    return path.with_name(f"{stem}-{part.label}{dot}{endings}") if part.label else path


def _schema(films: tuple[Path, ...], terminal: Terminal) -> int:
    """Prints the schema that plans of this version keep to."""
    if films:
        hint = f"write `anim compile --schema`, or `anim compile {films[0]}`"
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

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
from anim_studio.cli.rewrite import real_films
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.timings import recorded
from anim_studio.cli.trust import refuse_outside
from anim_studio.cli.values import plural


def compile(
    *films: Films,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    choice: Choice = EVERYTHING,
    schema: Annotated[bool, Parameter(name="--schema")] = False,
    audio_lock: Annotated[bool, Parameter(name="--audio-lock")] = False,
    check: bool = False,
    json: bool = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    timings: Timings = None,
    cache: Cache = None,
) -> int:
    """Write a film's plan: stable JSON, with the curves' numbers in a file beside it.

    Parameters
    ----------
    films
        The films, `.anim` files, or folders of films, whose plans lie beside them.
    output
        Where the plan goes; FILM.plan.json in the current folder unless given.
    schema
        Print the JSON Schema of plans instead; no film is needed.
    audio_lock
        Write FILM.audio.lock instead, beside the film: what was heard in its tracks. To be committed.
    check
        Write nothing; say whether the plans and locks that are there are up to date, with code 1 if not.
    json
        With `--check`: print one JSON document instead.
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
    if json and not check:
        raise Stop(Exit.USAGE, "`--json` is of `--check`; a plan is JSON already", "write `--check --json`")
    prepare_libraries()
    run = _Run(choice, output, environment, terminal, audio_lock=audio_lock, quiet=quiet)
    with recorded(timings):
        if check:
            from anim_studio.fresh.checking import Checking

            return Checking(choice, output, environment, terminal, audio_lock).of(films, quiet, json=json)
        folders = tuple(folder for folder in films if folder.is_dir())
        code: int = max((run.film(film) for film in films if film not in folders), default=Exit.DONE)
        for film in real_films(folders):
            code = max(code, run.film(film, beside=True))
        return code


@dataclass(frozen=True, slots=True)
class _Run:
    """What one command wants of each of its films."""

    choice: Choice
    output: Path | None
    environment: Environment
    terminal: Terminal
    audio_lock: bool
    quiet: bool

    def film(self, film: Path, *, beside: bool = False) -> int:
        """Writes the plans of a film's parts, or its lock; returns the exit code."""
        loaded = self.choice.load(film, self.environment)
        if self.audio_lock:
            from anim_studio.cli.audio_lock import write_lock

            code = write_lock(loaded, self.environment, self.terminal, quiet=self.quiet)
            if self.output is None or code:
                return code
        rows = plan_paths(self.choice, loaded, self.output, film.parent if beside else Path())
        return max(self._part(loaded, part, path) for part, path in rows)

    def _part(self, loaded: Loaded, part: Part, path: Path) -> int:
        overrides = self.choice.overrides(part)
        built = build(loaded, self.environment, Reporter(self.terminal), overrides)
        if isinstance(built, Exit):
            return built
        from anim_compiler.plan_file import columns_path, write_plan

        refuse_outside(path)
        refuse_outside(columns_path(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_plan(built.plan, built.columns, path)
        if not self.quiet:
            _tell(built, loaded, path, self.terminal)
        return Exit.DONE


def plan_paths(
    choice: Choice, loaded: Loaded, output: Path | None, folder: Path
) -> tuple[tuple[Part, Path], ...]:
    """What of a film is compiled, each part with the path of its plan: `output`, or by the film's name in a
    folder.
    """
    named = loaded.film.variant if choice.variant is not None and loaded.film is not None else None
    path = output or folder / f"{loaded.path.stem}{f'-{named.name}' if named else ''}.plan.json"
    parts = choice.parts(loaded)
    of_parts = output is None or len(parts) > 1
    return tuple((part, _beside(path, part) if of_parts else path) for part in parts)


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

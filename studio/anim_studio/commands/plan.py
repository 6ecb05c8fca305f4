"""`anim plan`: what a render would do, without doing it."""

from __future__ import annotations

import json as json_text
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import json_escaped
from anim_studio.cli.build import build
from anim_studio.cli.choice import EVERYTHING, Choice, Part, several_outputs
from anim_studio.cli.device import chosen_device
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded
from anim_studio.cli.options import Cache, Device, Films, Out
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.rendering import outputs_of
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import plural
from anim_studio.cli.variants import all_variants

if TYPE_CHECKING:
    from anim_studio.estimate.forecast import Forecast

#: what `--detailed-exitcode` ends with, as terraform has it: nothing to do, a mistake, something to do
NOTHING, MISTAKE, SOMETHING = 0, 1, 2


def plan(
    *films: Films,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    out: Out = None,
    choice: Choice = EVERYTHING,
    device: Device = None,
    json: bool = False,
    detailed_exitcode: bool = False,
    cache: Cache = None,
) -> int:
    """Say what a render would do, without doing it: frames, calls of the model, time, memory, files.

    Takes the same options as `anim render`. A film with a `variant` block is every film of it.

    Parameters
    ----------
    films
        The films, one after the other.
    output
        The one file that would be written instead of the film's outputs.
    json
        As JSON, an array of one object a film.
    detailed_exitcode
        End with 0 if there is nothing to do, 1 if something is wrong, 2 if there is something to do.
    """
    if not films:
        raise Stop(Exit.USAGE, "`plan` needs a film", "write `anim plan FILM`")
    prepare_libraries()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    settings = environment.settings
    wish = _Wish(choice, output, out or settings.out, device or settings.device)
    try:
        found, worst = _forecasts(films, wish, environment, terminal)
    except Stop as stop:
        if not detailed_exitcode:
            raise
        terminal.complain(stop.message, stop.hint)
        return MISTAKE
    _tell(found, terminal, json=json)
    if worst != Exit.DONE:
        return MISTAKE if detailed_exitcode else worst
    return SOMETHING if detailed_exitcode and not all(one.is_done for one in found) else NOTHING


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command line says of the render that is planned."""

    choice: Choice
    output: Path | None
    out: Path
    device: str


def _forecasts(
    films: Sequence[Path], wish: _Wish, environment: Environment, terminal: Terminal
) -> tuple[list[Forecast], int]:
    """A forecast for each film, or each part of one, and the worst exit code of those that have errors."""
    reporter = Reporter(terminal)
    found: list[Forecast] = []
    worst: int = Exit.DONE
    for film in films:
        first = wish.choice.load(film, environment)
        chosen = (first,) if wish.choice.variant is not None else all_variants(first, environment)
        for loaded in chosen:
            parts = wish.choice.parts(loaded)
            for part in parts:
                one = _forecast(loaded, (part, len(parts)), wish, environment, reporter)
                if isinstance(one, Exit):
                    worst = max(worst, one)
                else:
                    found.append(one)
    return found, worst


def _forecast(
    loaded: Loaded, part: tuple[Part, int], wish: _Wish, environment: Environment, reporter: Reporter
) -> Forecast | Exit:
    built = build(loaded, environment, reporter, wish.choice.overrides(part[0]))
    if isinstance(built, Exit):
        return built
    from anim_studio.estimate.forecast import Place, forecast

    device = chosen_device(wish.device)
    place = Place(loaded.world.root, wish.out.absolute(), environment.cache, device, environment.models)
    named = _output(wish, loaded)
    outputs = several_outputs(outputs_of(built.plan, named), named, *part)
    return forecast(built.plan, built.columns, outputs, place)


def _output(wish: _Wish, loaded: Loaded) -> Path | None:
    """The file that the command line names; a variant's has the variant's name."""
    variant = None if loaded.film is None else loaded.film.variant
    if wish.output is None or variant is None:
        return wish.output
    from anim_compiler.naming import variant_path

    return Path(variant_path(wish.output.as_posix(), variant))


def _tell(found: list[Forecast], terminal: Terminal, *, json: bool) -> None:
    if json:
        from anim_studio.estimate.as_json import as_json

        text = json_text.dumps([as_json(one) for one in found], indent=1, ensure_ascii=False)
        terminal.say(json_escaped(text))
        return
    from anim_studio.estimate.report import duration, report

    for place, one in enumerate(found):
        if place:
            terminal.say()
        for line in report(one, terminal.paint):
            terminal.say(line)
    known = [one.estimate.seconds for one in found if one.estimate is not None]
    if len(found) > 1 and len(known) == len(found):
        terminal.say(f"\n{plural(len(found), 'film')}: about {duration(sum(known))}")

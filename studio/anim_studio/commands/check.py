"""`anim check`: what is wrong with a film, without rendering anything."""

from __future__ import annotations

import time
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import load
from anim_studio.cli.options import Cache, Films
from anim_studio.cli.reports import Format, Reporter
from anim_studio.cli.terminal import open_terminal


def check(
    *films: Films,
    format: Annotated[Format, Parameter(metavar="full|concise|json")] = "full",
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Find mistakes in films, without model, GPU or audio decoding.

    Parameters
    ----------
    films
        The films to check.
    format
        How findings are written: with the line and a caret, one a line, or as JSON.
    quiet
        Leave out the summary.
    """
    if not films:
        raise Stop(Exit.USAGE, "`check` needs a film", "write `anim check FILM`")
    started = time.perf_counter()
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    reporter = Reporter(terminal, to_result=True, format=format)
    worst = Exit.DONE
    for film in films:
        loaded = load(film, environment.cache)
        worst = max(worst, loaded.exit)
        reporter.tell(loaded.diagnostics)
    if format == "json":
        from anim_dsl.report import as_json

        terminal.say(as_json(reporter.told))
    elif not quiet:
        from anim_dsl.report import summary

        took = time.perf_counter() - started
        sign = terminal.paint("✗", "red") if worst else terminal.paint("✓", "green")
        terminal.say(f"{sign} {summary(reporter.told, files=len(films), seconds=took)}")
    return worst

"""`anim log`: what was rendered, and what is being rendered now."""

from __future__ import annotations

import json as json_text
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Films
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_clock

if TYPE_CHECKING:
    from anim_studio.renders.crashes import Crash
    from anim_studio.renders.past import Past

#: so many are shown unless more are asked for
SHOWN = 20
_STYLES = {"done": "green", "running": "blue", "stopped": "yellow", "killed": "yellow", "failed": "red"}


def log(
    *films: Films,
    last: Annotated[int, Parameter(name=["--last", "-n"], metavar="N")] = SHOWN,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"])] = False,
    json: bool = False,
    cache: Cache = None,
) -> int:
    """Tell of past and present renders: when, how many frames, how long, how they ended, what they wrote.

    Parameters
    ----------
    films
        Only renders of these films; of all, if none is named.
    last
        So many of the newest, 20 unless given; 0 for all.
    follow
        Follow what renders now; of a film, until its render ends, with its exit code.
    json
        One JSON object a line.
    """
    if last < 0:
        raise Stop(Exit.USAGE, f"`--last {last}` is no number of renders", "write `--last 5`, or 0 for all")
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if follow:
        from anim_studio.renders.tailing import tail

        return tail(environment.cache, films, terminal, as_json=json)
    found = _found(environment.cache, films)
    if not found and not json:
        named = ", ".join(f"`{film}`" for film in films) or "nothing"
        verb = "was not rendered yet" if films else "was rendered yet"
        terminal.note(f"{named} {verb}")
    for told in found[-last:] if last else found:
        _tell(told, terminal, json)
    return Exit.DONE


def _found(cache: Path, films: tuple[Path, ...]) -> list[Past | Crash]:
    from anim_studio.renders.crashes import crashes
    from anim_studio.renders.past import is_of, past_renders

    renders = [p for p in past_renders(cache) if not films or any(is_of(p, film) for film in films)]
    broken = [c for c in crashes(cache) if not films or any(film.name in c.command for film in films)]
    return sorted((*renders, *broken), key=lambda told: told.at)


def _tell(told: Past | Crash, terminal: Terminal, json: bool) -> None:
    from anim_studio.renders.past import Past

    if isinstance(told, Past):
        _tell_past(told, terminal, json)
    else:
        _tell_crash(told, terminal, json)


def _tell_past(past: Past, terminal: Terminal, json: bool) -> None:
    if json:
        data = asdict(past) | {"kind": "render", "state": past.state, "run": str(past.run)}
        _tell_json(terminal, data)
        return
    frames = f"{past.done}/{past.frames}" if past.state != "done" else f"{past.frames}"
    reused = f"{past.reused} reused" if past.reused else ""
    state = terminal.paint(past.state, _STYLES[past.state])
    pad = " " * (8 - len(past.state))
    head = f"{_when(past.at)}  {state}{pad}  {past.name:<16}  {frames:>9} frames  {reused:>11}"
    terminal.say(f"{head}  {format_clock(past.seconds)}  {_ending(past)}".rstrip())
    for said in (*past.outputs, *past.unmet, *(f"warning: {warned}" for warned in past.warnings)):
        terminal.say(f"    {said}")


def _ending(past: Past) -> str:
    if past.state == "killed":
        return "its process was killed"
    if past.state == "done" and past.unmet:
        return "not as expected"
    code = f"exit {past.exit_code}: " if past.exit_code else ""
    return f"{code}{past.message}" if past.message else ""


def _tell_crash(crash: Crash, terminal: Terminal, json: bool) -> None:
    if json:
        _tell_json(terminal, asdict(crash) | {"kind": "crash", "path": str(crash.path)})
        return
    terminal.say(f"{_when(crash.at)}  {terminal.paint('crashed', 'red')}   {crash.command}: {crash.message}")
    terminal.say(f"    {crash.path}")


def _tell_json(terminal: Terminal, data: Mapping[str, object]) -> None:
    terminal.out.write(json_text.dumps(data) + "\n")


def _when(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")

"""`anim eval`: the numbers of a curve, of a film or of a bare Deforum schedule."""

from __future__ import annotations

import json as json_text
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal


def eval(
    film: Annotated[Path | None, Parameter(name="FILM")] = None,
    curve: Annotated[str | None, Parameter(name="CURVE")] = None,
    /,
    *,
    deforum: Annotated[str | None, Parameter(metavar="SCHEDULE")] = None,
    frames: Annotated[str | None, Parameter(metavar="N|A-B")] = None,
    seed: Annotated[int | None, Parameter(metavar="N")] = None,
    json: bool = False,
    cache: Cache = None,
) -> int:
    """Print a curve's value at every frame.

    Parameters
    ----------
    film
        The film, a `.anim` file.
    curve
        A setting such as `camera.zoom`, a `let`, or an audio feature such as `bass`.
    deforum
        Evaluate this schedule with Deforum's own rules instead of a film's curve.
    frames
        How many frames a schedule has (12), or which ones of a film to print (0-47).
    seed
        What `s` is in a schedule; 0 unless given.
    json
        Print one JSON list instead of a line a frame.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if deforum is not None:
        if film is not None:
            raise Stop(Exit.USAGE, "`--deforum` needs no film", "give either a schedule or a film")
        values = _schedule(deforum, _count(frames), seed or 0, terminal)
        if values is None:
            return Exit.FILM_ERRORS
        _print(values, 0, terminal, as_json=json)
        return Exit.DONE
    if film is None or curve is None:
        raise Stop(Exit.USAGE, "`eval` needs a film and a curve", "write `anim eval FILM camera.zoom`")
    from anim_studio.cli.curves import curves_of

    found = curves_of(film, (curve,), environment, terminal)
    if found is None:
        return Exit.FILM_ERRORS
    first, end = _range(frames, len(found[0].values))
    _print(found[0].values[first:end].tolist(), first, terminal, as_json=json)
    return Exit.DONE


def _schedule(text: str, frames: int, seed: int, terminal: Terminal) -> tuple[float, ...] | None:
    from anim_dsl.schedule import evaluate

    values, diagnostics = evaluate(text, frames=frames, seed=seed)
    Reporter(terminal).tell(diagnostics)
    return values


def _count(frames: str | None) -> int:
    if frames is None or not frames.isdecimal() or int(frames) < 1:
        raise Stop(Exit.USAGE, "a schedule has no length of its own", "say how many frames: `--frames 12`")
    return int(frames)


def _range(frames: str | None, length: int) -> tuple[int, int]:
    if frames is None:
        return 0, length
    first, _, last = frames.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal() or int(last or first) < int(first):
        raise Stop(Exit.USAGE, f"`{frames}` is not a range of frames", "write it like `0-47`")
    return int(first), int(last or first) + 1


def _print(values: Sequence[float], first: int, terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        # JSON has no word for what is no number
        terminal.say(json_text.dumps([value if math.isfinite(value) else None for value in values]))
        return
    terminal.say("\n".join(f"{frame}\t{value:.12g}" for frame, value in enumerate(values, start=first)))

"""`anim eval`: the numbers of a curve, of a film or of a bare Deforum schedule."""

from __future__ import annotations

import json as json_text
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import json_escaped
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.variants import VariantName

if TYPE_CHECKING:
    from anim_compiler.film import Film as FilmOf
    from anim_studio.cli.load import Loaded


def eval(
    film: Annotated[Path | None, Parameter(name="FILM")] = None,
    curve: Annotated[str | None, Parameter(name="CURVE")] = None,
    /,
    *,
    deforum: Annotated[str | None, Parameter(metavar="SCHEDULE", allow_leading_hyphen=True)] = None,
    frames: Annotated[str | None, Parameter(metavar="N|A-B")] = None,
    seed: Annotated[int | None, Parameter(metavar="N")] = None,
    scene: Annotated[str | None, Parameter(metavar="NAME")] = None,
    variant: VariantName = None,
    json: bool = False,
    cache: Cache = None,
) -> int:
    """Print a curve's value at every frame, or a formula's.

    Parameters
    ----------
    film
        The film, a `.anim` file.
    curve
        A setting such as `camera.zoom` or `prompt`, a `let`, an audio feature such as `bass`, or any formula
        of them, such as `smooth(bass, 80ms) * 2`.
    deforum
        Evaluate this schedule with Deforum's own rules instead of a film's curve.
    frames
        How many frames a schedule has (12), or which ones of a film to print (0-47).
    seed
        What `s` is in a schedule; 0 unless given.
    scene
        Only this scene, by its own clock and with what it defines.
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
    from anim_studio.cli.curves import load_film

    opened = load_film(film, environment, terminal, variant)
    if opened is None:
        return Exit.FILM_ERRORS
    return _of_film(*opened, _Wanted(curve, frames, scene, json), terminal)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be printed of a film, and how."""

    curve: str
    frames: str | None
    scene: str | None
    json: bool


def _of_film(loaded: Loaded, film: FilmOf, wanted: _Wanted, terminal: Terminal) -> int:
    """Prints a curve, a formula or a text of a film."""
    from anim_studio.cli.curves import asked, evaluated_or_default, expression, is_formula, known

    curves = asked(loaded, film, wanted.scene)
    curve = known(curves, wanted.curve)
    texts = curves.words(curve)
    if texts is not None:
        first, end = _range(wanted.frames, curves.first, len(texts))
        _say(texts[first - curves.first : end - curves.first], first, terminal, as_json=wanted.json)
        return Exit.DONE
    if curve not in curves.names() and is_formula(curve, film):
        found = expression(loaded, curve, terminal, wanted.scene)
    else:
        found = evaluated_or_default(curves, film, curve, terminal)
    if found is None:
        return Exit.FILM_ERRORS
    first, end = _range(wanted.frames, found.first, len(found.values))
    values = found.values[first - found.first : end - found.first].tolist()
    _print(values, first, terminal, as_json=wanted.json)
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


def _range(frames: str | None, start: int, length: int) -> tuple[int, int]:
    """The film's frames to print, of those that there are."""
    if frames is None:
        return start, start + length
    first, _, last = frames.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal() or int(last or first) < int(first):
        raise Stop(Exit.USAGE, f"`{frames}` is not a range of frames", "write it like `0-47`")
    return max(start, int(first)), max(start, int(last or first) + 1)


def _say(texts: Sequence[str], first: int, terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        terminal.say(json_escaped(json_text.dumps(list(texts), ensure_ascii=False)))
        return
    terminal.say("\n".join(f"{frame}\t{text}" for frame, text in enumerate(texts, start=first)))


def _print(values: Sequence[float], first: int, terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        # JSON has no word for what is no number
        terminal.say(json_text.dumps([value if math.isfinite(value) else None for value in values]))
        return
    terminal.say("\n".join(f"{frame}\t{value:.12g}" for frame, value in enumerate(values, start=first)))

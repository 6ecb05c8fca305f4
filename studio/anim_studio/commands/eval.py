"""`anim eval`: the numbers of a curve, of a film or of a bare Deforum schedule."""

from __future__ import annotations

import json as json_text
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_dsl.visible import json_escaped
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.frame_ranges import Ranges, parse_ranges, spelled_range, within
from anim_studio.cli.options import Cache, Define, Fps, SceneName
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.variants import VariantName

if TYPE_CHECKING:
    from anim_compiler.film import Film as FilmOf
    from anim_studio.cli.load import Loaded


def eval(
    film: Annotated[Path | None, Parameter(name="FILM")] = None,
    /,
    *curves: Annotated[str, Parameter(name="CURVE")],
    deforum: Annotated[str | None, Parameter(metavar="SCHEDULE", allow_leading_hyphen=True)] = None,
    frames: Annotated[str | None, Parameter(metavar="N|A-B,C")] = None,
    seed: Annotated[int | None, Parameter(metavar="N")] = None,
    fps: Fps = None,
    scene: SceneName = None,
    variant: VariantName = None,
    define: Define = (),
    json: bool = False,
    snapshot: bool = False,
    verify: bool = False,
    tolerance: Annotated[float, Parameter(metavar="SHARE")] = 1e-6,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Print a curve's value at every frame, or a formula's.

    Parameters
    ----------
    film
        The film, a `.anim` file.
    curves
        A setting such as `camera.zoom` or `prompt`, a `let`, an audio feature such as `bass`, or any formula
        of them, such as `smooth(bass, 80ms) * 2`. One is printed; `--snapshot` and `--verify` take several,
        or all that the film has.
    deforum
        Evaluate this schedule with Deforum's own rules instead of a film's curve.
    frames
        How many frames a schedule has (12), or which ones of a film to print (0-47,96,120-).
    seed
        What `s` is: in a schedule 0 unless given, in a film its own seed unless given.
    json
        Print one JSON list instead of a line a frame.
    snapshot
        Write the curves to FILM.curves.json beside the film, to be committed.
    verify
        Compare the curves with that file; end with code 1 if one differs.
    tolerance
        How far a value may be off for `--verify`, as a share of it; 1e-6 unless given.
    output
        The snapshot's file instead of FILM.curves.json.
    quiet
        Say nothing of a snapshot but what differs.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if deforum is not None:
        if film is not None:
            raise Stop(Exit.USAGE, "`--deforum` needs no film", "give either a schedule or a film")
        values = _schedule(deforum, _count(frames), seed or 0, terminal)
        if values is None:
            return Exit.FILM_ERRORS
        _print(list(enumerate(values)), terminal, as_json=json)
        return Exit.DONE
    if film is None or not (curves or snapshot or verify):
        raise Stop(Exit.USAGE, "`eval` needs a film and a curve", "write `anim eval FILM camera.zoom`")
    from anim_studio.cli.curves import load_film

    golden = _Golden(curves, snapshot, verify, tolerance, output, quiet, json)
    golden.refuse(frames=frames, fps=fps, seed=seed)
    opened = load_film(film, environment, terminal, variant, define)
    if opened is None:
        return Exit.FILM_ERRORS
    if snapshot or verify:
        return golden.run(*opened, scene, terminal)
    wanted = _Wanted(curves[0], _ranges(frames), scene, json, fps, seed)
    return _of_film(*opened, wanted, terminal)


@dataclass(frozen=True, slots=True)
class _Golden:
    """What is asked of the snapshot of a film's curves, if anything is."""

    curves: tuple[str, ...]
    snapshot: bool
    verify: bool
    tolerance: float
    output: Path | None
    quiet: bool
    json: bool

    def refuse(self, **of_one: object) -> None:
        """Raises `Stop` for options that do not go together; `of_one` are those of a printed curve."""
        if self.snapshot and self.verify:
            raise Stop(
                Exit.USAGE, "`--snapshot` writes what `--verify` compares with", "leave one of them away"
            )
        if not (self.snapshot or self.verify):
            if len(self.curves) > 1:
                hint = "print them one by one, or write `--snapshot` for a file of all"
                raise Stop(Exit.USAGE, "`eval` prints one curve", hint)
            if self.output is not None:
                raise Stop(Exit.USAGE, "`--output` is of `--snapshot` and `--verify`", "leave it away")
            return
        given = next((name for name, value in of_one.items() if value is not None), None)
        if given is not None:
            hint = "a snapshot is of the film as it is written; leave it away"
            raise Stop(Exit.USAGE, f"`--{given}` is of a curve that is printed", hint)
        if not 0 <= self.tolerance <= 1:
            raise Stop(Exit.USAGE, f"a tolerance of {self.tolerance:g} is none", "write a share, like `1e-6`")

    def run(self, loaded: Loaded, film: FilmOf, scene: str | None, terminal: Terminal) -> int:
        """Writes the snapshot, or compares with it."""
        from anim_studio.fresh.snapshots import Opened, refuse_name

        refuse_name(self.output)
        opened = Opened(loaded, film, terminal, scene, self.output)
        if self.snapshot:
            return opened.write(self.curves, as_json=self.json, quiet=self.quiet)
        return opened.verify(self.curves, self.tolerance, as_json=self.json, quiet=self.quiet)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be printed of a film, and how."""

    curve: str
    frames: Ranges | None
    scene: str | None
    json: bool
    fps: Fraction | None = None
    seed: int | None = None


def _of_film(loaded: Loaded, film: FilmOf, wanted: _Wanted, terminal: Terminal) -> int:
    """Prints a curve, a formula or a text of a film."""
    from anim_studio.cli.curves import asked, evaluated_or_default, expression, is_formula, known

    clock = (wanted.fps, wanted.seed)
    curves = asked(loaded, film, wanted.scene, *clock)
    curve = known(curves, wanted.curve)
    texts = curves.words(curve)
    if texts is not None:
        rows = _rows(wanted.frames, curves.first, len(texts))
        _say([(frame, texts[frame - curves.first]) for frame in rows], terminal, as_json=wanted.json)
        return Exit.DONE
    if curve not in curves.names() and is_formula(curve, film):
        found = expression(loaded, curve, terminal, wanted.scene, *clock)
    else:
        found = evaluated_or_default(curves, film, curve, terminal)
    if found is None:
        return Exit.FILM_ERRORS
    values = found.values.tolist()
    rows = _rows(wanted.frames, found.first, len(values))
    _print([(frame, values[frame - found.first]) for frame in rows], terminal, as_json=wanted.json)
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


def _rows(ranges: Ranges | None, start: int, length: int) -> list[int]:
    """The film's frames to print, of those that there are. Raises `Stop` if there is none."""
    if ranges is None:
        return list(range(start, start + length))
    found = within(ranges, start, start + length)
    if not found:
        hint = f"there are {spelled_range(start, start + length)}"
        raise Stop(Exit.USAGE, "none of these frames is there", hint)
    return [frame for first, end in found for frame in range(first, end)]


def _ranges(frames: str | None) -> Ranges | None:
    try:
        return None if frames is None else parse_ranges(frames)
    except ValueError as error:
        message, _, hint = str(error).partition(": ")
        raise Stop(Exit.USAGE, message, hint) from None


def _say(rows: Sequence[tuple[int, str]], terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        terminal.say(json_escaped(json_text.dumps([text for _, text in rows], ensure_ascii=False)))
        return
    terminal.say("\n".join(f"{frame}\t{text}" for frame, text in rows))


def _print(rows: Sequence[tuple[int, float]], terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        # JSON has no word for what is no number
        terminal.say(json_text.dumps([value if math.isfinite(value) else None for _, value in rows]))
        return
    terminal.say("\n".join(f"{frame}\t{value:.12g}" for frame, value in rows))

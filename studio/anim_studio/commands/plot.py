"""`anim plot`: a picture of a film's curves over its sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.curves import evaluated, heard, load_film, moving_curves
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Film
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import plural


def plot(
    film: Film,
    /,
    *curves: Annotated[str, Parameter(name="CURVE")],
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    cache: Cache = None,
) -> int:
    """Draw curves over the audio features and beats they follow.

    Parameters
    ----------
    curves
        Settings, lets or features, such as `camera.zoom`; every setting that moves unless given.
    output
        A .png or .svg file; out/NAME-curves.png unless given.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    path = output or Path("out") / f"{film.stem}-curves.png"
    if path.suffix not in (".png", ".svg"):
        raise Stop(Exit.USAGE, f"a chart cannot be written as `{path.suffix}`", "name a .png or .svg file")
    opened = load_film(film, environment, terminal)
    if opened is None:
        return Exit.FILM_ERRORS
    loaded, checked = opened
    names = tuple(dict.fromkeys(curves)) or moving_curves(checked)
    found, sound = evaluated(loaded, checked, names), heard(loaded, checked)

    from anim_studio.draw.chart import Chart, Trace, draw_png, draw_svg

    chart = Chart(
        title=checked.title or checked.name,
        fps=float(checked.fps),
        curves=tuple(Trace(curve.name, curve.values) for curve in found),
        sounds=tuple(Trace(feature.name, feature.values) for feature in sound.features),
        beats=sound.beats,
    )
    if not chart.frames:
        hint = "name some: `anim plot FILM diffuse.strength`"
        raise Stop(Exit.USAGE, f"no curve of `{film}` moves, and it has no sound", hint)
    path.parent.mkdir(parents=True, exist_ok=True)
    (draw_svg if path.suffix == ".svg" else draw_png)(chart).save(path)
    terminal.say(f"{terminal.paint('✓', 'green')} {path}   {plural(len(found), 'curve')}")
    return Exit.DONE

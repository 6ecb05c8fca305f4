"""`anim plot`: a picture of a film's curves over its sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.curves import asked, evaluated, heard, load_film, named_or_formulas
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Define, Film, SceneName
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import plural
from anim_studio.cli.variants import VariantName


def plot(
    film: Film,
    /,
    *curves: Annotated[str, Parameter(name="CURVE")],
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    scene: SceneName = None,
    variant: VariantName = None,
    define: Define = (),
    cache: Cache = None,
) -> int:
    """Draw curves over the audio features and beats they follow.

    Parameters
    ----------
    curves
        Settings, lets, features or formulas of them, such as `camera.zoom` or `envelope(bass, 20ms, 400ms)`;
        every setting that moves unless given.
    output
        A .png or .svg file; out/NAME-curves.png unless given.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if output is not None and output.suffix not in (".png", ".svg"):
        raise Stop(Exit.USAGE, f"a chart cannot be written as `{output.suffix}`", "name a .png or .svg file")
    opened = load_film(film, environment, terminal, variant, define)
    if opened is None:
        return Exit.FILM_ERRORS
    loaded, checked = opened
    from anim_compiler.asking import moving, written_still
    from anim_studio.draw.chart import Boundary, Chart, Trace, draw_png, draw_svg, number_text

    read = asked(loaded, checked, scene)
    names = tuple(dict.fromkeys(curves)) or tuple(n for n in moving(checked) if n in read.names())
    still = () if curves else tuple(n for n in written_still(checked) if n in read.names())
    found = named_or_formulas(loaded, read, checked, names, terminal, scene)
    if found is None:
        return Exit.FILM_ERRORS
    sound = heard(read, checked)
    constant = tuple((c.name, number_text(float(c.values[0]), 0)) for c in evaluated(read, checked, still))
    scenes = read.parts if len(checked.shots) > 1 else ()

    chart = Chart(
        title=checked.title or checked.name,
        fps=float(checked.fps),
        curves=tuple(Trace(c.name, c.values, c.name not in checked.lets) for c in found),
        sounds=tuple(Trace(feature.name, feature.values) for feature in sound.features),
        beats=sound.beats,
        bars=sound.bars,
        scenes=tuple(Boundary(s.name, s.first - read.first) for s in scenes if scene in (None, s.name)),
        constant=constant,
        first=read.first,
    )
    if not chart.curves and not chart.sounds:
        hint = "name some: `anim plot FILM diffuse.strength`"
        raise Stop(Exit.USAGE, f"no curve of `{film}` moves, and it has no sound", hint)
    name = "-".join(word for word in (loaded.stem, scene, "curves") if word)
    path = output or environment.settings.out / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    (draw_svg if path.suffix == ".svg" else draw_png)(chart).save(path)
    terminal.say(f"{terminal.paint('✓', 'green')} {path}   {plural(len(found), 'curve')}")
    return Exit.DONE

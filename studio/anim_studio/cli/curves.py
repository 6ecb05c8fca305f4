"""Curves of a film as numbers, and the sound they follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.choice import no_scene
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded, load, unheard
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal
from anim_studio.cli.variants import chosen_variant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anim_compiler.asking import Asked
    from anim_compiler.film import Film

#: features that a plot shows beneath its curves
SHOWN = ("bass", "mid", "treble", "energy", "onset")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A curve's values, float64[frames], from the film's frame `first` on."""

    name: str
    values: NDArray[np.float64]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Sound:
    """What a film hears: features in 0..1, and the times of the frames that hold a beat, or the first beat of
    a bar, in seconds.
    """

    features: tuple[Evaluated, ...] = ()
    beats: tuple[float, ...] = ()
    bars: tuple[float, ...] = ()


def load_film(
    path: Path,
    environment: Environment,
    terminal: Terminal,
    variant: str | None = None,
    given: tuple[str, ...] = (),
) -> tuple[Loaded, Film] | None:
    """A film without errors; None if it has some, which are then told."""
    loaded = chosen_variant(load(path, environment.cache, given=given), variant, environment)
    Reporter(terminal).tell(loaded.diagnostics)
    return None if loaded.film is None else (loaded, loaded.film)


def asked(
    loaded: Loaded,
    film: Film,
    scene: str | None = None,
    fps: Fraction | None = None,
    seed: int | None = None,
) -> Asked:
    """The film's curves, by its own clock or a scene's, at another rate or seed if given. Raises `Stop` for
    an unknown scene.
    """
    from anim_compiler.asking import Asked
    from anim_compiler.sound.problem import AudioError

    try:
        return Asked(film, loaded.world, scene, fps=fps, seed=seed)
    except KeyError:
        raise no_scene(film.name, scene or "", [shot.name for shot in film.shots]) from None
    except AudioError as error:
        raise unheard(error) from None


def evaluated(curves: Asked, film: Film, names: Iterable[str]) -> tuple[Evaluated, ...]:
    """The curves of those names. Raises `Stop` for an unknown one, and for a track that cannot be read."""
    from anim_compiler.sound.problem import AudioError

    try:
        return tuple(Evaluated(name, curves.curve(name), curves.first) for name in names)
    except KeyError as error:
        name = str(error.args[0])
        hint = _nearest(name, curves.names())
        raise Stop(Exit.USAGE, f"`{film.name}` has no curve `{name}`", hint) from None
    except AudioError as error:
        raise unheard(error) from None


def named_or_formulas(
    loaded: Loaded,
    curves: Asked,
    film: Film,
    texts: Iterable[str],
    terminal: Terminal,
    scene: str | None = None,
) -> tuple[Evaluated, ...] | None:
    """Curves by their names, or by formulas of them; None if a formula has errors, which are then told."""
    found: list[Evaluated] = []
    for text in texts:
        if text in curves.names() or not is_formula(text, film):
            found += evaluated(curves, film, (text,))
            continue
        made = expression(loaded, text, terminal, scene)
        if made is None:
            return None
        found.append(made)
    return tuple(found)


def known(curves: Asked, name: str) -> str:
    """The name that a film knows for a name of Deforum's or one without its block; else the name itself."""
    from anim_compiler.said import setting_path

    if name in curves.names() or curves.words(name) is not None:
        return name
    path = setting_path(name)
    if path is None or path == name:
        return name
    # `zoom` alone is a slip that has its own hint: it may be a `let` that is missing
    from anim_dsl.settings import ALIASES

    alias = any(own == name.rpartition(".")[2] for _, own in ALIASES)
    return path if alias else name


def evaluated_or_default(curves: Asked, film: Film, name: str, terminal: Terminal) -> Evaluated:
    """As `evaluated`; a setting that the film does not write is at its default, which is told."""
    values = None if name in curves.names() else curves.unwritten(name)
    if values is None:
        return evaluated(curves, film, (name,))[0]
    terminal.note(f"`{name}` is not written in `{film.name}`: this is its default")
    return Evaluated(name, values, curves.first)


def expression(
    loaded: Loaded,
    text: str,
    terminal: Terminal,
    scene: str | None = None,
    fps: Fraction | None = None,
    seed: int | None = None,
) -> Evaluated | None:
    """Any expression in the words of a film; None if it has errors, which are then told."""
    from anim_compiler.asking import check_expression

    asking = check_expression(loaded.document, loaded.world, text, scene=scene, variant=loaded.variant)
    Reporter(terminal).tell(asking.diagnostics)
    if asking.film is None:
        return None
    if asking.curve is None:
        raise Stop(Exit.USAGE, f"`{text}` is not a number", "name a curve, or write a formula of curves")
    curves = asked(loaded, asking.film, scene, fps, seed)
    return Evaluated(text, curves.value(asking.curve.expr), curves.first)


def heard(curves: Asked, film: Film) -> Sound:
    """The features and beats of the track that the film follows; nothing if it has none, or if the track is
    not here and its lock does not hold them. Raises `Stop` for one that cannot be read.
    """
    from anim_compiler.sound.problem import AudioError

    track = film.tempo.track
    if track is None:
        return Sound()
    names = [f"{track}.{name}" for name in (*SHOWN, "beat", "downbeat")]
    try:
        *features, beat, bar = (Evaluated(name, curves.curve(name), curves.first) for name in names)
    except AudioError as error:
        if error.code == "E4034":
            return Sound()
        raise unheard(error) from None
    beats, bars = (
        tuple(frame / float(film.fps) for frame in held.values.nonzero()[0].tolist()) for held in (beat, bar)
    )
    return Sound(tuple(features), beats, bars)


def is_formula(text: str, film: Film) -> bool:
    """Whether a text is more than the name of a curve: `smooth(bass, 80ms)`, `t`, `film.u`, `drop.start`."""
    from anim_compiler.names import CLOCKS, CONSTANTS

    first, *rest = text.split(".")
    if not all(part.isidentifier() for part in (first, *rest)):
        return True
    if first in ("film", *CLOCKS, *CONSTANTS) or (rest and first in {s.name for s in film.shots}):
        return True
    marks, scores, tables = film.markers, film.scores, film.series
    return first in {*(m.name for m in marks), *(m.name for m in scores), *(m.name for m in tables)}


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    # `zoom` for `camera.zoom` is no slip of the finger, so it is looked for by its end
    near = near or [full for full in known if full.endswith(f".{name}")][:1]
    return f"did you mean `{near[0]}`?" if near else "`anim plot` without a name draws all that move"

"""Curves of a film as numbers, and the sound they follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded, load
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anim_compiler.film import Film

#: features that a plot shows beneath its curves
SHOWN = ("bass", "mid", "treble", "energy", "onset")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A curve's values, float64[frames]."""

    name: str
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sound:
    """What a film hears: features in 0..1, and the times of the frames that hold a beat, in seconds."""

    features: tuple[Evaluated, ...] = ()
    beats: tuple[float, ...] = ()


def load_film(path: Path, environment: Environment, terminal: Terminal) -> tuple[Loaded, Film] | None:
    """A film without errors; None if it has some, which are then told."""
    loaded = load(path, environment.cache)
    Reporter(terminal).tell(loaded.diagnostics)
    return None if loaded.film is None else (loaded, loaded.film)


def curves_of(
    path: Path, names: Sequence[str], environment: Environment, terminal: Terminal
) -> tuple[Evaluated, ...] | None:
    """The curves of those names; None if the film has errors. Raises `Stop` for an unknown name."""
    opened = load_film(path, environment, terminal)
    return None if opened is None else evaluated(*opened, names)


def evaluated(loaded: Loaded, film: Film, names: Iterable[str]) -> tuple[Evaluated, ...]:
    """The curves of those names. Raises `Stop` for an unknown one, and for a track that cannot be read."""
    from anim_compiler.audio.problem import AudioError
    from anim_compiler.curves import curve, curve_names

    try:
        return tuple(Evaluated(name, curve(film, name, loaded.world)) for name in names)
    except KeyError as error:
        name = str(error.args[0])
        hint = _nearest(name, curve_names(film))
        raise Stop(Exit.USAGE, f"`{film.name}` has no curve `{name}`", hint) from None
    except AudioError as error:
        raise Stop(Exit.FILM_ERRORS, error.message, error.hint) from None


def moving_curves(film: Film) -> tuple[str, ...]:
    """The settings and lets that change during the film, in the order they are known."""
    return tuple(
        name for name, curve in {**film.numbers, **film.lets}.items() if curve.live and "seed" not in name
    )


def heard(loaded: Loaded, film: Film) -> Sound:
    """The features and beats of the track that the film follows; nothing if it has none."""
    track = film.tempo.track
    if track is None:
        return Sound()
    *features, beat = evaluated(loaded, film, [f"{track}.{name}" for name in (*SHOWN, "beat")])
    beats = tuple(frame / float(film.fps) for frame in beat.values.nonzero()[0].tolist())
    return Sound(tuple(features), beats)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    # `zoom` for `camera.zoom` is no slip of the finger, so it is looked for by its end
    near = near or [full for full in known if full.endswith(f".{name}")][:1]
    return f"did you mean `{near[0]}`?" if near else "`anim plot` without a name draws all that move"

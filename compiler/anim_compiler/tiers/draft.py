"""A film drawn by the model that ships with the package, in few steps."""

from __future__ import annotations

import math
from dataclasses import replace

from anim_compiler.constants import constant
from anim_compiler.drawing.names import BUILT_IN_MODEL
from anim_compiler.film import Curve, Film, Shot
from anim_compiler.lowering.paths import calls
from anim_compiler.std_pipelines import pipeline_of

LEAST_STEPS, MOST_STEPS = 8, 12
"""Steps of a draft. From noise alone the built-in model shows what a picture will be after 8."""


def draft_film(film: Film) -> Film:
    """The film with the built-in model, and without what stands on top of another one and only fits that;
    nothing is measured or written.
    """
    if is_built_in(film):
        shots = tuple(replace(shot, expectations=()) for shot in film.shots)
        return replace(film, shots=shots, outputs=())
    shots = tuple(replace(shot, controls=(), loras=(), expectations=()) for shot in film.shots)
    return replace(film, model=None, vae=None, embeddings=(), shots=shots, outputs=())


def is_built_in(film: Film) -> bool:
    """Whether the model that ships with the package draws the whole film."""
    return film.model in (None, BUILT_IN_MODEL)


def left_out(film: Film) -> str:
    """The sentence about what a draft of the film leaves out besides its model; "" if that is nothing."""
    if is_built_in(film):
        return ""
    parts = {
        "LoRAs": any(shot.loras for shot in film.shots),
        "controls": any(shot.controls for shot in film.shots),
        "embeddings": bool(film.embeddings),
        "the `vae`": film.vae is not None,
    }
    names = [name for name, is_there in parts.items() if is_there]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"a draft is drawn by the built-in model, which the film's {listed} do not fit: they are left out"


def draft_steps(film: Film) -> int | None:
    """In how many steps a draft is drawn; None to leave the film's own, which are as few.

    The least strength that the film says takes at least one of them, if `MOST_STEPS` are enough for that.
    """
    least = min((_least(shot) for shot in film.shots), default=1.0)
    wanted = min(MOST_STEPS, max(LEAST_STEPS, math.ceil(1.0 / max(least, 1e-3) - 1e-9)))
    own = _own(film)
    return None if own is not None and own <= wanted else wanted


def one_step_less(film: Film) -> int | None:
    """One step less than the film's own, or fewer: a number that no frame of the film is drawn in. None if
    there is none, or steps change.
    """
    own: set[float | None] = {_steps(shot) for shot in film.shots}
    for shot in film.shots:
        curves = (call.call.args.get("steps") for call in calls(pipeline_of(shot)))
        own |= {constant(curve.expr) for curve in curves if isinstance(curve, Curve)}
    if None in own:
        return None
    return next((steps for steps in range((_own(film) or 1) - 1, 0, -1) if steps not in own), None)


def _least(shot: Shot) -> float:
    """The least strength that a shot draws with, as far as that is known beforehand."""
    strength = shot.numbers.get("diffuse.strength")
    known = None if strength is None else constant(strength.expr)
    return known or 1.0 / MOST_STEPS


def _steps(shot: Shot) -> int | None:
    steps = shot.numbers.get("diffuse.steps")
    known = None if steps is None else constant(steps.expr)
    return None if known is None else round(known)


def _own(film: Film) -> int | None:
    """The most steps that the film takes; None if they change."""
    found = [_steps(shot) for shot in film.shots]
    known = [steps for steps in found if steps is not None]
    return max(known) if known and len(known) == len(found) else None

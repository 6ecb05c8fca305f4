"""What a value of a film is at every frame: the proof that a translated schedule says the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.diagnostic import has_errors
from anim_dsl.parse import parse
from anim_dsl.source import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: how far two values may be apart, for each unit of their size; a film rounds to twelve digits
CLOSE = 1e-9

_NAME = "imported"


def film_values(value: str, *, frames: int, seed: int = 0) -> NDArray[np.float64] | None:
    """A value as it stands behind `let x =`, at each frame of a film of so many frames: float64[frames];
    None if a film cannot have it.
    """
    text = f'length = {frames}f\nseed = {seed}\nprompt = "x"\nlet {_NAME} = {value}\n'
    document, slips = parse(Source("schedule", text))
    if has_errors(slips):
        return None
    world = World(Path(), Path())
    film, _ = check(document, world)
    if film is None or _NAME not in film.lets:
        return None
    found = Asked(film, world).curve(_NAME)
    return found if len(found) == frames else None


def says(value: str, wanted: Sequence[float], *, seed: int = 0) -> bool:
    """Whether a value is these numbers, frame by frame."""
    found = film_values(value, frames=len(wanted), seed=seed)
    return found is not None and all(
        abs(ours - theirs) <= CLOSE * max(1.0, abs(theirs))
        for ours, theirs in zip(found.tolist(), wanted, strict=True)
    )

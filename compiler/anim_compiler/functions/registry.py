"""Where the curve functions are registered, and what they may know of the film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.landing import Cuts
from anim_compiler.tempo import TempoMap

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The clock of a film or scene: `times` is float64[frames] in its own seconds, `step` seconds a frame.

    `tempo` is the song's, by seconds of the film, at whose second `start` this clock begins; it is `length`
    seconds long. `cuts` are those of a film that do not stand on a frame.
    """

    times: Array
    step: float
    tempo: TempoMap | None = None
    start: float = 0.0
    length: float | None = None
    cuts: Cuts = ()

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.times)

    def on(self, axis: Array) -> Array:
        """The axis that a function counts on: the beats that it is given, or, where those are all 0, the
        seconds.
        """
        return axis if is_musical(axis) else self.times


CurveFunction: TypeAlias = Callable[..., Array]

FUNCTIONS: dict[str, CurveFunction] = {}

POINTWISE: dict[str, CurveFunction] = {}
"""Those of one instant, without the timeline: they may be computed over any part of the film."""

IN_PLACE: set[str] = set()
"""Those of `POINTWISE` that take `out`, where their result goes: a column of their arguments, or another."""


def function(name: str) -> Callable[[CurveFunction], CurveFunction]:
    """Registers a curve function; it is called with the timeline and one float64[frames] a parameter."""

    def register(implementation: CurveFunction) -> CurveFunction:
        FUNCTIONS[name] = implementation
        return implementation

    return register


def first(column: Array) -> float:
    """The value of a column that does not change."""
    return float(column[0])


def is_musical(axis: Array) -> bool:
    """Whether a function is told to count beats: seconds come as an axis that is 0 everywhere."""
    return bool(axis.any())

"""Where the curve functions are registered, and what they may know of the film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The clock of the whole film: `times` is float64[frames] in seconds, `step` seconds a frame."""

    times: Array
    step: float

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.times)


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

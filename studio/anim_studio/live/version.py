"""One version of a film: what a save, or another choice of variant or seed, came to."""

# those that hold arrays are equal to themselves only: arrays have no truth that a comparison could use
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_compiler.asking import Part
from anim_compiler.film import Film
from anim_compiler.plan import Columns, Plan
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.source import Source
from anim_dsl.syntax import Document
from anim_studio.live.tier import Tier


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose besides the text; None leaves the film's word. `variant` counts from 0."""

    variant: int | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Good:
    """A version without errors.

    `curves` hold float64[frames] by name, NaN where a scene has no such setting: all that move, then what
    is written and still, then `bass`, `beat` … of the track that the film follows. `parts` are the scenes
    with their frames.
    """

    film: Film
    fps: Fraction
    frames: int
    parts: tuple[Part, ...]
    curves: Mapping[str, NDArray[np.float64]]
    #: names of `curves` that change during the film, in the order in which they are known
    moving: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """What a film's text is now. `good` is None where `diagnostics` hold errors.

    `number` counts from 1 and grows with each save and each choice; `heard` is `time.monotonic()` when the
    change was heard of.
    """

    number: int
    path: Path
    source: Source
    document: Document
    world: World
    diagnostics: tuple[Diagnostic, ...]
    good: Good | None
    choice: Choice
    heard: float

    @property
    def texts(self) -> tuple[str, ...]:
        """All that it is written in, imported files among it."""
        if self.good is None:
            return (self.source.text,)
        return tuple(source.text for _, source in self.good.film.sources.rows)


@dataclass(frozen=True, slots=True, eq=False)
class TierPlan:
    """A version's plan of one tier, ready for the painter. Frame f of the plan is the film's frame f."""

    version: int
    tier: Tier
    plan: Plan
    columns: Columns

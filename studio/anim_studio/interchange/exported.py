"""What a film is written from for another tool, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_studio.interchange.imported import Remark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anim_compiler.film import Film
    from anim_compiler.plan import Plan
    from anim_dsl.syntax import Document


@dataclass(frozen=True, slots=True)
class Exporting:
    """A film, compiled: its text's tree, its meaning, its plan and the plan's columns (float64, one value a
    frame). `ranges` are the frames that were asked for, half open; empty for all.
    """

    document: Document
    film: Film
    plan: Plan
    columns: Mapping[str, NDArray[np.float64]] = field(repr=False)
    stem: str = "film"
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def fps(self) -> Fraction:
        """Frames a second, exactly."""
        return self.film.fps


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by their names, the first of them the one that `-o` names; and what they do not say."""

    files: Mapping[str, bytes]
    remarks: tuple[Remark, ...] = ()

"""What a film is written from for another tool, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
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
    """A film, compiled: its text's tree, its meaning, its plan and numbers, one value a frame of the film.

    `columns` holds the plan's columns, every setting and `let` by its path (`diffuse.strength`, also those
    that are at their default), and the cameras' channels under Deforum's names (`channel.zoom`); NaN where a
    scene has none, which has the setting at its `rests`. `curves` are the names of what the film itself says,
    `words` the texts that it says at each frame (`diffuse.sampler`, `model`). `ranges` are the frames that
    were asked for, half open; empty for all. `beside` tells where the files of the film lie (media from its
    root, outputs as it names them), seen from the folder that is written to.
    """

    document: Document
    film: Film
    plan: Plan
    columns: Mapping[str, NDArray[np.float64]] = field(repr=False)
    stem: str = "film"
    ranges: tuple[tuple[int, int], ...] = ()
    curves: tuple[str, ...] = ()
    rests: Mapping[str, float] = field(default_factory=dict, repr=False)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def fps(self) -> Fraction:
        """Frames a second, exactly."""
        return Fraction(self.plan.fps)

    @property
    def rows(self) -> tuple[int, ...]:
        """The frames that were asked for, in order."""
        ranges = self.ranges or ((0, self.plan.frames),)
        return tuple(frame for first, end in ranges for frame in range(first, end))

    def at(self, path: str) -> str:
        """Where a file of the film lies, seen from the folder that is written to."""
        return self.beside.get(path, path)


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the file goes, and where the film's outputs are."""

    to: Path
    out: Path


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by their names, the first of them the one that `-o` names; and what they do not say."""

    files: Mapping[str, bytes]
    remarks: tuple[Remark, ...] = ()

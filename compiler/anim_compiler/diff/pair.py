"""The two films side by side: which scene became which, on the frames of the later film."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.diff.align import Pairs, aligned
from anim_compiler.diff.declared import declared
from anim_compiler.diff.side import Side
from anim_compiler.diff.where import Timeline, ranges
from anim_compiler.film import Shot
from anim_compiler.takes import Take
from anim_compiler.tempo import TempoMap

Declared: TypeAlias = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Matched:
    """A scene of both films."""

    a: Take
    b: Take

    @property
    def frames(self) -> NDArray[np.int64]:
        """The frames of b at which both scenes have one, counted from each one's first: int64[n]."""
        first = self.b.clock.first
        return np.arange(first, first + min(self.a.own, self.b.own), dtype=np.int64)


@dataclass(slots=True)
class Pair:
    """Both films; `a` is on b's frame rate, `was` is it as it stands. `window` are the frames of b that are
    looked at.
    """

    a: Side
    b: Side
    was: Side
    window: tuple[int, int]
    #: places of scenes in `a.takes` and `b.takes`
    scenes: Pairs
    #: what each film and its imports declare, as written
    declared: tuple[Declared, Declared]
    #: what was compared once and is asked for again, by its name
    known: dict[str, object] = field(default_factory=dict)

    @property
    def timeline(self) -> Timeline:
        """What frames are told by: those of b."""
        return self.b.timeline

    @property
    def tempo(self) -> TempoMap | None:
        """The tempo that both films have, by which what moved is told in beats."""
        before, after = self.a.timeline.grid, self.b.timeline.grid
        return after if before is not None and after is not None and before.keeps_time(after) else None

    @property
    def matched(self) -> tuple[Matched, ...]:
        """The scenes of both films, in b's order."""
        return tuple(self._matched())

    def _matched(self) -> Iterator[Matched]:
        for i, j in self.scenes:
            if i is not None and j is not None:
                yield Matched(self.a.takes[i], self.b.takes[j])

    @property
    def in_scenes(self) -> bool:
        """Whether either film is told in scenes, so that messages name them."""
        return len(self.a.takes) > 1 or len(self.b.takes) > 1

    def seen(self, frames: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the frames that are looked at."""
        return frames[(frames >= self.window[0]) & (frames < self.window[1])]

    def words(self, frames: NDArray[np.int64]) -> str:
        """Frames of b in words."""
        return self.timeline.words(ranges(frames))


def pair(a: Side, b: Side) -> Pair:
    """The two films with their scenes aligned: by name, then by what is in them."""
    was, a = a, a.at_rate(b.clock.fps)
    start, end = b.options.frames or (0, b.clock.frames)
    window = (min(start, b.clock.frames - 1), min(end, b.clock.frames))
    shots_a, shots_b = [t.shot for t in a.takes], [t.shot for t in b.takes]
    scenes = aligned(shots_a, shots_b, lambda x, y: x.name == y.name, lambda x, y: _likeness(a, x, b, y))
    return Pair(a, b, was, window, scenes, (declared(a), declared(b)))


def _likeness(a: Side, x: Shot, b: Side, y: Shot) -> float:
    """How alike two scenes of different names are, 0..1: what they show, and how long."""
    if len(a.takes) == len(b.takes) == 1:
        return 1.0
    texts = ("\n".join(_says(a, x)), "\n".join(_says(b, y)))
    said = SequenceMatcher(None, *texts, autojunk=False).ratio()
    longer = max(x.length, y.length)
    length = float(min(x.length, y.length) / longer) if longer else 1.0
    return 0.8 * said + 0.2 * length if said > 0.5 else 0.0


def _says(side: Side, shot: Shot) -> list[str]:
    """A scene's prompts, and what is written of its settings."""
    prompts = [
        part
        for key in shot.prompts.positive
        for row in key.value
        for part in row.parts
        if isinstance(part, str)
    ]
    numbers = [f"{name} {side.written(curve)}" for name, curve in shot.numbers.items() if curve.span]
    return [*prompts, *numbers]

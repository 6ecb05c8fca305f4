"""The rows of a timeline as values: keys with their places in the text, spans, ticks and levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anim_dsl.source import Place, Source, Span

_NO_FRAMES: NDArray[np.int64] = np.zeros(0, np.int64)


class Kind(StrEnum):
    """What a lane shows."""

    SCENES = "scenes"
    PROMPTS = "prompts"
    #: keys of a setting or a `let`
    KEYS = "keys"
    BEATS = "beats"
    #: parts of the song, markers, lines that are sung
    MARKS = "marks"
    #: a feature of the song, 0..1
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a text: in the film's own, or in one that it imports."""

    source: Source
    span: Span

    @property
    def place(self) -> Place:
        """Line and column, both from 1."""
        return self.source.place(self.span.start)


@dataclass(frozen=True, slots=True)
class KeyMark:
    """A key of a list, where it stands in the film and in the text.

    `frame` is the first frame after it, within its scene or at the end of that; `position` is where it truly
    stands, in frames of the film, whole or not. `time`, `value` and `easing` are as they are written.
    `path`, `name` and `number` find it through `anim_dsl.edit`; `source` and `span` are where it is written.
    One that cannot be edited in the film's own text says so in `why_not`.
    """

    frame: int
    label: str
    path: tuple[str, ...]
    name: str
    number: int
    span: Span
    editable: bool
    why_not: str
    position: float
    time: str
    value: str
    easing: str
    source: Source = field(repr=False)
    #: the scenes that read it, each as its frames `first <= f < end`: its own, or all that share its list
    read: tuple[tuple[int, int], ...] = ()

    @property
    def said(self) -> tuple[tuple[str, ...], str, str, str]:
        """Its list, time and value as they are written."""
        return (self.path, self.name, self.time, self.value)

    @property
    def is_read(self) -> bool:
        """Whether a scene reads it where it stands: the film's list goes on under scenes with their own."""
        return any(first <= self.frame <= end for first, end in self.read)

    @property
    def ends(self) -> bool:
        """Whether it stands behind the last frame of those that read it."""
        return all(not first <= self.frame < end for first, end in self.read)

    @property
    def spot(self) -> Spot:
        """Where it is written."""
        return Spot(self.source, self.span)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that lasts: `first <= f < end`. `lead` frames of it show over the one before, `how` says the
    way (`crossfade`); `number` tells stretches that are alike.
    """

    name: str
    first: int
    end: int
    spot: Spot | None = None
    how: str = ""
    lead: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """A row of the timeline; which of its fields hold something depends on its kind.

    `name` is unique on its board: `scenes`, `prompts`, `camera.zoom`, `beats`, `bass`, a marker file's name.
    `keys` are in order of their positions. `stretches` of prompts are what holds anew from the beginning of a
    scene on, without a key there. `ticks` and `strong` (bars among beats) are rising frames.
    """

    kind: Kind
    name: str
    keys: tuple[KeyMark, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    ticks: NDArray[np.int64] = field(default_factory=lambda: _NO_FRAMES)
    strong: NDArray[np.int64] = field(default_factory=lambda: _NO_FRAMES)
    #: float64[frames]
    levels: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """What a timeline shows of a film: `frames` of them at `fps`.

    `beats` and `bars` are the frames on which beats and bars begin, rising; `counted` numbers every beat of
    `beats` from the film's first bar: 0 is its first beat.
    """

    frames: int
    fps: Fraction
    lanes: tuple[Lane, ...]
    scenes: tuple[Stretch, ...] = ()
    beats: NDArray[np.int64] = field(default_factory=lambda: _NO_FRAMES)
    bars: NDArray[np.int64] = field(default_factory=lambda: _NO_FRAMES)
    counted: NDArray[np.int64] = field(default_factory=lambda: _NO_FRAMES)
    beats_per_bar: int = 4
    #: the types of settings and lets by their names (`angle`), by which their values have units
    units: Mapping[str, str] = field(default_factory=dict)

    def lane(self, name: str | None) -> Lane | None:
        """A lane by its name."""
        return next((lane for lane in self.lanes if lane.name == name), None)

    def key(self, lane: str | None, number: int | None) -> KeyMark | None:
        """A key of a lane, by its number among the lane's keys."""
        found = self.lane(lane)
        if found is None or number is None or not 0 <= number < len(found.keys):
            return None
        return found.keys[number]

    def number_in(self, after: Board, lane: str | None, number: int | None) -> int | None:
        """What number a key has on a newer board: that of its time and value, else of the only new one.

        None if it has gone.
        """
        key, found, now = self.key(lane, number), self.lane(lane), after.lane(lane)
        if key is None or number is None or found is None or now is None:
            return None
        before, after_it = ([key.said for key in each.keys] for each in (found, now))
        same = [n for n, said in enumerate(after_it) if said == key.said]
        if not same and len(before) == len(after_it):
            same = [n for n, said in enumerate(after_it) if said not in before]
            return same[0] if len(same) == 1 else None
        return min(same, key=lambda n: abs(n - number), default=None)

    def scene_at(self, frame: int) -> Stretch | None:
        """The scene that a frame belongs to."""
        return next((scene for scene in self.scenes if scene.first <= frame < scene.end), None)

    def bar_beat(self, frame: int) -> tuple[int, int] | None:
        """The bar and the beat in it that a frame belongs to, as musicians count, from 1; None without beats
        or before the first.
        """
        place = int(np.searchsorted(self.beats, frame, side="right")) - 1
        if place < 0:
            return None
        bar, beat = divmod(int(self.counted[place]), self.beats_per_bar)
        return bar + 1, beat + 1

    def seconds(self, frame: int) -> float:
        """Where a frame stands, in seconds of the film."""
        return float(frame / self.fps)


EMPTY = Board(1, Fraction(24), ())

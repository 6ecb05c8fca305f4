"""What a film reads of files of times and curves: the marks, MIDI files and tables of its statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Mark:
    """A named time: `start` in seconds of the film, `end` of a region (None: a point). `label` is the text
    in the file, `name` what a film calls it.
    """

    start: Fraction
    end: Fraction | None
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Markers:
    """The marks of a file, in order of time, `offset` seconds later than in it."""

    name: str
    path: str
    sha256: str
    marks: tuple[Mark, ...]
    offset: Fraction = Fraction(0)

    @property
    def times(self) -> tuple[Fraction, ...]:
        """Where the marks stand, in seconds of the film, rising or standing."""
        return tuple(mark.start for mark in self.marks)

    @property
    def beats(self) -> tuple[Fraction, ...]:
        """The times that are beats, if the file is taken for a track's: of marks that are labelled `beat`,
        `bar` or `downbeat`, if there are such, else of all that are points, else of all.
        """
        told = [mark.start for mark in self.marks if mark.label.lower() in ("beat", "bar", "downbeat")]
        points = [mark.start for mark in self.marks if mark.end is None]
        return tuple(told or points or self.times)


@dataclass(frozen=True, slots=True)
class Score:
    """A MIDI file, played `offset` seconds later than it says; `channel` is the only one that is read, 1 to
    16; `bpm` goes before the tempo in it. `beats` are the seconds of the film of its quarter notes, rising.
    """

    name: str
    path: str
    sha256: str
    offset: Fraction = Fraction(0)
    channel: int | None = None
    bpm: Fraction | None = None
    beats: tuple[float, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Series:
    """A table of numbers over time, `offset` seconds later than in the file; `interpolation` is `linear`,
    `hold` or `smooth`, `time` the column of times (None: the one that is found).
    """

    name: str
    path: str
    sha256: str
    offset: Fraction = Fraction(0)
    interpolation: str = "linear"
    time: str | None = None


# --- models ------------------------------------------------------------------------------------

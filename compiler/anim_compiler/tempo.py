"""The tempo map: which beat stands at which second of the film, exactly, however the tempo changes.

A map is a row of stretches. In each the tempo stands still or grows evenly with time, so the beats passed
are a line or a parabola of the seconds, and both ways are closed forms. Seconds and beats are fractions: what
can be told exactly is, and only where a root is needed (a beat inside an even change) a number is rounded, to
less than a nanosecond.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, isfinite, sqrt

from anim_compiler.typed import Moment

_FINEST = 10**8
"""Roots become the nearest fraction with so great a denominator at most."""

_EVEN = 1e-7
"""Seconds that beats may stray from a line and still be an even grid: what adding up floats makes."""

_ENDS = 8
"""The tempo beyond the first and the last beat is the mean of so many steps."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `second` of the film on, where beat number `beat` stands, a beat lasts `length` seconds, and the
    tempo grows by `slope` beats a second, every second.
    """

    second: Fraction
    beat: Fraction
    length: Fraction
    slope: Fraction = Fraction(0)

    def beats(self, second: Fraction) -> Fraction:
        """The beat that stands at a second."""
        passed = second - self.second
        return self.beat + passed / self.length + self.slope * passed * passed / 2

    def at(self, beat: Fraction) -> Fraction:
        """The second at which a beat stands."""
        passed = beat - self.beat
        if not self.slope:
            return self.second + passed * self.length
        rate = float(1 / self.length)
        # the stable form of the root: no difference of numbers that are nearly the same
        root = sqrt(max(rate * rate + 2.0 * float(self.slope) * float(passed), 0.0))
        return self.second + Fraction(2.0 * float(passed) / (rate + root)).limit_denominator(_FINEST)


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Seconds of the film ↔ beats. The first stretch, whose tempo stands still, holds for all time before.

    `tolerance` is how exactly the beats are known, in seconds: 0 where they are written. `heard` tells that
    their places come from a song, not from the film's start, `begins` that beat 0 is one that begins a bar of
    it. `says` is a digest of the stretches, by which maps are compared.
    """

    stretches: tuple[Stretch, ...] = field(repr=False, compare=False)
    beats_per_bar: int = 4
    tolerance: float = 0.0
    heard: bool = False
    begins: bool = False
    says: str = ""

    @property
    def is_steady(self) -> bool:
        """Whether the tempo never changes."""
        return len(self.stretches) == 1

    def keeps_time(self, other: TempoMap) -> bool:
        """Whether another map has the same tempo everywhere, wherever its beats stand."""
        if self.is_steady and other.is_steady:
            return self.stretches[0].length == other.stretches[0].length
        return self.says == other.says

    def beats(self, second: Fraction) -> Fraction:
        """The beat, whole or not, that stands at a second of the film."""
        place = bisect_right(self.stretches, second, key=lambda row: row.second) - 1
        return self.stretches[max(place, 0)].beats(second)

    def second(self, beat: Fraction) -> Fraction:
        """The second of the film at which a beat, whole or not, stands."""
        place = bisect_right(self.stretches, beat, key=lambda row: row.beat) - 1
        return self.stretches[max(place, 0)].at(beat)

    def nearest(self, second: Fraction) -> int:
        """The number of the beat nearest to a second of the film, that counting begins with; where the film
        begins and its song tells the bars, that of the nearest bar which began less than a beat before.
        """
        beats = self.beats(second)
        if self.begins and second <= 0:
            bar = self.beats_per_bar * round(beats / self.beats_per_bar)
            # so that no whole beat of the film is over before it begins
            return bar if bar > beats - 1 else bar + self.beats_per_bar
        number = round(beats)
        return number + 1 if self.heard and second >= 0 > self.second(Fraction(number)) else number

    def lasting(self, start: Fraction, beats: Fraction) -> Fraction:
        """How many seconds so many beats last from a second of the film on."""
        return self.second(self.beats(start) + beats) - start

    def between(self, first: Fraction, last: Fraction) -> tuple[float, ...]:
        """The seconds of all whole beats from one second of the film to another, both included."""
        numbers = range(ceil(self.beats(first)), floor(self.beats(last)) + 1)
        return tuple(float(self.second(Fraction(number))) for number in numbers)

    def place(self, moment: Moment) -> Fraction:
        """The second of the film at which a moment stands.

        Beats count from the grid's beat nearest the moment's start and its seconds follow; a moment that
        begins with seconds is that place, and its beats follow at the tempo there.
        """
        if not moment.beats:
            return moment.start + moment.seconds
        if moment.from_second:
            return self.second(self.beats(moment.start + moment.seconds) + moment.beats)
        return self.second(self.nearest(moment.start) + moment.beats) + moment.seconds


def tempo_map(
    stretches: Sequence[Stretch],
    beats_per_bar: int = 4,
    *,
    tolerance: float = 0.0,
    heard: bool = False,
    begins: bool = False,
) -> TempoMap:
    """A map of at least one stretch; they rise in time, and the first one's tempo stands still."""
    rows = tuple(stretches)
    told = hashlib.blake2b(digest_size=12)
    for row in rows:
        told.update(f"{row.second} {row.beat} {row.length} {row.slope};".encode())
    return TempoMap(rows, beats_per_bar, tolerance, heard, begins, told.hexdigest())


def steady(
    bpm: float | Fraction,
    beats_per_bar: int = 4,
    origin: Fraction = Fraction(0),
    *,
    tolerance: float = 0.0,
    heard: bool = False,
) -> TempoMap:
    """The even grid of a tempo > 0 through the second `origin`."""
    rate = bpm if isinstance(bpm, Fraction) else Fraction(repr(float(bpm)))
    row = Stretch(origin, Fraction(0), 60 / rate)
    return tempo_map([row], beats_per_bar, tolerance=tolerance, heard=heard)


@dataclass(frozen=True, slots=True)
class TempoKey:
    """From a second of the film on the tempo is `bpm` > 0; it `holds` until the next key, or goes to it
    evenly.
    """

    second: Fraction
    bpm: Fraction
    holds: bool = False


def written(
    keys: Sequence[TempoKey],
    beats_per_bar: int = 4,
    origin: Fraction = Fraction(0),
    *,
    heard: bool = False,
) -> TempoMap:
    """The map of at least one key, in order of time; beat 0 stands at the second `origin`."""
    first = keys[0]
    rows = [Stretch(first.second, Fraction(0), 60 / first.bpm)]
    for a, b in pairwise(keys):
        gap = b.second - a.second
        slope = Fraction(0) if a.holds else (b.bpm - a.bpm) / 60 / gap
        if slope:
            # the first row holds for all time before, so a tempo that grows from there on has one of its own
            rows.append(Stretch(a.second, rows[-1].beat, 60 / a.bpm, slope))
        rows.append(Stretch(b.second, rows[-1].beats(b.second), 60 / b.bpm))
    shift = tempo_map(rows).beats(origin)
    made = [Stretch(r.second, r.beat - shift, r.length, r.slope) for r in rows]
    return tempo_map(made, beats_per_bar, heard=heard)


def laid(bpm: float, beats_per_bar: int, offset: Fraction, *, tolerance: float = 0.0) -> TempoMap:
    """The even grid of a tempo > 0 on which a bar begins at the second `offset` of the film."""
    rate = Fraction(repr(float(bpm)))
    row = Stretch(offset % (beats_per_bar * 60 / rate), Fraction(0), 60 / rate)
    return tempo_map([row], beats_per_bar, tolerance=tolerance, heard=True, begins=True)


def through(
    beats: Sequence[float], beats_per_bar: int = 4, *, first: int = 0, tolerance: float = 0.0
) -> TempoMap | None:
    """The map through beats; None for fewer than two, or seconds that do not rise. Beat 0 is the `first` of
    them that begins a bar.

    Beyond the ends the tempo is that of the first and the last steps. An even row is one stretch.
    """
    is_rising = all(a < b for a, b in pairwise(beats)) and all(map(isfinite, beats[-1:]))
    if len(beats) < 2 or not is_rising:
        return None
    count = len(beats) - 1
    step = (beats[-1] - beats[0]) / count
    if all(abs(at - beats[0] - i * step) < _EVEN for i, at in enumerate(beats)):
        rows = [Stretch(Fraction(beats[0]), Fraction(-first), Fraction(step))]
        return tempo_map(rows, beats_per_bar, tolerance=tolerance, heard=True, begins=True)
    exact = [Fraction(at) for at in beats]
    near = min(_ENDS, count)
    rows = [Stretch(exact[0], Fraction(-first), (exact[near] - exact[0]) / near)]
    rows += [Stretch(a, Fraction(i - first), b - a) for i, (a, b) in enumerate(pairwise(exact))]
    rows.append(Stretch(exact[-1], Fraction(count - first), (exact[-1] - exact[-1 - near]) / near))
    return tempo_map(rows, beats_per_bar, tolerance=tolerance, heard=True, begins=True)

"""Frames in words: as frames, seconds and beats, or by the scenes that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anim_compiler.diff.change import Range
from anim_compiler.tempo import TempoMap

MOST_RANGES = 3
"""So many ranges are told one by one; more are counted."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A scene on the film's frames: `first <= f < end`."""

    name: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """What frames are told by: the film's rate, its number of frames, its scenes and its beats."""

    fps: Fraction
    frames: int
    scenes: tuple[Stretch, ...] = ()
    grid: TempoMap | None = None

    def words(self, ranges: Sequence[Range]) -> str:
        """`on frames 40–90 (3.33–7.58 s)`, `from frame 40 on (3.33 s)`, `in scene chorus`, `throughout`."""
        if not ranges:
            return ""
        if len(ranges) == 1 and ranges[0] == Range(0, self.frames - 1):
            return "throughout"
        named = self._scenes(ranges)
        if named:
            return named
        if len(ranges) > MOST_RANGES:
            whole = Range(ranges[0].first, ranges[-1].last)
            return f"in {len(ranges)} places {self._one(whole)}"
        return self._one(ranges[0]) if len(ranges) == 1 else self._several(ranges)

    def at(self, frame: int) -> str:
        """`frame 61 (5.08 s, beat 10.2)`."""
        beat = f", beat {short(self._beat(frame))}" if self.grid else ""
        return f"frame {frame} ({short(self.seconds(frame))} s{beat})"

    def seconds(self, frame: int) -> float:
        """Where a frame stands, in seconds of the film."""
        return float(frame / self.fps)

    def beats(self, range: Range) -> tuple[float, float] | None:
        """Where a range begins and ends, in beats; None without a tempo."""
        if self.grid is None:
            return None
        return round(self._beat(range.first), 3), round(self._beat(range.last + 1), 3)

    def _beat(self, frame: int) -> float:
        assert self.grid is not None
        return float(self.grid.beats(Fraction(frame) / self.fps) - self.grid.nearest(Fraction(0)))

    def _scenes(self, ranges: Sequence[Range]) -> str:
        """The scenes that the ranges are exactly."""
        covered = [
            scene
            for scene in self.scenes
            if any(r.first <= scene.first and scene.end - 1 <= r.last for r in ranges)
        ]
        count = sum(scene.end - scene.first for scene in covered)
        if len(self.scenes) < 2 or not covered or count != sum(r.last - r.first + 1 for r in ranges):
            return ""
        if len(covered) > 4:
            return f"in {len(covered)} of {len(self.scenes)} scenes"
        names = listed([f"`{scene.name}`" for scene in covered])
        return f"in scene{'s' if len(covered) > 1 else ''} {names}"

    def _one(self, found: Range) -> str:
        if found.first == found.last:
            return f"on {self.at(found.first)}"
        if found.last == self.frames - 1 and found.first > 0:
            return f"from {self.at(found.first)} on"
        return self._several([found])

    def _several(self, ranges: Sequence[Range]) -> str:
        frames = ", ".join(_span(str(r.first), str(r.last)) for r in ranges)
        seconds = ", ".join(
            f"{short(self.seconds(r.first))}–{short(self.seconds(r.last + 1))}" for r in ranges
        )
        beats = [self.beats(r) for r in ranges] if self.grid else []
        told = ", ".join(f"{short(b[0])}–{short(b[1])}" for b in beats if b is not None)
        return f"on frames {frames} ({seconds} s{f', beats {told}' if told else ''})"


def ranges(frames: NDArray[np.int64], bridged: int = 0) -> tuple[Range, ...]:
    """Ascending frames as ranges; gaps of at most `bridged` frames are no gaps."""
    if not len(frames):
        return ()
    breaks = np.flatnonzero(np.diff(frames) > bridged + 1)
    firsts = frames[np.concatenate([[0], breaks + 1])]
    lasts = frames[np.concatenate([breaks, [len(frames) - 1]])]
    return tuple(Range(int(a), int(b)) for a, b in zip(firsts, lasts, strict=True))


def short(value: float) -> str:
    """At most two decimals, without trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"

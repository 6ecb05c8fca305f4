"""A track as `anim audio` knows it: what its file is, what is heard in it, and what a film says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from anim_compiler.audio.beats import UNSURE
from anim_compiler.audio.levels import QUIETEST
from anim_studio.draw.portrait import Portrait, Section, within

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis

STEADY: Final = 0.01
"""The part of a tempo by which that of a steady track may change."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a track instead of measured; None, 0 and None leave it to the analysis.

    `has_beats` says that a list of tempi or a file of beats tells where they are.
    """

    bpm: float | None = None
    offset: float = 0.0
    beats_per_bar: int | None = None
    has_beats: bool = False

    @property
    def is_tempo(self) -> bool:
        """Whether nothing was left to find."""
        return self.has_beats or bool(self.bpm)


@dataclass(frozen=True, eq=False)
class Song:
    """A track that was heard. Times are seconds from its start.

    `name` is how messages call it, `file` where it lies, `path` how a film names it. `rate` is values a
    second of `curves` (`portrait.LEVELS` and `DRUMS`, in 0..1) and of `low` and `high`, the extremes of the
    wave, all float32 `[n]`.
    """

    name: str
    file: Path
    path: str
    sha256: str
    told: Told
    analysis: Analysis
    rate: float
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    curves: Mapping[str, NDArray[np.float32]]
    sections: tuple[Section, ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.analysis.duration

    @property
    def beats_per_bar(self) -> int:
        """Beats of a bar, 4 unless it was said."""
        return self.told.beats_per_bar or 4

    @cached_property
    def tempo_range(self) -> tuple[float, float]:
        """The slowest and the fastest tempo on the way, in bpm; (0, 0) without beats."""
        beats = self.analysis.beats
        if beats.size < 2:
            return 0.0, 0.0
        local = self.analysis.feature("tempo", beats[:-1], step=0.0)
        return float(local.min()), float(local.max())

    @cached_property
    def loudness_lufs(self) -> float:
        """The programme loudness of the mono mix in LUFS, -inf in silence: momentary loudness every 100 ms,
        its power averaged over what is above -70 and within 10 LU of the average of that (ITU-R BS.1770).
        """
        times = np.arange(0.0, self.duration, 0.1)
        levels = self.analysis.feature("loudness", times, step=0.1)
        heard = levels[levels > QUIETEST]
        for below in (math.inf, 10.0):
            if heard.size == 0:
                return -math.inf
            mean = 10 * math.log10(float(np.mean(10 ** (heard / 10))))
            heard = heard[heard > mean - below]
        return 10 * math.log10(float(np.mean(10 ** (heard / 10)))) if heard.size else -math.inf

    @property
    def is_steady(self) -> bool:
        """Whether the tempo stays within a hundredth of itself."""
        slow, fast = self.tempo_range
        return fast - slow <= STEADY * max(fast, 1e-9)

    @property
    def is_unsure(self) -> bool:
        """Whether beats were found that may well be wrong."""
        return not self.told.is_tempo and self.analysis.beats.size > 0 and self.analysis.confidence < UNSURE

    @property
    def peak_dbfs(self) -> float:
        """The greatest sample of the mono mix, in decibels of full scale; -inf in silence."""
        peak = max(float(self.high.max(initial=0.0)), -float(self.low.min(initial=0.0)))
        return 20 * math.log10(peak) if peak > 0 else -math.inf

    def bars_of(self, section: Section) -> int:
        """How many bars begin within a section."""
        # a section begins on a bar; half a hop is what rounding may have moved either by
        near = 0.5 / self.rate
        return int(within(self.analysis.downbeats, section.start - near, section.end - near).size)

    def portrait(self, facts: str, begin: float, end: float) -> Portrait:
        """What a picture of it from `begin` to `end` shows, its wave as high as the loudest sample."""
        peak = np.float32(max(float(self.high.max(initial=0.0)), -float(self.low.min(initial=0.0)), 1e-6))
        return Portrait(
            title=self.name,
            facts=facts,
            rate=self.rate,
            low=self.low / peak,
            high=self.high / peak,
            curves=self.curves,
            beats=self.analysis.beats,
            downbeats=self.analysis.downbeats,
            sections=self.sections,
            begin=begin,
            end=end,
        )


def labels(numbers: tuple[int, ...]) -> tuple[str, ...]:
    """Letters for the numbers of sections that sound alike: 0 is A, 25 is Z, 26 is AA."""
    return tuple(_letters(number) for number in numbers)


def _letters(number: int) -> str:
    rest, last = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("A") + last)

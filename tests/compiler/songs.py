"""Synthesised songs whose truth is known: beats, bars, what each instrument plays, and the song's sections.

    song = play("rock", bpm=96, seconds=20, seed=3, parts=("bass", "pad"))
    song.samples, song.beats, song.downbeats, song.onsets["kick"], song.sections

Everything follows from the arguments; a song of 20 s takes some 20 ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from tests.compiler.song_sounds import RATE, Samples, bass, pad, piano, sound, voice

__all__ = ["FORMS", "PATTERNS", "RATE", "Part", "Song", "ambient", "even", "perform", "play", "ramp", "steps",
           "write"]  # fmt: skip

Times = NDArray[np.float64]
_EIGHTHS = tuple(n / 2 for n in range(8))
_OFFBEATS = tuple(n + 0.5 for n in range(4))

PATTERNS: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "kick": {"kick": (0, 1, 2, 3)},
    "four": {"kick": (0, 1, 2, 3), "snare": (1, 3), "hat": _OFFBEATS},
    "rock": {"kick": (0, 2, 2.5), "snare": (1, 3), "hat": _EIGHTHS},
    "breakbeat": {"kick": (0, 2.5), "snare": (1, 3), "hat": (*_OFFBEATS, 1.75, 2.25)},
    "half": {"kick": (0, 2.75), "snare": (2,), "hat": _EIGHTHS},
    "waltz": {"kick": (0,), "snare": (1, 2), "hat": (0, 1, 1.5, 2)},
    "offbeat": {"kick": (0, 1, 2, 3), "hat": _OFFBEATS},
    "dembow": {"kick": (0, 1, 2, 3), "snare": (0.75, 1.5, 2.75, 3.5), "hat": _EIGHTHS},
    "march": {"kick": (0, 2), "snare": (1, 3)},
    "jig": {"kick": (0, 2), "snare": (1, 3), "hat": tuple(n / 3 for n in range(12))},
    "none": {},
}
"""Where in a bar (in beats from its start) each drum plays; a `waltz` has three beats, all others four."""

_BASS_LINES = ((0.0, 1.0, 2.0, 3.0), (0.0, 1.5, 2.0, 3.5), _EIGHTHS, (0.0, 2.0, 3.5))
_CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))  # semitones over the key: C Am F G
_SCALE = (0, 2, 4, 7, 9, 12)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a song: `bars` of a drum pattern under parts of `bass pad piano voice`, `level` loud."""

    label: str
    bars: int
    pattern: str
    parts: tuple[str, ...] = ()
    key: int = 0
    level: float = 1.0


FORMS: Mapping[str, tuple[Part, ...]] = {
    "verse-chorus": (
        Part("A", 8, "rock", ("bass",), level=0.6),
        Part("B", 8, "four", ("bass", "pad", "voice"), key=5),
        Part("A", 8, "rock", ("bass",), level=0.6),
        Part("B", 8, "four", ("bass", "pad", "voice"), key=5),
    ),
    "intro-drop": (
        Part("intro", 8, "none", ("pad",), level=0.4),
        Part("build", 8, "march", ("pad", "piano"), level=0.6),
        Part("drop", 8, "four", ("bass", "voice")),
        Part("outro", 8, "none", ("piano",), level=0.4),
    ),
    "bridge": (
        Part("A", 8, "rock", ("bass", "piano")),
        Part("B", 8, "half", ("pad", "voice"), key=3, level=0.7),
        Part("A", 8, "rock", ("bass", "piano")),
        Part("C", 4, "none", ("voice",), level=0.5),
    ),
    "one": (Part("A", 24, "rock", ("bass", "pad")),),
}
"""Songs of several sections; a label that comes again sounds the same again."""


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """A song and the truth about it: `samples` float32 `[n]` at RATE, peak 0.8; times in seconds, rising.

    `onsets` are each instrument's; `sections` are starts and labels; `stems` sum up to the samples (before
    a fade and the noise floor).
    """

    samples: Samples
    beats: Times
    downbeats: Times
    onsets: Mapping[str, Times]
    sections: tuple[tuple[float, str], ...]
    stems: Mapping[str, Samples]

    @property
    def duration(self) -> float:
        return self.samples.size / RATE


def even(bpm: float, seconds: float, start: float = 0.0) -> Times:
    """Beats of one tempo."""
    return start + np.arange(int((seconds - start) * bpm / 60 - 1e-9) + 1) * 60 / bpm


def ramp(first: float, last: float, seconds: float, start: float = 0.0) -> Times:
    """Beats whose tempo goes evenly (in seconds) from `first` to `last` bpm."""
    at = np.linspace(0.0, seconds - start, int((seconds - start) * 200) + 2)
    passed = (first * at + 0.5 * (last - first) * at**2 / max(at[-1], 1e-9)) / 60
    return start + np.interp(np.arange(int(passed[-1]) + 1), passed, at)


def steps(tempi: Sequence[tuple[float, float]], seconds: float) -> Times:
    """Beats of several tempi: from each `(second, bpm)` on, a beat there and then the tempo's own."""
    ends = [at for at, _ in tempi[1:]] + [seconds]
    parts = [np.arange(at, end - 30 / bpm, 60 / bpm) for (at, bpm), end in zip(tempi, ends, strict=True)]
    return np.concatenate(parts)


def play(
    pattern: str = "four", bpm: float = 120.0, seconds: float = 20.0, *, beats: Times | None = None,
    start: float = 0.0, parts: tuple[str, ...] = (), kit: str = "acoustic", seed: int = 0, swing: float = 0.0,
    jitter: float = 0.0, breaks: Sequence[tuple[int, int]] = (), fade: float = 0.0, noise: float = 0.0,
    sidechain: bool = False,
) -> Song:  # fmt: skip
    """A song of one section. `swing` 0..0.33 moves offbeats late by that part of a beat; `jitter` is the
    players' spread in seconds; in bars from `breaks[i][0]` to before `breaks[i][1]` no drum plays; `fade` is
    a fade-in in seconds; `noise` a floor's level (0.01 = -40 dB); with `sidechain` pads duck at each beat.
    """
    grid = even(bpm, seconds, start) if beats is None else beats
    bars = len(grid) // _beats_per_bar(pattern) + 1
    form = (Part("A", bars, pattern, parts),)
    return perform(form, grid, seconds, kit=kit, seed=seed, swing=swing, jitter=jitter, breaks=breaks,
                   fade=fade, noise=noise, sidechain=sidechain)  # fmt: skip


def perform(
    form: Sequence[Part], grid: Times, seconds: float, *, kit: str = "acoustic", seed: int = 0,
    swing: float = 0.0, jitter: float = 0.0, breaks: Sequence[tuple[int, int]] = (), fade: float = 0.0,
    noise: float = 0.0, sidechain: bool = False,
) -> Song:  # fmt: skip
    """A song of the sections of `form` on the beats of `grid`; `play` says what the rest is."""
    rng = np.random.default_rng(seed)
    stage = _Stage(int(seconds * RATE), rng, jitter)
    step = float(grid[-1] - grid[-2]) if grid.size > 1 else 0.5
    longer = np.concatenate([grid, grid[-1] + step * np.arange(1, 9)])
    numbers = np.arange(longer.size, dtype=np.float64)
    first, bar = 0, 0
    downbeats: list[float] = []
    sections: list[tuple[float, str]] = []
    for part in form:
        per_bar = _beats_per_bar(part.pattern)
        for _ in range(part.bars):
            if first >= grid.size:
                break
            at = _Bar(longer, numbers, first, per_bar, swing)
            drums = not any(low <= bar < high for low, high in breaks)
            sections += (
                [(float(grid[first]), part.label)] if not sections or sections[-1][1] != part.label else []
            )
            downbeats.append(float(grid[first]))
            _bar_of(stage, part, at, bar, kit, seed, drums)
            first, bar = first + per_bar, bar + 1
    return _mixed(stage, grid, np.array(downbeats), tuple(sections), fade, noise, sidechain)


class _Stage:
    """Stems that are being filled."""

    def __init__(self, size: int, rng: np.random.Generator, jitter: float) -> None:
        self.size, self.rng, self.jitter = size, rng, jitter
        self.stems: dict[str, Samples] = {}
        self.onsets: dict[str, list[float]] = {}

    def put(self, name: str, samples: Samples, at: float, level: float = 1.0) -> None:
        stem = self.stems.setdefault(name, np.zeros(self.size, np.float32))
        place = round(max(0.0, at + self.jitter * float(self.rng.standard_normal())) * RATE)
        if place < self.size:
            room = min(samples.size, self.size - place)
            stem[place : place + room] += np.float32(level) * samples[:room]
            self.onsets.setdefault(name, []).append(place / RATE)


@dataclass(frozen=True, slots=True, eq=False)
class _Bar:
    grid: Times  # carried on beyond the last beat
    numbers: Times
    first: int
    beats: int
    swing: float

    def at(self, position: float) -> float:
        """The second of a position in the bar, in beats; off the beat it comes late by the swing."""
        late = self.swing * 2 * min(position % 1, 1 - position % 1)
        return float(np.interp(self.first + position + late, self.numbers, self.grid))


def _bar_of(stage: _Stage, part: Part, bar: _Bar, number: int, kit: str, seed: int, drums: bool) -> None:
    chord = _CHORDS[number % 4]
    length = bar.at(bar.beats) - bar.at(0)
    for drum, positions in PATTERNS[part.pattern].items() if drums else ():
        for position in positions:
            level = {"kick": 0.9, "snare": 0.7, "hat": 0.35}[drum] * (1 + 0.08 * stage.rng.standard_normal())
            stage.put(drum, sound(kit, drum, seed), bar.at(position), part.level * level)
    key = part.key + seed % 5
    if "bass" in part.parts:
        for position in _bass_line(part.pattern, seed, bar.beats):
            note = 41.2 * 2 ** ((key + chord[0]) % 12 / 12)
            stage.put("bass", bass(note, 0.9 * length / bar.beats), bar.at(position), 0.5 * part.level)
    if "pad" in part.parts:
        notes = tuple(130.8 * 2 ** ((key + step) / 12) for step in chord)
        stage.put("pad", pad(notes, length), bar.at(0), 0.3 * part.level)
    if "piano" in part.parts:
        for position in range(bar.beats * 2):
            note = 261.6 * 2 ** ((key + chord[position % 3]) / 12)
            stage.put(
                "piano", piano(note, 0.8), bar.at(position / 2), part.level * (0.35 if position % 2 else 0.5)
            )
    if "voice" in part.parts:
        for position in np.sort(stage.rng.choice(bar.beats * 2, bar.beats - 1, replace=False)) / 2:
            note = 196.0 * 2 ** ((key + int(stage.rng.choice(_SCALE))) / 12)
            stage.put(
                "voice", voice(note, 0.8 * length / bar.beats), bar.at(float(position)), 0.35 * part.level
            )


def _mixed(
    stage: _Stage, grid: Times, downbeats: Times, sections: tuple[tuple[float, str], ...], fade: float,
    noise: float, sidechain: bool,
) -> Song:  # fmt: skip
    time = np.arange(stage.size) / RATE
    if sidechain:
        place = np.searchsorted(grid, time, side="right") - 1
        since = np.where(place >= 0, time - grid[np.maximum(place, 0)], 9.0)
        for name in stage.stems.keys() & {"pad", "voice", "piano"}:
            stage.stems[name] *= np.clip(since / 0.25, 0.1, 1.0).astype(np.float32)
    mix = np.sum([np.zeros(stage.size, np.float32), *stage.stems.values()], axis=0)
    scale = np.float32(0.8 / max(float(np.abs(mix).max(initial=0.0)), 1e-6))
    stems = {name: stem * scale for name, stem in stage.stems.items()}
    mix = mix * scale * (np.minimum(time / fade, 1.0) if fade else 1.0)
    mix = mix + noise * stage.rng.standard_normal(stage.size)
    inside = grid[grid < stage.size / RATE]
    onsets = {name: np.unique(np.array(times)) for name, times in stage.onsets.items()}
    return Song(mix.astype(np.float32), inside, downbeats, onsets, sections, stems)


def ambient(seconds: float, seed: int = 0) -> Song:
    """Slow chords that begin wherever they like, over soft noise: no beats."""
    rng = np.random.default_rng(seed)
    stage, at = _Stage(int(seconds * RATE), rng, 0.0), 0.0
    while at < seconds:
        notes = tuple(110.0 * 2 ** (int(step) / 12) for step in rng.choice(24, 3, replace=False))
        length = float(rng.uniform(3, 8))
        stage.put("pad", pad(notes, length, attack=length / 3), at, 0.5)
        at += float(rng.uniform(1.5, 5))
    return _mixed(stage, np.zeros(0), np.zeros(0), ((0.0, "A"),), 0.0, 0.01, sidechain=False)


def write(path: Path, song: Song) -> Path:
    """Writes the song as a sound file of the format that the path's ending names."""
    soundfile.write(path, song.samples, RATE)
    return path


def _bass_line(pattern: str, seed: int, beats: int) -> list[float]:
    """Where in a bar the bass plays; under a kick on every beat, now and then only between the beats."""
    if seed % 5 == 4 and len(PATTERNS[pattern].get("kick", ())) == 4:
        return [0.0, *(n + 0.5 for n in range(beats))]
    return [position for position in _BASS_LINES[seed % 4] if position < beats]


def _beats_per_bar(pattern: str) -> int:
    return 3 if pattern == "waltz" else 4

"""The lanes of a film's sound and its files of times: beats, parts, levels, marks, lines that are sung."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from anim_compiler.clock import FilmClock
from anim_compiler.film import Film
from anim_compiler.landing import landed, passed
from anim_compiler.tempo import TempoMap
from anim_compiler.world import World
from anim_studio.live.board.lanes import Kind, Lane, Stretch

#: features of the song that are drawn, in this order
LEVELS = ("bass", "mid", "treble", "energy", "onset")

_NONE: NDArray[np.int64] = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """The frames of beats and of bars, and the number of each beat: 0 begins the film's first bar."""

    beats: NDArray[np.int64] = field(default_factory=lambda: _NONE)
    bars: NDArray[np.int64] = field(default_factory=lambda: _NONE)
    counted: NDArray[np.int64] = field(default_factory=lambda: _NONE)
    per_bar: int = 4


def beats_of(
    film: Film, clock: FilmClock, grid: TempoMap | None, curves: Mapping[str, NDArray[np.float64]]
) -> Beats:
    """Where the beats of the film fall: those of its song as they were heard, else those of its tempo."""
    if "beat" in curves:
        return _heard(curves, film.tempo.beats_per_bar)
    grid = clock.grid or grid
    return Beats(per_bar=film.tempo.beats_per_bar) if grid is None else _counted(clock, grid)


def _heard(curves: Mapping[str, NDArray[np.float64]], per_bar: int) -> Beats:
    beats = np.flatnonzero(curves["beat"] > 0).astype(np.int64)
    bars = np.flatnonzero(curves["downbeat"] > 0).astype(np.int64) if "downbeat" in curves else _NONE
    first = int(np.searchsorted(beats, bars[0])) if len(bars) else 0
    return Beats(beats, bars, np.arange(len(beats)) - first, per_bar)


def _counted(clock: FilmClock, grid: TempoMap) -> Beats:
    first, last = ceil(grid.beats(Fraction(0)) - 1), floor(grid.beats(clock.length))
    numbers = np.arange(first, last + 1, dtype=np.int64)
    if grid.is_steady:
        row = grid.stretches[0]
        seconds = np.asarray(float(row.second) + (numbers - float(row.beat)) * float(row.length), np.float64)
    else:
        seconds = np.array([float(grid.second(Fraction(number))) for number in numbers.tolist()])
    before = passed(
        seconds,
        clock.film_times,
        float(1 / clock.fps),
        tolerance=grid.tolerance,
        length=float(clock.length),
        cuts=clock.cuts,
    )
    beats = np.flatnonzero(np.diff(before) > 0).astype(np.int64)
    # of beats that share a frame, at a rate below the tempo, the last one counts
    counted = numbers[before[beats + 1] - 1] - grid.nearest(Fraction(0))
    return Beats(beats, beats[counted % grid.beats_per_bar == 0], counted, grid.beats_per_bar)


def music_lanes(
    film: Film, world: World, clock: FilmClock, beats: Beats, curves: Mapping[str, NDArray[np.float64]]
) -> Iterator[Lane]:
    """The lanes below the keys: marks and lines of files, the song's parts, beats, levels."""
    for markers in film.markers:
        rows = tuple(
            Stretch(mark.label or mark.name, *_frames(clock, mark.start, mark.end))
            for mark in markers.marks
            if mark.start < film.length and (mark.end or mark.start) >= 0
        )
        yield Lane(Kind.MARKS, markers.name, stretches=rows)
    for score in film.scores:
        times = np.array([at for at in score.beats if 0 <= at < film.length], np.float64)
        at = landed(times, clock.film_times, float(1 / clock.fps)) if len(times) else np.zeros(1)
        yield Lane(Kind.BEATS, score.name, ticks=np.flatnonzero(at > 0).astype(np.int64))
    for lyrics in film.lyrics:
        lines = tuple(
            Stretch(text, *_frames(clock, start, film.length if end is None else end))
            for start, end, text in lyrics.lines
            if text.strip() and start < film.length and (end is None or end > 0)
        )
        yield Lane(Kind.MARKS, lyrics.name, stretches=lines)
    parts = _sections(film, world, clock, curves)
    if parts:
        yield Lane(Kind.MARKS, "sections", stretches=parts)
    if len(beats.beats):
        yield Lane(Kind.BEATS, "beats", ticks=beats.beats, strong=beats.bars)
    for name in LEVELS:
        if name in curves:
            yield Lane(Kind.LEVEL, name, levels=curves[name])


def _frames(clock: FilmClock, start: Fraction, end: Fraction | None) -> tuple[int, int]:
    """The frames of a time: one at least, all on the film."""
    first = min(max(clock.frame_at(start, clock.fps), 0), clock.frames - 1)
    past = first + 1 if end is None else clock.frame_at(end, clock.fps)
    return first, min(max(past, first + 1), clock.frames)


def _sections(
    film: Film, world: World, clock: FilmClock, curves: Mapping[str, NDArray[np.float64]]
) -> tuple[Stretch, ...]:
    """The parts of the song, alike ones with one letter: as the film reads them, or as heard before."""
    if "section" in curves:
        labels = curves["section"].astype(np.int64)
        first = np.flatnonzero(np.diff(labels, prepend=labels[0] - 1))
        return _lettered(first, labels[first], clock.frames)
    track = next((track for track in film.tracks if track.name == film.tempo.track), None)
    if track is None or world.cache is None:
        return ()
    from anim_compiler.audio import store
    from anim_compiler.audio.groups import version

    kept = store.load(world.cache, track.sha256, "sections", version("sections"))
    if kept is None:
        return ()
    starts = np.asarray(kept["starts"], np.float64) - float(track.start)
    frames = np.ceil(starts * float(clock.fps) - 1e-6).astype(np.int64)
    labels = np.asarray(kept["labels"]).astype(np.int64)
    inside = frames < clock.frames
    return _lettered(np.maximum(frames[inside], 0), labels[inside], clock.frames)


def _lettered(first: NDArray[np.int64], labels: NDArray[np.int64], frames: int) -> tuple[Stretch, ...]:
    ends = [*first[1:].tolist(), frames]
    return tuple(
        Stretch(_letter(label), begin, end, number=label)
        for begin, end, label in zip(first.tolist(), ends, labels.tolist(), strict=True)
        if begin < end
    )


def _letter(number: int) -> str:
    return chr(ord("A") + number) if 0 <= number < 26 else f"{number + 1}"

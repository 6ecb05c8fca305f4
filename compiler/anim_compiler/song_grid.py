"""The song's grid: the tempo map of a film, from what it writes, from a file of beats, or from the sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler.film import Film, Track
from anim_compiler.functions.registry import Array
from anim_compiler.landing import HEARD
from anim_compiler.moments import exact
from anim_compiler.scope import GUESSED
from anim_compiler.tempo import TempoMap, laid, steady, through

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis


@dataclass(frozen=True, slots=True)
class Told:
    """What a film says of a track's tempo: a `bpm`, or a whole `given` map by seconds of the film."""

    bpm: float | None = None
    given: TempoMap | None = None


def told(film: Film, track: Track) -> Told:
    """What is said of a track's tempo: the film's own goes before that of the track that it counts by."""
    tempo = film.tempo
    if tempo.track == track.name and (tempo.bpm is not None or tempo.given is not None):
        return Told(tempo.bpm, tempo.given)
    return Told(track.bpm, track.given)


def written_grid(film: Film) -> TempoMap | None:
    """The grid of a film that needs no sound for it; None where there is no tempo, or the sound tells it."""
    tempo = film.tempo
    if tempo.given is not None or tempo.bpm is None or tempo.track is not None:
        return tempo.given
    return steady(tempo.bpm, tempo.beats_per_bar)


def heard_grid(film: Film, track: Track, heard: Analysis) -> TempoMap:
    """The grid through the beats of an analysed track."""
    bpm, per_bar = told(film, track).bpm, film.tempo.beats_per_bar
    if bpm is not None and track.offset:
        return laid(bpm, per_bar, exact(track.offset) - track.start, tolerance=HEARD)
    beats = film_seconds(heard.beats, track)
    if bpm is not None:
        origin = Fraction(float(beats[0])) if len(beats) else Fraction(0)
        return steady(bpm, per_bar, origin, tolerance=HEARD, heard=True)
    first = int(np.searchsorted(heard.beats, heard.downbeats[0])) if len(heard.downbeats) else 0
    return through(beats.tolist(), per_bar, first=first, tolerance=HEARD) or steady(GUESSED, per_bar)


def film_seconds(times: Array, track: Track) -> Array:
    """Seconds of a track's file as seconds of the film."""
    return times - float(track.start) if track.start else times


def with_given_beats(heard: Analysis, track: Track, given: TempoMap) -> Analysis:
    """An analysis with the beats of a map instead of those that were found; bars begin with its beat 0."""
    first, last = (given.beats(at - track.start) for at in (Fraction(0), Fraction(heard.duration)))
    numbers = np.arange(np.ceil(float(first)), np.floor(float(last)) + 1)
    seconds = np.array([float(given.second(Fraction(int(n))) + track.start) for n in numbers])
    return replace(
        heard,
        beats=seconds,
        downbeats=seconds[numbers % given.beats_per_bar == 0],
        tempo=60.0 / float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0,
        confidence=1.0,
    )

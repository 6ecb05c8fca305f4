"""A film's tracks, analysed when a curve first asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler import remembered, song_grid
from anim_compiler.audio.groups import groups_for
from anim_compiler.audio.locked import Noting, TrackLock
from anim_compiler.clock import FilmClock
from anim_compiler.film import Film, Track
from anim_compiler.film_expressions import expressions, moments
from anim_compiler.functions.registry import Array
from anim_compiler.landing import HEARD, landed
from anim_compiler.sound.problem import AudioError
from anim_compiler.sound.tracks import film_lock, locked_place
from anim_compiler.tempo import TempoMap
from anim_compiler.typed import Clock, Feature, walk
from anim_compiler.world import World

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis

_MUSICAL = frozenset({"beats", "bars", "beat_seconds", "bar_seconds"})

_EVENTS = frozenset({"beat", "downbeat"})


class Listener:
    """Reads features of one film's tracks; each track is analysed at most once. `heard` are analyses that
    there are already, by what `remembered.heard` says of a track; new ones are added. `noted` is filled with
    what is read of each track, by its name, for a lock to be written; then no lock is read.
    """

    def __init__(
        self,
        film: Film,
        world: World,
        heard: dict[str, Analysis] | None = None,
        noted: dict[str, Noting] | None = None,
    ) -> None:
        self._film = film
        self._world = world
        self._says = remembered.heard(film)
        self._heard = {} if heard is None else heard
        self.lock = film_lock(world, film.source.name) if film.tracks else None
        self._locks: dict[str, TrackLock | None] = {}
        self._noted = noted

    def __call__(self, feature: Feature, clock: FilmClock) -> Array:
        """The feature at every frame, float64[frames]; raises AudioError for an unreadable track."""
        track = next(track for track in self._film.tracks if track.name == feature.track)
        analysis = self.analysis(track, groups_for(feature.name, feature.arguments))
        # in whole numbers, so that a frame's second in the file is rounded once
        times = clock.since(-track.start)
        if feature.name in _EVENTS:
            return self._events(track, analysis, feature.name, clock, times)
        try:
            return analysis.feature(
                feature.name, times, step=float(1 / clock.fps), arguments=feature.arguments
            )
        except AudioError as error:
            raise self._missing(track, error) from error

    def _events(self, track: Track, analysis: Analysis, name: str, clock: FilmClock, times: Array) -> Array:
        """1 on the frames that hold a beat, or a bar's first, by the rule that all events of a film obey."""
        given = song_grid.told(self._film, track).given
        seconds = analysis.beats if name == "beat" else analysis.downbeats
        found = landed(
            song_grid.film_seconds(seconds, track) - float(clock.start),
            clock.times,
            float(1 / clock.fps),
            tolerance=HEARD if given is None else given.tolerance,
            length=float(clock.length),
            cuts=clock.cuts,
        )
        return np.where((times >= 0.0) & (times < analysis.duration), found, 0.0)

    def grid(self) -> TempoMap | None:
        """The song's grid; None without track and `bpm`."""
        film = self._film
        track = next((t for t in film.tracks if t.name == film.tempo.track), None)
        known = song_grid.written_grid(film)
        if known is not None or track is None:
            return known
        return song_grid.heard_grid(film, track, self.analysis(track, self._counted(track)))

    def _counted(self, track: Track) -> frozenset[str]:
        """The groups that tell the grid: the beats, and the bars unless the film tells the tempo."""
        return groups_for("downbeat" if song_grid.told(self._film, track).bpm is None else "beat")

    def analysis(self, track: Track, needed: Collection[str]) -> Analysis:
        """What is heard in a track, with the `needed` groups of curves and those that the film's curves read.

        Raises AudioError for an unreadable track.
        """
        says = self._says[track.name]
        had = self._heard.get(says)
        if had is None or not set(needed) <= had.groups.keys():
            groups = {*needed, *_groups(self._film, track.name), *(had.groups if had is not None else ())}
            self._heard[says] = self._analysed(track, groups)
        return self._heard[says]

    def _analysed(self, track: Track, groups: Collection[str]) -> Analysis:
        from anim_compiler.audio import analyse

        tempo, told = self._film.tempo, song_grid.told(self._film, track)
        lock: TrackLock | Noting | None = None
        try:
            lock = self._lock(track) if self._noted is None else self._noting(track, groups)
            found = analyse(
                self._world.root / track.path,
                sha256=track.sha256,
                cache=self._world.cache,
                lock=lock,
                groups=groups,
                bpm=told.bpm,
                offset=track.offset,
                beats_per_bar=track.beats_per_bar or tempo.beats_per_bar,
                is_fixed=track.is_fixed,
                gain_db=track.gain_db,
            )
            if lock is not None:
                _tried(found, self._film, track.name)
        except AudioError as error:
            raise self._missing(track, error) from error
        except (IndexError, ValueError):
            if not self._distrusts(track):
                raise
            return self._analysed(track, groups)
        return found if told.given is None else song_grid.with_given_beats(found, track, told.given)

    def _missing(self, track: Track, error: AudioError) -> AudioError:
        """What is wrong with a track; of one that was locked, mostly that it is not there."""
        if self._locks.get(track.name) is not None and not (self._world.root / track.path).is_file():
            lock, name = self.lock.name if self.lock else "", track.path.rpartition("/")[2]
            message = f"there is no file `{name}`, and `{lock}` does not hold all that the film reads"
            error = AudioError(message, "fetch the file, or lock it anew where it is", "E4034")
        error.track = track.name
        return error

    def _noting(self, track: Track, groups: Collection[str]) -> Noting:
        """By which is noted what is read of a track."""
        assert self._noted is not None
        path = self._world.root / track.path
        noting = self._noted.setdefault(track.name, Noting(path, track.sha256, self._world.cache))
        tempo = self._film.tempo
        counts = tempo.asks and tempo.track == track.name
        noting.hear({*groups, "beats"} if counts else groups)
        if counts:
            # lengths are told in its beats when the film is checked
            noting.keep("beats")
        return noting

    def _lock(self, track: Track) -> TrackLock | None:
        """What is locked of a track, if it is the track as it is now."""
        kept = None
        if self.lock is not None and track.name not in self._locks:
            path = self._world.root / track.path
            kept = self.lock.tracks.get(locked_place(self._world, path))
            usable = kept is not None and kept.sha256 == track.sha256
            self._locks[track.name] = TrackLock(kept, path, self._world.cache) if kept and usable else None
        return self._locks.get(track.name)

    def _distrusts(self, track: Track) -> bool:
        """Lets go of the locked curves of a track, which fit nothing; False if there are none."""
        lock = self._locks.get(track.name)
        if lock is None or lock.is_false:
            return False
        lock.is_false = True
        self._heard.pop(self._says[track.name], None)
        return True

    def lacked(self, track: Track) -> bool:
        """Whether something was analysed that the lock should have held."""
        lock = self._locks.get(track.name)
        return lock is not None and bool(lock.lacked or lock.is_false)


def _groups(film: Film, track: str) -> frozenset[str]:
    """The groups of curves that a film reads of a track, so that they are measured in one go."""
    named = _features(film, track)
    return frozenset[str]().union(*(groups_for(name, arguments) for name, arguments in named))


def _features(film: Film, track: str) -> set[tuple[str, tuple[float, ...]]]:
    """The features of a track that a film reads, with their arguments."""
    nodes = (node for expr in expressions(film) for node in walk(expr))
    return {
        (node.name, node.arguments) for node in nodes if isinstance(node, Feature) and node.track == track
    }


def _tried(analysis: Analysis, film: Film, track: str) -> None:
    """Reads every feature once, so that locked curves which fit nothing show themselves here; raises what
    they make then.
    """
    for name, arguments in _features(film, track):
        analysis.feature(name, np.zeros(1), step=1.0, arguments=arguments)


def film_clock(
    film: Film, listener: Listener, *, fps: Fraction | None = None, seed: int | None = None
) -> FilmClock:
    """The film's clock, at another rate or seed if given; tracks are analysed only if beats count."""
    rate = fps or film.fps
    grid = listener.grid() if _musical(film) else None
    clock = FilmClock(1, rate, film.fps, film.length, film.seed if seed is None else seed, grid)
    begins = [(clock.frame_at(shot.start, rate), shot.start) for shot in film.shots]
    frames = max(1, clock.frame_at(film.length, rate))
    cuts = [(frame, float(second)) for frame, second in begins if second * rate < frame < frames]
    return replace(clock, frames=frames, cuts=tuple(cuts))


def _musical(film: Film) -> bool:
    """Whether anything counts in beats, so that the grid is needed."""
    if film.tempo.asks:
        return True
    nodes = (node for expr in expressions(film) for node in walk(expr))
    if any(isinstance(node, Clock) and node.name in _MUSICAL for node in nodes):
        return True
    return any(moment.beats for moment in moments(film))

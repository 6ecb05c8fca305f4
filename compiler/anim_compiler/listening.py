"""A film's tracks, analysed when a curve first asks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler import remembered
from anim_compiler.audio.problem import AudioError
from anim_compiler.clock import FilmClock, Grid
from anim_compiler.film import Film, PromptKey, Track, WordSchedule
from anim_compiler.functions.registry import Array
from anim_compiler.lowering.paths import calls
from anim_compiler.typed import Clock, Feature, KeyCurve, Moment, Typed, walk
from anim_compiler.world import World

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis

_MUSICAL = frozenset({"beats", "bars", "beat_seconds", "bar_seconds", "beat_origin"})


class Listener:
    """Reads features of one film's tracks; each track is analysed at most once. `heard` are analyses that
    there are already, by what `remembered.heard` says of a track; new ones are added.
    """

    def __init__(self, film: Film, world: World, heard: dict[str, Analysis] | None = None) -> None:
        self._film = film
        self._world = world
        self._says = remembered.heard(film)
        self._heard = {} if heard is None else heard

    def __call__(self, feature: Feature, clock: FilmClock) -> Array:
        """The feature at every frame, float64[frames]; raises AudioError for an unreadable track."""
        track = next(track for track in self._film.tracks if track.name == feature.track)
        values = self._analysis(track).feature(feature.name, clock.film_times, step=float(1 / clock.fps))
        return np.asarray(values, dtype=np.float64)

    def grid(self) -> Grid | None:
        """The song's grid: seconds a beat, and the beat nearest time 0; None without track and `bpm`."""
        tempo = self._film.tempo
        track = next((t for t in self._film.tracks if t.name == tempo.track), None)
        if track is None:
            return None if tempo.bpm is None else Grid(60.0 / tempo.bpm, tempo.beats_per_bar)
        heard = self._analysis(track)
        bpm = tempo.bpm or heard.tempo
        if not bpm or len(heard.beats) == 0:
            return Grid(60.0 / (bpm or 120.0), tempo.beats_per_bar)
        beat = 60.0 / bpm if tempo.bpm else _spacing(heard.beats, 60.0 / bpm)
        return Grid(beat, tempo.beats_per_bar, _origin(heard.beats, beat))

    def _analysis(self, track: Track) -> Analysis:
        says = self._says[track.name]
        if says not in self._heard:
            self._heard[says] = self._analysed(track)
        return self._heard[says]

    def _analysed(self, track: Track) -> Analysis:
        from anim_compiler.audio import analyse

        tempo = self._film.tempo
        try:
            return analyse(
                self._world.root / track.path,
                sha256=track.sha256,
                cache=self._world.cache,
                bpm=track.bpm or (tempo.bpm if tempo.track == track.name else None),
                offset=track.offset,
                beats_per_bar=track.beats_per_bar or tempo.beats_per_bar,
            )
        except AudioError as error:
            error.track = track.name
            raise


def _spacing(beats: Array, near: float) -> float:
    """Seconds a beat by least squares over all beats, each numbered by the rough spacing."""
    numbers = np.round((beats - beats[0]) / near)
    if len(beats) < 2 or numbers[-1] == 0:
        return near
    centred = numbers - numbers.mean()
    return float((centred * (beats - beats.mean())).sum() / (centred**2).sum())


def _origin(beats: Array, beat: float) -> float:
    """The second of the grid's beat nearest time 0: the beats' common phase, as a circular mean."""
    turns = np.exp(2j * np.pi * beats / beat)
    phase = float(np.angle(turns.mean())) / (2.0 * np.pi) * beat
    return phase if abs(phase) > 1e-9 else 0.0


def film_clock(
    film: Film, listener: Listener, *, fps: Fraction | None = None, seed: int | None = None
) -> FilmClock:
    """The film's clock, at another rate or seed if given; tracks are analysed only if beats count."""
    rate = fps or film.fps
    count = max(1, int(-((-film.length * rate) // 1)))
    grid = listener.grid() if _musical(film) else None
    return FilmClock(count, rate, film.fps, film.length, film.seed if seed is None else seed, grid)


def _musical(film: Film) -> bool:
    """Whether anything counts in beats, so that the grid is needed."""
    moments: list[Moment] = [key.at for key in _prompt_keys(film)]
    moments += [shot.prompts.morph_time for shot in film.shots if shot.prompts.morph_time is not None]
    words = (word for shot in film.shots for word in (*shot.words.values(), film.model))
    moments += [at for word in words if isinstance(word, WordSchedule) for at, _ in word.keys]
    for expr in _expressions(film):
        for node in walk(expr):
            if isinstance(node, Clock) and node.name in _MUSICAL:
                return True
            if isinstance(node, KeyCurve):
                moments.extend(key.at for key in node.keys)
    return any(moment.beats != 0 for moment in moments)


def _expressions(film: Film) -> Iterator[Typed]:
    """Every expression of a film."""
    yield from (curve.expr for curve in film.lets.values())
    for shot in film.shots:
        cameras = (*shot.cameras.values(), *((shot.camera,) if shot.camera else ()))
        channels = [curve for camera in cameras for curve in camera.curves.values()]
        called = calls(shot.pipeline) if shot.pipeline else ()
        given = [curve for named in called for _, curve in named.given]
        for curve in (*shot.numbers.values(), *shot.lets.values(), *channels, *given):
            yield curve.expr
    for key in _prompt_keys(film):
        for alternative in key.value:
            yield from (part for part in alternative.parts if not isinstance(part, str))
            if alternative.weight is not None:
                yield alternative.weight


def _prompt_keys(film: Film) -> Iterator[PromptKey]:
    for shot in film.shots:
        yield from (*shot.prompts.positive, *shot.prompts.negative)

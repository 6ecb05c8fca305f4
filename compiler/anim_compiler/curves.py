"""Typed expressions as columns: float64, one number a frame, the whole film at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.film import Film
from anim_compiler.functions import FUNCTIONS
from anim_compiler.functions.registry import Array
from anim_compiler.keying import key_column
from anim_compiler.listening import Listener, film_clock
from anim_compiler.signatures import READABLE
from anim_compiler.typed import Apply, Clock, Const, Feature, KeyCurve, Schedule, Typed, children
from anim_compiler.world import World
from anim_dsl.source import Span


class FeatureSource(Protocol):
    """Where audio features come from."""

    def __call__(self, feature: Feature, clock: FilmClock) -> Array:
        """The feature at every frame, float64[frames]."""
        ...


def silent(feature: Feature, clock: FilmClock) -> Array:
    """A feature of a film without analysed tracks: 0."""
    return np.zeros(clock.frames)


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions of one film; what is used twice is computed once."""

    clock: FilmClock
    features: FeatureSource = silent
    _done: dict[int, tuple[Typed, Array]] = field(default_factory=dict)

    def column(self, expr: Typed) -> Array:
        """The value of an expression at every frame, float64[frames]; may hold NaN or infinity."""
        found = self._done.get(id(expr))
        if found is not None:
            return found[1]
        self._spine(expr)
        with np.errstate(all="ignore"):
            values = np.ascontiguousarray(self._evaluate(expr), dtype=np.float64)
        values.flags.writeable = False
        self._done[id(expr)] = (expr, values)
        return values

    def _spine(self, expr: Typed) -> None:
        """Evaluates a long chain of first arguments from its inner end, so that sums of any length fit."""
        chain: list[Typed] = []
        while isinstance(expr, Apply) and expr.arguments and id(expr.arguments[0]) not in self._done:
            expr = expr.arguments[0]
            chain.append(expr)
        for node in reversed(chain):
            self.column(node)

    def _evaluate(self, expr: Typed) -> Array:
        match expr:
            case Const():
                return np.full(self.clock.frames, expr.value)
            case Clock():
                return self.clock.value(expr.name)
            case Feature():
                return self.features(expr, self.clock)
            case Apply():
                return FUNCTIONS[expr.function](self.clock.timeline, *map(self.column, expr.arguments))
            case KeyCurve():
                return key_column(expr, self.clock, self.column)
            case Schedule():
                return _schedule(expr, self.clock)

    def culprit(self, expr: Typed) -> tuple[Typed, int] | None:
        """The innermost expression that is not finite though all inside it is, and its first frame."""
        bad = ~np.isfinite(self.column(expr))
        if not bad.any():
            return None
        frame = int(np.argmax(bad))
        for child in children(expr):
            if not np.isfinite(self.column(child)[frame]):
                return self.culprit(child)
        return expr, frame


def _schedule(expr: Schedule, clock: FilmClock) -> Array:
    """A Deforum schedule string at every frame; ValueError says why it cannot be read."""
    from anim_dsl.schedule import evaluate

    frames = int(clock.value("max_f")[0]) + 1
    values, found = evaluate(expr.text, frames=frames, seed=clock.seed)
    if values is None:
        raise ValueError(found[0].message if found else "it is no schedule")
    places = clock.value("t")
    return np.interp(places, np.arange(frames), np.asarray(values, dtype=np.float64))


def curve(film: Film, name: str, world: World) -> Array:
    """A curve by the name it has in the film, float64[frames] at 12 significant digits.

    `name` is a setting's path (`camera.zoom`), a `let`, or an audio feature (`bass`, `song.bass`).
    Raises KeyError for any other and AudioError for a track that cannot be read.
    """
    listener = Listener(film, world)
    return rounded(Evaluator(film_clock(film, listener), listener).column(_named(film, name)))


def curve_names(film: Film) -> tuple[str, ...]:
    """The names that `curve` knows, settings first."""
    return (*film.numbers, *film.lets, *(READABLE if film.tempo.track else ()))


def _named(film: Film, name: str) -> Typed:
    found = film.numbers.get(name) or film.lets.get(name)
    if found is not None:
        return found.expr
    track, _, feature = name.rpartition(".")
    track = track or film.tempo.track or ""
    if feature not in READABLE or track not in {t.name for t in film.tracks}:
        raise KeyError(name)
    return Feature(track, feature, (), Span(0, 0))


def rounded(values: Array) -> Array:
    """Every value at 12 significant digits: what is equal on every machine, float64 of one shape.

    Decimal printing is exact in Python, where scaling by powers of ten would round twice.
    """
    flat = values.ravel().tolist()
    known: dict[float, float] = {}
    for value in flat:
        if value not in known:
            known[value] = float(f"{value:.12g}") + 0.0
    return np.array([known[value] for value in flat], dtype=np.float64).reshape(values.shape)

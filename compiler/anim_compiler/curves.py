"""Typed expressions as columns: float64, one number a frame, the whole film at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.functions import FUNCTIONS
from anim_compiler.functions.registry import Array
from anim_compiler.keying import key_column
from anim_compiler.typed import Apply, Clock, Const, Feature, KeyCurve, OnFilm, Schedule, Typed, children


class FeatureSource(Protocol):
    """Where audio features come from."""

    def __call__(self, feature: Feature, clock: FilmClock) -> Array:
        """The feature at every frame, float64[frames]."""
        ...


def silent(feature: Feature, clock: FilmClock) -> Array:
    """A feature of a film without analysed tracks: 0."""
    return np.zeros(clock.frames)


@dataclass(frozen=True, slots=True)
class Culprit:
    """The innermost expression that is not finite though all inside it is: its value at the film's
    `frame`, the first where that is so, and the values of what is directly inside.
    """

    expr: Typed
    frame: int
    value: float
    inputs: tuple[tuple[Typed, float], ...]


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions by one clock; what is used twice is computed once.

    `film` is the evaluator of the whole film, where this one's clock is a scene's.
    """

    clock: FilmClock
    features: FeatureSource = silent
    film: Evaluator | None = None
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
            case OnFilm():
                return self._on_film(expr)

    def _on_film(self, expr: OnFilm) -> Array:
        """The scene's part of a column of the film."""
        if self.film is None:
            return self.column(expr.expr)
        values = self.film.column(expr.expr)[self.clock.first :][: self.clock.frames]
        # a scene that runs on under the next one may do so past the film's end
        return np.pad(values, (0, self.clock.frames - len(values)), mode="edge")

    def culprit(self, expr: Typed) -> Culprit | None:
        """Where a column stops being numbers; None if it holds nothing else."""
        bad = ~np.isfinite(self.column(expr))
        return self._culprit(expr, int(np.argmax(bad))) if bad.any() else None

    def _culprit(self, expr: Typed, frame: int) -> Culprit:
        if isinstance(expr, OnFilm) and self.film is not None:
            return self.film._culprit(expr.expr, min(frame + self.clock.first, self.film.clock.frames - 1))
        inside = [(child, float(self.column(child)[frame])) for child in children(expr)]
        for child, value in inside:
            if not np.isfinite(value):
                return self._culprit(child, frame)
        value = float(self.column(expr)[frame])
        return Culprit(expr, frame + self.clock.first, value, tuple(inside))


def _schedule(expr: Schedule, clock: FilmClock) -> Array:
    """A Deforum schedule string at every frame; ValueError says why it cannot be read."""
    from anim_dsl.schedule import evaluate

    frames = int(clock.value("max_f")[0]) + 1
    values, found = evaluate(expr.text, frames=frames, seed=clock.seed)
    if values is None:
        raise ValueError(found[0].message if found else "it is no schedule")
    places = clock.value("t")
    return np.interp(places, np.arange(frames), np.asarray(values, dtype=np.float64))


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

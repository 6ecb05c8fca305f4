"""Typed expressions as columns: float64, one number a frame, the whole film at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from anim_compiler import finer, fused
from anim_compiler.clock import FilmClock
from anim_compiler.events.column import recorded_column
from anim_compiler.functions import FUNCTIONS
from anim_compiler.functions.registry import POINTWISE, Array, Timeline
from anim_compiler.keying import key_column, reaches
from anim_compiler.parts import Operand, applied, part, still, takes_parts
from anim_compiler.remembered import Memory, place
from anim_compiler.rounding import rounded
from anim_compiler.schedules import schedule_column
from anim_compiler.structure import Number, Structure
from anim_compiler.typed import (
    Apply,
    Clock,
    Const,
    Feature,
    KeyCurve,
    OnFilm,
    Recorded,
    Schedule,
    Typed,
    children,
)

_LONGEST = 64
"""Longer chains are not made programs of: these stand in each other, and the stack is only so deep."""

__all__ = ["Culprit", "Evaluator", "FeatureSource", "rounded", "silent"]


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
    """Evaluates expressions by one clock; what is used twice, or written twice, is computed once.

    `film` is the evaluator of the whole film, where this one's clock is a scene's. `memory` holds what
    earlier compiles computed; a scene's evaluator takes the film's.
    """

    clock: FilmClock
    features: FeatureSource = silent
    film: Evaluator | None = None
    memory: Memory | None = None
    #: whether its clock runs finer than the film's frames
    is_finer: bool = False
    _structure: Structure = field(default_factory=Structure)
    #: columns that are kept: what was asked for, what is used more than once, what is dear
    _columns: dict[Number, Array] = field(default_factory=dict)
    _timeline: Timeline | None = None
    _finer: Evaluator | None = None
    _place: bytes = b""

    def __post_init__(self) -> None:
        if self.memory is None and self.film is not None:
            self.memory = self.film.memory

    def column(self, expr: Typed) -> Array:
        """The value of an expression at every frame, float64[frames]; may hold NaN or infinity.

        Read-only; a column that never changes may be one number that is shown at every frame.
        """
        number = self._structure.number(expr)
        found = self._columns.get(number)
        if found is not None:
            return found
        if type(expr) is Const:
            found = self._columns[number] = still(expr.value, self.clock.frames)
            return found
        with np.errstate(all="ignore"):
            return self._column(expr)

    def _column(self, expr: Typed) -> Array:
        """A column that is kept."""
        number = self._structure.number(expr)
        found = self._columns.get(number)
        if found is None:
            # what the clock tells, and a part of a column of the film, is had as quickly as found
            if self.memory is None or isinstance(expr, Clock | OnFilm):
                found = self._made(expr)
            else:
                found = self._remembered(expr, self.memory)
            self._columns[number] = found
        return found

    def _made(self, expr: Typed) -> Array:
        """A column as it is kept: float64[frames], read-only."""
        made = self._evaluate(expr)
        if not isinstance(made, np.ndarray):
            return still(float(made), self.clock.frames)
        column = made if made.dtype == np.float64 else made.astype(np.float64)
        column.flags.writeable = False
        return column

    def _remembered(self, expr: Typed, memory: Memory) -> Array:
        """A column that an earlier compile may have left, else one for the next."""
        structure = memory.keys.key(expr)
        if structure is None:
            return self._made(expr)
        self._place = self._place or place(self.clock, None if self.film is None else self.film.clock)
        found = memory.kept.get(self._place + structure)
        if found is None:
            found = self._made(expr)
            if found.strides != (0,):
                memory.kept.put(self._place + structure, found)
        return found

    def _evaluate(self, expr: Typed) -> Operand:
        match expr:
            case Apply():
                return self._apply(expr) if expr.function in POINTWISE else self._call(expr)
            case Const():
                return expr.value
            case Clock():
                return self._clock(expr.name)
            case Feature():
                return self.features(expr, self.clock)
            case Recorded():
                return recorded_column(expr, self.clock)
            case KeyCurve():
                return key_column(expr, self.clock, self._part)
            case Schedule():
                return schedule_column(expr.text, self.clock)
            case OnFilm():
                return self._on_film(expr)

    def _call(self, expr: Apply) -> Array:
        """A function of the whole timeline; of what is heard, between the frames too."""
        times = 1 if self.is_finer else finer.times(expr, self.clock.fps)
        if times > 1:
            return self._between(times).column(expr)[::times].copy()
        times = 1 if self.is_finer else finer.held_times(expr, self.clock.fps)
        if times > 1:
            kept, fires = map(self._between(times).column, expr.arguments)
            return finer.held(kept, fires, self.clock, times)
        if self._timeline is None:
            self._timeline = self.clock.timeline
        trigger = None if self.is_finer else finer.TRIGGERED.get(expr.function)
        columns = [
            self._trigger(argument) if place == trigger else self._column(argument)
            for place, argument in enumerate(expr.arguments)
        ]
        return FUNCTIONS[expr.function](self._timeline, *columns)

    def _trigger(self, expr: Typed) -> NDArray[Any]:
        """What a trigger is at every frame; of what is heard whether it fires, bool[frames], also between
        them.
        """
        if finer.is_of_frames(expr):
            return np.asarray(self._column(expr) >= 0.5)
        times = finer.heard_times(expr, self.clock.fps)
        if times == 1:
            return self._column(expr)
        return finer.fired(self._between(times).column(expr), self.clock, times)

    def _between(self, times: int) -> Evaluator:
        """The evaluator of so many values a frame, which depend on the rate alone."""
        if self._finer is None:
            film = None if self.film is None else self.film._between(times)
            fine = finer.clock(self.clock, times)
            self._finer = Evaluator(fine, self.features, film, self.memory, is_finer=True)
        return self._finer

    def _apply(self, expr: Apply) -> Operand:
        """Functions of one instant inside each other: only the outermost column is kept."""
        chain: list[Apply] = [expr]
        node = expr.arguments[0]
        while isinstance(node, Apply) and not self._is_apart(node):
            chain.append(node)
            node = node.arguments[0]
        if self.clock.frames >= fused.LEAST_FRAMES and len(chain) <= _LONGEST:
            program = fused.program(expr, self._is_apart)
            if program is not None:
                return program.run([self._operand(leaf) for leaf in program.leaves])
        value = self._operand(node)
        for call in reversed(chain):
            rest = call.arguments[1:]
            value = applied(call.function, [value, *map(self._operand, rest)] if rest else [value])
        return value

    def _operand(self, expr: Typed) -> Operand:
        """What an operation takes: a number, a column that is kept, or one that may be written over."""
        if isinstance(expr, Const):
            return expr.value
        if isinstance(expr, Apply) and not self._is_apart(expr):
            return self._apply(expr)
        column = self._column(expr)
        return float(column[0]) if column.strides == (0,) else column

    def _is_apart(self, expr: Apply) -> bool:
        """Whether an operation's column is kept, rather than written over by what it is used in."""
        if expr.function not in POINTWISE:
            return True
        number = self._structure.number(expr)
        return number in self._structure.shared or number in self._columns

    def _part(self, expr: Typed, begin: int, end: int) -> Array:
        """A column's frames from `begin` to `end`; where that can be, only those are computed."""
        if end - begin == self.clock.frames:
            found = self._operand(expr)
            return found if isinstance(found, np.ndarray) else still(found, self.clock.frames)
        number = self._structure.number(expr)
        is_apart = number in self._columns or number in self._structure.shared
        if is_apart or not takes_parts(expr):
            return self._column(expr)[begin:end]
        return part(expr, begin, end, self._clock)

    def _clock(self, name: str) -> Array:
        """A column of the clock, by its name, which is its number."""
        if name not in self._columns:
            self._columns[name] = self.clock.value(name)
        return self._columns[name]

    def _on_film(self, expr: OnFilm) -> Array:
        """The scene's part of a column of the film."""
        if self.film is None:
            return self._column(expr.expr)
        values = self.film.column(expr.expr)[self.clock.first :][: self.clock.frames]
        if len(values) == self.clock.frames:
            return values
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
        read = [(child, frame, frame + 1) for child in children(expr)] if isinstance(expr, KeyCurve) else []
        for child, begin, end in (*read, *self._reads(expr, frame)):
            bad = ~np.isfinite(self.column(child)[begin:end])
            if bad.any():
                return self._culprit(child, begin + int(np.argmax(bad)))
        value = float(self.column(expr)[frame])
        return Culprit(expr, frame + self.clock.first, value, tuple(inside))

    def _reads(self, expr: Typed, frame: int) -> list[tuple[Typed, int, int]]:
        """What an expression reads for its value at a frame, and from which frames on to which."""
        if isinstance(expr, KeyCurve):
            return reaches(expr, self.clock)
        is_whole = isinstance(expr, Apply) and expr.function not in POINTWISE
        begin, end = (0, self.clock.frames) if is_whole else (frame, frame + 1)
        return [(child, begin, end) for child in children(expr)]

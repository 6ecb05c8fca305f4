"""Times as they are written, told in seconds, frames and beats, by what is known of the film now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from anim_compiler.tempo import TempoMap
from anim_compiler.typed import Moment
from anim_dsl import syntax
from anim_dsl.syntax import Expr

_SECONDS = {"s": Fraction(1), "ms": Fraction(1, 1000), "m": Fraction(60)}
_DEEPEST = 8
_FPS = Fraction(24)
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Time:
    """A time, from where its clock starts: seconds, and beats that are counted on the grid. `share` is a part
    of the clock's length, `bare` a number of frames.
    """

    seconds: Fraction = Fraction(0)
    beats: Fraction = Fraction(0)
    is_bare: bool = False
    is_share: bool = False
    is_film: bool = False
    on_grid: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """What times at a place are counted by; `start` and `length` are of the scene there, or of the film."""

    fps: Fraction
    start: Fraction = Fraction(0)
    length: Fraction | None = None
    grid: TempoMap | None = None
    beats_per_bar: int = 4
    lets: Mapping[str, Expr] = field(default_factory=dict)
    places: Mapping[str, Fraction] = field(default_factory=dict)

    def time(self, expr: Expr) -> Time | None:
        """A time expression, as far as it can be told; None for what depends on anything else."""
        try:
            return self._read(expr, 0)
        except (ZeroDivisionError, OverflowError, ValueError):
            return None

    def seconds(self, time: Time) -> Fraction | None:
        """How many seconds of the film a time stands at; None without the tempo that its beats need."""
        if time.is_bare:
            return self.start + time.seconds / self.fps
        if time.is_share:
            return None if self.length is None else self.start + time.seconds * self.length
        start = Fraction(0) if time.is_film else self.start
        if not time.beats:
            return start + time.seconds
        if self.grid is None:
            return None
        return self.grid.place(Moment(time.seconds, time.beats, start, not time.on_grid))

    def beats(self, seconds: Fraction) -> Fraction | None:
        """The beat of the grid at a second of the film, counted from the one nearest to the start."""
        if self.grid is None:
            return None
        return self.grid.beats(seconds) - self.grid.nearest(self.start)

    def frame(self, seconds: Fraction) -> int:
        """The first frame of the film at a second of it, or after it."""
        return ceil(seconds * self.fps)

    def lasting(self, time: Time) -> Fraction | None:
        """How many seconds a duration lasts that begins where the clock does."""
        at = self.seconds(time)
        return None if at is None else at - self.start if not time.is_film else at

    # --- reading ---

    def _read(self, expr: Expr, deep: int) -> Time | None:
        if deep > _DEEPEST:
            return None
        match expr:
            case syntax.Number(value):
                return Time(exact_number(value), is_bare=True)
            case syntax.Percent(value):
                return Time(exact_number(value) / 100, is_share=True)
            case syntax.Quantity(parts):
                return self._quantity(parts)
            case syntax.Unary(op, operand) if op in "+-":
                inner = self._read(operand, deep + 1)
                return inner if inner is None or op == "+" else _scaled(inner, Fraction(-1))
            case syntax.Binary():
                return self._binary(expr, deep)
            case syntax.Name():
                return self._name(expr, deep)
            case syntax.Call(function=syntax.Name(path=("frame",)), arguments=(only,)):
                inner = self._read(only.value, deep + 1)
                return Time(Fraction(int(inner.seconds)), is_bare=True) if inner and inner.is_bare else None
            case _:
                return None

    def _quantity(self, parts: tuple[tuple[float, str], ...]) -> Time | None:
        seconds, beats = Fraction(0), Fraction(0)
        for number, unit in parts:
            amount = exact_number(number)
            if unit in _SECONDS:
                seconds += amount * _SECONDS[unit]
            elif unit == "f":
                seconds += amount / self.fps
            elif unit in ("beat", "bar"):
                beats += amount * (self.beats_per_bar if unit == "bar" else 1)
            else:
                return None
        return Time(seconds, beats)

    def _name(self, expr: syntax.Name, deep: int) -> Time | None:
        if expr.text in self.places:
            return Time(self.places[expr.text], is_film=True)
        if expr.text == "duration" and self.length is not None:
            return Time(self.length)
        if expr.text == "max_f" and self.length is not None:
            return Time(Fraction(ceil(self.length * self.fps) - 1), is_bare=True)
        value = self.lets.get(expr.text)
        return None if value is None else self._read(value, deep + 1)

    def _binary(self, expr: syntax.Binary, deep: int) -> Time | None:
        left, right = self._read(expr.left, deep + 1), self._read(expr.right, deep + 1)
        if left is None or right is None:
            return None
        if expr.op in ("+", "-"):
            return self._sum(left, right, 1 if expr.op == "+" else -1)
        if expr.op == "*" and (left.is_bare or right.is_bare):
            kept, factor = (left, right) if right.is_bare else (right, left)
            return _scaled(kept, factor.seconds)
        return _scaled(left, 1 / right.seconds) if expr.op == "/" and right.is_bare else None

    def _sum(self, left: Time, right: Time, sign: int) -> Time | None:
        if left.is_bare and right.is_bare:
            return Time(left.seconds + sign * right.seconds, is_bare=True)
        a, b = self._plain(left), self._plain(right)
        if a is None or b is None:
            return None
        on_grid = bool(a.beats) and a.on_grid and not a.seconds
        is_film = left.is_film or right.is_film
        return Time(a.seconds + sign * b.seconds, a.beats + sign * b.beats, is_film=is_film, on_grid=on_grid)

    def _plain(self, time: Time) -> Time | None:
        """The same without frames and shares."""
        if time.is_bare:
            return Time(time.seconds / self.fps)
        if time.is_share:
            return None if self.length is None else Time(time.seconds * self.length)
        return time


def exact_number(value: float) -> Fraction:
    """A number as it was written: 0.1 is 1/10. Raises OverflowError beyond any film."""
    if abs(value) > _MOST:
        raise OverflowError
    return Fraction(repr(float(value)))


def _scaled(time: Time, factor: Fraction) -> Time:
    return Time(
        time.seconds * factor, time.beats * factor, time.is_bare, time.is_share, time.is_film, time.on_grid
    )

"""Exact times: key times, lengths and durations as `Moment`s, never as floats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from anim_compiler import members
from anim_compiler.env import DefBinding, LetBinding, WrittenBinding
from anim_compiler.names import did_you_mean
from anim_compiler.typed import Moment
from anim_dsl.syntax import Binary, Call, Expr, Name, Number, Percent, Quantity, Unary

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_SECONDS = {"s": Fraction(1), "ms": Fraction(1, 1000), "m": Fraction(60)}


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact number, or a time if `time`; a plain number that becomes a time is frames.

    `film`: a time of the film, wherever it is read; other times count from where their clock starts.
    `on_grid`: it begins with beats, which count on the song's grid; beats behind anything else count from
    there.
    """

    seconds: Fraction = Fraction(0)
    beats: Fraction = Fraction(0)
    time: bool = False
    percent: bool = False
    film: bool = False
    on_grid: bool = False


@lru_cache(maxsize=4096)
def exact(value: float) -> Fraction:
    """The number as it was written: 0.1 is 1/10; ValueError for infinity and NaN."""
    return Fraction(repr(float(value)))


class Moments:
    """Reads times where the checker stands; what cannot be read is reported and None."""

    def __init__(self, check: Expressions) -> None:
        self._check = check
        self._scope = check.scope
        self._findings = check.findings
        self._active: list[LetBinding | WrittenBinding] = []
        #: whether the last time that could not be read is told by a length that is not known yet
        self._too_early = False
        #: whether that is because of a name whose definition is wrong already
        self._told = False

    def moment(self, expr: Expr) -> Moment | None:
        """A time; bare numbers are frames, percentages are of the clock's length."""
        value = self._exact(expr)
        return None if value is None else self.of(value)

    def of(self, value: Exact) -> Moment:
        """An exact value as a time."""
        clock = self._check.env.clock
        start = Fraction(0) if value.film else clock.start
        if value.time:
            return Moment(value.seconds, value.beats, start, bool(value.beats) and not value.on_grid)
        if value.percent:
            return Moment(value.seconds * clock.length, start=start)
        return Moment(value.seconds / self._scope.fps, start=start)

    def seconds(self, moment: Moment) -> Fraction | None:
        """A moment in seconds of the film, as far as it is known before analysis."""
        if moment.beats == 0:
            return moment.start + moment.seconds if moment.start else moment.seconds
        grid = self._scope.grid
        if grid is not None:
            return grid.place(moment)
        beats = self._scope.lasting(moment.start, moment.beats)
        return None if beats is None else moment.start + moment.seconds + beats

    def is_frames(self, expr: Expr) -> bool:
        """Whether a key time is a plain count of frames."""
        return isinstance(expr, Number | Call)

    def _quoted(self, expr: Call) -> Exact | None:
        """A quoted time, which the parser reads as `frame(…)`: a whole frame, as in Deforum."""
        value = self._fold(expr.arguments[0].value) if len(expr.arguments) == 1 else None
        if value is None or value.time or value.percent:
            return None
        return Exact(Fraction(int(value.seconds)))

    def _exact(self, expr: Expr) -> Exact | None:
        try:
            value = self._fold(expr)
        except ZeroDivisionError:
            self._findings.error("E3011", expr.span, "this time divides by zero", hint="write a time")
            return None
        except (ValueError, OverflowError):
            self._findings.error("E2044", expr.span, "this time is beyond any film", hint="write less")
            return None
        if value is None:
            self._not_exact(expr)
        return value

    def _not_exact(self, expr: Expr) -> None:
        text = self._findings.text(expr.span)
        early, told = self._too_early, self._told
        self._too_early = self._told = False
        if told:
            return
        if early:
            message = f"`{text}` is told by a length that is not known yet here"
            hint = "write a time of its own, like `10s`"
            self._findings.error("E3004", expr.span, message, hint=hint)
            return
        if isinstance(expr, Name) and self._unknown(expr):
            return
        self._findings.error(
            "E3004",
            expr.span,
            f"`{text}` is not a time that is known beforehand",
            hint="write a constant time, like `4s`, `90`, `50%` or `4bars + 2beats`",
        )

    def _unknown(self, expr: Name) -> bool:
        """Whether a name is none, or one whose definition is broken; says so."""
        owner = expr.path[0]
        if owner in self._scope.missing:
            return True
        if owner in self._scope.scenes and len(expr.path) > 1:
            members.of_scene(self._check, owner, ".".join(expr.path[1:]), expr)
            return True
        if self._check.env.find(owner) is not None or owner in self._scope.scenes:
            return False
        times = [name for name, found in self._check.env.visible() if not isinstance(found, DefBinding)]
        hint = did_you_mean(expr.text, [*times, "max_f", "duration"]) or "write a time, like `4s`"
        self._findings.error("E2001", expr.span, f"there is no time called `{expr.text}`", hint=hint)
        return True

    def _fold(self, expr: Expr) -> Exact | None:
        """The exact value of a constant expression; None if it is none."""
        match expr:
            case Number():
                return Exact(exact(expr.value))
            case Percent():
                return self._settled(Exact(exact(expr.value) / 100, percent=True))
            case Quantity():
                return self._quantity(expr)
            case Unary(op="-"):
                value = self._fold(expr.operand)
                return None if value is None else _scaled(value, Fraction(-1))
            case Unary(op="+"):
                return self._fold(expr.operand)
            case Binary():
                return self._binary(expr)
            case Name():
                return self._name(expr)
            case Call(function=Name(path=("frame",))):
                return self._quoted(expr)
            case _:
                return None

    def _settled(self, value: Exact) -> Exact | None:
        """What is told by the length of the clock, which must be known for it."""
        self._too_early = self._too_early or not self._check.env.clock.settled
        return value if self._check.env.clock.settled else None

    def _quantity(self, expr: Quantity) -> Exact | None:
        seconds, beats = Fraction(0), Fraction(0)
        for number, unit in expr.parts:
            amount = exact(number)
            if unit in _SECONDS:
                # most times are of one part, and in seconds: sums and products of fractions are slow
                amount = amount if unit == "s" else amount * _SECONDS[unit]
                seconds = seconds + amount if seconds else amount
            elif unit == "f":
                seconds += amount / self._scope.fps
            elif unit in ("beat", "bar"):
                beats += amount * (self._scope.beats_per_bar if unit == "bar" else 1)
            else:
                return None
        if beats and not self._scope.has_tempo:
            self._check.no_tempo(self._findings.text(expr.span), expr.span)
        return Exact(seconds, beats, time=True, on_grid=bool(beats))

    # --- names ---

    def _name(self, expr: Name) -> Exact | None:
        if expr.path[0] in self._scope.missing:
            self._told = True
            return None
        if len(expr.path) == 2 and expr.path[0] == "film":
            found = self._of_clock(expr.path[1], film=True)
            if found is not None:
                return found
        if len(expr.path) == 1 and expr.text in ("max_f", "duration"):
            return self._of_clock(expr.text, film=False)
        if expr.path[0] in self._scope.markers:
            return self._of_marker(expr)
        binding = self._check.resolve(expr)
        if isinstance(binding, LetBinding | WrittenBinding):
            return self._bound(binding)
        return self._of_scene(expr) if binding is None and len(expr.path) == 2 else None

    def _of_clock(self, name: str, film: bool) -> Exact | None:
        clock = self._scope.film if film else self._check.env.clock
        if not clock.settled:
            self._too_early = self._too_early or name in ("max_f", "duration")
            return None
        if name == "max_f":
            frames = -((-clock.length * self._scope.fps) // 1)
            return Exact(Fraction(frames - 1), film=film)
        return Exact(clock.length, time=True, film=film) if name == "duration" else None

    def _of_scene(self, expr: Name) -> Exact | None:
        """`NAME.start`, `NAME.end`."""
        scene = self._scope.scenes.get(expr.path[0])
        if scene is None and expr.path[0] in self._scope.scenes:
            self._too_early = True
        if scene is None or expr.path[1] not in ("start", "end"):
            return None
        return Exact(scene.start if expr.path[1] == "start" else scene.end, time=True, film=True)

    def _of_marker(self, expr: Name) -> Exact | None:
        """`cuts.drop`, `cuts.verse.end`: a time of the film, wherever it is read."""
        from anim_compiler.events import marks

        name, *member = expr.path
        found = self._scope.markers[name]
        self._scope.used.add(found.name)
        at = marks.time(found, member) if member else None
        if at is None and not self._active:
            # where it stands in a sum, the part that is no time is told, and not the sum
            marks.no_time(self._check, found, expr)
            self._told = True
        return None if at is None else Exact(at, time=True, film=member[-1] != "length")

    def _bound(self, binding: LetBinding | WrittenBinding) -> Exact | None:
        """The time that a name stands for; one of another clock is a time of the film."""
        if binding in self._active:
            return None
        binding.used = True
        outer = self._check.env
        self._active.append(binding)
        self._check.env = binding.env
        try:
            expr = binding.statement.value if isinstance(binding, LetBinding) else binding.expr
            value = self._fold(expr)
            if value is None or binding.env.clock is outer.clock or not (value.time or value.percent):
                return value
            moment = self.of(value)
        finally:
            self._active.pop()
            self._check.env = outer
        on_grid = bool(moment.beats) and not moment.from_second
        return Exact(moment.seconds, moment.beats, time=True, film=True, on_grid=on_grid)

    # --- sums ---

    def _binary(self, expr: Binary) -> Exact | None:
        left, right = self._fold(expr.left), self._fold(expr.right)
        if left is None or right is None:
            return None
        if expr.op in ("+", "-"):
            return self._sum(left, right, 1 if expr.op == "+" else -1)
        if expr.op == "*" and not (left.time and right.time):
            kept, factor = (left, right) if left.time or left.percent else (right, left)
            return _scaled(kept, factor.seconds)
        if expr.op == "/" and not right.time:
            return _scaled(left, 1 / right.seconds)
        return None

    def _sum(self, left: Exact, right: Exact, sign: int) -> Exact:
        """The sum of a place and a duration; the difference of two places of the film is a duration, and
        beside a percentage of a scene a time of the film counts as one.
        """
        if not (left.time or right.time or left.percent != right.percent):
            film = left.film or right.film
            return Exact(left.seconds + sign * right.seconds, percent=left.percent, film=film)
        film = left.film or right.film if sign > 0 else left.film and not right.film
        if film and (left.percent or right.percent):
            film = False
        a, b = self.of(left), self.of(right)
        # what a sum begins at is the time of the film in it, or else what it begins with
        on_grid = (right if right.film and not left.film else left).on_grid
        seconds, beats = a.seconds + sign * b.seconds, a.beats + sign * b.beats
        return Exact(seconds, beats, time=True, film=film, on_grid=on_grid)


def _scaled(value: Exact, factor: Fraction) -> Exact:
    return replace(value, seconds=value.seconds * factor, beats=value.beats * factor)

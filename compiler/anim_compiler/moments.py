"""Exact times: key times, lengths and durations as `Moment`s, never as floats."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from anim_compiler.names import did_you_mean
from anim_compiler.scope import Scope
from anim_compiler.typed import Moment
from anim_dsl.syntax import Binary, Call, Expr, Name, Number, Percent, Quantity, Unary

_SECONDS = {"s": Fraction(1), "ms": Fraction(1, 1000), "m": Fraction(60)}


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact number, or a time if `time`; a plain number that becomes a time is frames."""

    seconds: Fraction = Fraction(0)
    beats: Fraction = Fraction(0)
    time: bool = False
    percent: bool = False


def exact(value: float) -> Fraction:
    """The number as it was written: 0.1 is 1/10; ValueError for infinity and NaN."""
    return Fraction(repr(float(value)))


class Moments:
    """Reads times in one film's scope; what cannot be read is reported and None."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._findings = scope.findings
        self._active: list[str] = []

    def moment(self, expr: Expr) -> Moment | None:
        """A time; bare numbers are frames, percentages are of the film's length."""
        value = self._exact(expr)
        return None if value is None else self.of(value)

    def of(self, value: Exact) -> Moment:
        """An exact value as a time."""
        if value.time:
            return Moment(value.seconds, value.beats)
        if value.percent:
            return Moment(value.seconds * self._scope.length)
        return Moment(value.seconds / self._scope.fps)

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
            self._findings.error("E3011", expr.span, "this time divides by zero")
            return None
        except (ValueError, OverflowError):
            self._findings.error("E3012", expr.span, "this time is beyond any film")
            return None
        if value is None:
            self._not_exact(expr)
        return value

    def _not_exact(self, expr: Expr) -> None:
        text = self._findings.text(expr.span)
        if isinstance(expr, Name) and expr.path[0] not in self._scope.lets:
            hint = did_you_mean(expr.text, [*self._scope.lets, "max_f", "duration"])
            self._findings.error("E2001", expr.span, f"there is no time called `{expr.text}`", hint=hint)
            return
        self._findings.error(
            "E3004",
            expr.span,
            f"`{text}` is not a time that is known beforehand",
            hint="write a constant time, like `4s`, `90`, `50%` or `4bars + 2beats`",
        )

    def _fold(self, expr: Expr) -> Exact | None:
        """The exact value of a constant expression; None if it is none."""
        match expr:
            case Number():
                return Exact(exact(expr.value))
            case Percent():
                return Exact(exact(expr.value) / 100, percent=True)
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

    def _quantity(self, expr: Quantity) -> Exact | None:
        seconds, beats = Fraction(0), Fraction(0)
        for number, unit in expr.parts:
            amount = exact(number)
            if unit in _SECONDS:
                seconds += amount * _SECONDS[unit]
            elif unit == "f":
                seconds += amount / self._scope.fps
            elif unit in ("beat", "bar"):
                beats += amount * (self._scope.beats_per_bar if unit == "bar" else 1)
            else:
                return None
        if beats and not self._scope.has_tempo:
            self._findings.error(
                "E2013",
                expr.span,
                f"`{self._findings.text(expr.span)}` needs a tempo, and the film has no track and no `bpm`",
                hint="write `bpm = 120` at the top",
            )
        return Exact(seconds, beats, time=True)

    def _name(self, expr: Name) -> Exact | None:
        name = expr.text
        if name == "max_f":
            frames = -((-self._scope.length * self._scope.fps) // 1)
            return Exact(Fraction(frames - 1))
        if name == "duration":
            return Exact(self._scope.length, time=True)
        found = self._scope.lets.get(name)
        if found is None or name in self._active:
            return None
        self._scope.used.add(name)
        self._active.append(name)
        try:
            return self._fold(found.value)
        finally:
            self._active.pop()

    def _binary(self, expr: Binary) -> Exact | None:
        left, right = self._fold(expr.left), self._fold(expr.right)
        if left is None or right is None:
            return None
        if expr.op in ("+", "-"):
            sign = 1 if expr.op == "+" else -1
            if left.time or right.time or left.percent != right.percent:
                a, b = self.of(left), self.of(right)
                return Exact(a.seconds + sign * b.seconds, a.beats + sign * b.beats, time=True)
            return Exact(left.seconds + sign * right.seconds, percent=left.percent)
        if expr.op == "*" and not (left.time and right.time):
            kept, factor = (left, right) if left.time or left.percent else (right, left)
            return _scaled(kept, factor.seconds)
        if expr.op == "/" and not right.time:
            return _scaled(left, 1 / right.seconds)
        return None


def _scaled(value: Exact, factor: Fraction) -> Exact:
    return Exact(value.seconds * factor, value.beats * factor, value.time, value.percent)

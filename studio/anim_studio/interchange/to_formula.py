"""Expressions of a film as formulas that numexpr computes: of the frame `t`, one argument a function."""

from __future__ import annotations

import math
from fractions import Fraction

from anim_compiler.typed import Apply, Clock, Const, Typed
from anim_studio.interchange.to_baked import printed

_SIGNS = {"add": ("+", 6), "sub": ("-", 6), "mul": ("*", 7), "div": ("/", 7), "pow": ("**", 9)}
_SAME = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "sqrt",
        "exp",
        "expm1",
        "log",
        "log10",
        "log1p",
        "abs",
        "floor",
        "ceil",
    ]
)
_RENAMED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_PRIMARY, _NEGATIVE = 10, 8
_LONGEST = 400


def formula(expr: Typed, fps: Fraction, frames: int) -> str | None:
    """The expression in numexpr's words; None if it has none for it, or if nobody would read it."""
    found = _Writer(fps, frames).written(expr)
    return None if found is None or len(found[0]) > _LONGEST else found[0]


class _Writer:
    """Writes one expression: each part with how tightly it binds."""

    def __init__(self, fps: Fraction, frames: int) -> None:
        self._fps = fps
        self._frames = frames

    def written(self, expr: Typed) -> tuple[str, int] | None:
        """The text of an expression, and the strength of its loosest sign."""
        match expr:
            case Const(value=value):
                return _number(value)
            case Clock(name=name):
                return self._clock(name)
            case Apply(function="neg", arguments=(inner,)):
                return self._negative(inner)
            case Apply(function=function) if function in _SIGNS:
                return self._signed(expr)
            case Apply(function="sine", arguments=(Const() as period, Const() as phase, Const() as axis)):
                return self._sine(period.value, phase.value) if axis.value == 0.0 else None
            case Apply(function=function, arguments=(argument,)):
                return self._call(_RENAMED.get(function, function), argument)
            case _:
                return None

    def _clock(self, name: str) -> tuple[str, int] | None:
        fps = self._fps
        match name:
            case "t" | "max_f" | "s":
                return name, _PRIMARY
            case "time":
                bare = f"t/{fps.numerator}"
                return (bare if fps.denominator == 1 else f"t*{fps.denominator}/{fps.numerator}"), 7
            case "u":
                return f"t/{self._frames}", 7
            case "duration":
                return _number(float(self._frames / fps))
            case _:
                return None

    def _negative(self, inner: Typed) -> tuple[str, int] | None:
        found = self.written(inner)
        return None if found is None else (f"-{_held(found, _NEGATIVE)}", _NEGATIVE)

    def _signed(self, expr: Apply) -> tuple[str, int] | None:
        sign, binds = _SIGNS[expr.function]
        if len(expr.arguments) != 2:
            return None
        left, right = map(self.written, expr.arguments)
        if left is None or right is None:
            return None
        # `a - (b - c)` and `(a ** b) ** c` need their brackets
        before, after = (binds + 1, binds) if sign == "**" else (binds, binds + 1)
        return f"{_held(left, before)}{sign}{_held(right, after)}", binds

    def _sine(self, period: float, phase: float) -> tuple[str, int] | None:
        frames = period * float(self._fps)
        if not frames:
            return None
        turns = f"{math.tau!r}*t/{printed(frames)}"
        shift = f"+{math.tau * phase!r}" if phase else ""
        return f"sin({turns}{shift})", _PRIMARY

    def _call(self, function: str, argument: Typed) -> tuple[str, int] | None:
        inner = self.written(argument) if function in _SAME else None
        return None if inner is None else (f"{function}({inner[0]})", _PRIMARY)


def _number(value: float) -> tuple[str, int] | None:
    if not math.isfinite(value):
        return None
    # whole numbers with their point: numexpr computes in whole numbers else, which overflow
    text = f"{value!r}" if not value.is_integer() or abs(value) > 1e15 else f"{value:.0f}"
    return text, _PRIMARY if value >= 0 else _NEGATIVE


def _held(part: tuple[str, int], least: int) -> str:
    text, binds = part
    return text if binds >= least else f"({text})"

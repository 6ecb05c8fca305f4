"""What the checker knows of an expression: its typed form, its dimension, whether it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from anim_compiler.film import Conditioning
from anim_compiler.typed import Apply, Const, Typed
from anim_dsl.source import Span
from anim_dsl.units import Dimension

#: how a dimension is called in messages
CALLED: dict[Dimension, str] = {
    "plain": "a plain number",
    "time": "a time",
    "angle": "an angle",
    "px": "a length in pixels",
    "ratio": "a percentage",
    "frequency": "a frequency",
    "level": "a level in decibels",
}

#: what a number of a dimension may be written as
WRITTEN: dict[Dimension, str] = {
    "plain": "0.5",
    "time": "2s",
    "angle": "45deg",
    "px": "20px",
    "ratio": "50%",
    "frequency": "2hz",
    "level": "-6db",
}

RADIANS = 0.017453292519943295


@dataclass(frozen=True, slots=True)
class NumberValue:
    """A number in base units. `live`: it depends on the frame.

    `speed`: it is a speed, and `expr` is its value a second; a speed written in one piece also has
    `raw` a `period` seconds. `soft`: a time that came from the clock, not from a written unit.
    """

    expr: Typed
    dim: Dimension = "plain"
    live: bool = False
    speed: bool = False
    raw: Typed | None = None
    period: Typed | None = None
    soft: bool = False


@dataclass(frozen=True, slots=True)
class TextValue:
    """One or more weighted texts; `sum`: weights were written, so it is a blend."""

    conditioning: Conditioning
    blend: bool = False

    @property
    def plain(self) -> str | None:
        """The text, if it is one and nothing is inserted in it."""
        if len(self.conditioning) != 1:
            return None
        alternative = self.conditioning[0]
        if alternative.weight is not None or not all(isinstance(p, str) for p in alternative.parts):
            return None
        return "".join(str(p) for p in alternative.parts)


@dataclass(frozen=True, slots=True)
class ListValue:
    """`[1, 2, 3]`."""

    items: tuple[Value, ...]


Value: TypeAlias = NumberValue | TextValue | ListValue


def times(expr: Typed, factor: float, span: Span) -> Typed:
    """An expression times a constant."""
    if factor == 1.0:
        return expr
    if isinstance(expr, Const):
        return Const(expr.value * factor, span)
    return Apply("mul", (expr, Const(factor, span)), span)


def plain(value: NumberValue, span: Span) -> NumberValue:
    """The value where a plain number is wanted: units become s, rad, px, ratio, hz, db."""
    if value.dim == "plain":
        return value
    factor = RADIANS if value.dim == "angle" else 1.0
    return NumberValue(times(value.expr, factor, span), "plain", value.live, value.speed)

"""What Parseq computes: a formula's value at a frame, by its own rules, JavaScript's arithmetic included."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from anim_dsl.nearest import nearest
from anim_dsl.source import Span
from anim_studio.interchange.parseq import splines
from anim_studio.interchange.parseq.formula import Call, FormulaError, If, Neg, Node, Num, Op, Text, Var
from anim_studio.interchange.parseq.splines import Points
from anim_studio.interchange.parseq.track import Track
from anim_studio.interchange.parseq.words import FUNCTIONS

Value: TypeAlias = float | str


#: keys of a polynomial
_MOST_OF_P = 60
_ONE_KEY = Points((0,), (0.0,))


@dataclass(frozen=True, slots=True)
class Setting:
    """What a formula stands in, at all frames: the document's clock, its labels and its time series, and the
    keys of the field.
    """

    fps: float
    bpm: float
    cadence: float
    last: int
    labels: tuple[tuple[int, str], ...] = ()
    tracks: Mapping[str, Track] = field(default_factory=dict)
    field: str = ""
    default: float = 0.0
    points: Points = _ONE_KEY
    #: the slopes of the spline through the keys
    slopes: tuple[float, ...] = (0.0,)


@dataclass(slots=True)
class Moment:
    """A frame at which a formula is asked; `others` are the fields' values there, for prompts."""

    setting: Setting
    frame: int
    before: Sequence[Value] = ()
    others: Mapping[str, Value] = field(default_factory=dict)
    #: in a prompt, whether it is the positive one
    is_positive: bool | None = None

    @property
    def active(self) -> float:
        """The frame of the last key of the field."""
        points = self.setting.points
        found = points.frames[points.active(self.frame)]
        return float(found) if found <= self.frame else 0.0


Formula: TypeAlias = Callable[[Moment], Value]
#: a function of the language, with its arguments' values
Made: TypeAlias = Callable[[Moment, Sequence[Value]], Value]

CONSTANTS: Mapping[str, float] = {
    "PI": math.pi,
    "E": math.e,
    "SQRT2": math.sqrt(2.0),
    "SQRT1_2": math.sqrt(0.5),
    "LN2": math.log(2.0),
    "LN10": math.log(10.0),
    "LOG2E": math.log2(math.e),
    "LOG10E": math.log10(math.e),
}


def _polynomial(m: Moment) -> float:
    """`P`; through very many keys it would swing beyond all numbers."""
    points = m.setting.points
    if len(set(points.values)) == 1:
        return points.values[0]
    if len(points.frames) > _MOST_OF_P:
        said = f"`P` goes through {len(points.frames)} keys, and {_MOST_OF_P} are the most that is read here"
        raise FormulaError(said, Span(0, 1), "write `C`, the spline through them")
    return splines.polynomial(points, m.frame)


VARIABLES: Mapping[str, Callable[[Moment], float]] = {
    "L": lambda m: splines.linear(m.setting.points, m.frame),
    "C": lambda m: splines.cubic(m.setting.points, m.setting.slopes, m.frame),
    "P": _polynomial,
    "S": lambda m: m.setting.points.values[m.setting.points.active(m.frame)],
    "f": lambda m: float(m.frame),
    "k": lambda m: m.frame - m.active,
    "b": lambda m: m.frame / (m.setting.fps * 60.0 / m.setting.bpm),
    "wb": lambda m: float(math.floor(m.frame / (m.setting.fps * 60.0 / m.setting.bpm))),
    "s": lambda m: m.frame / m.setting.fps,
    "fps": lambda m: m.setting.fps,
    "bpm": lambda m: m.setting.bpm,
    "cadence": lambda m: m.setting.cadence,
    "last_frame": lambda m: float(m.setting.last),
    "final_frame": lambda m: float(m.setting.last),
    "active_keyframe": lambda m: m.active,
    "prev_keyframe": lambda m: m.active,
    "next_keyframe": lambda m: float(m.setting.points.frames[m.setting.points.following(m.frame)]),
    "active_keyframe_value": lambda m: m.setting.points.values[m.setting.points.active(m.frame)],
    "prev_keyframe_value": lambda m: m.setting.points.values[m.setting.points.active(m.frame)],
    "next_keyframe_value": lambda m: m.setting.points.values[m.setting.points.following(m.frame)],
}

_LONGEST = 20_000


def compiled(node: Node, known: frozenset[str] = frozenset()) -> Formula:
    """A formula that can be asked at each frame in turn; `known` are names beside the language's own (time
    series, in prompts the fields). Functions of chance remember what they drew, so frames are asked in order.
    Raises `FormulaError`.
    """
    match node:
        case Num(value, unit, _, _):
            return _number(value, unit)
        case Text(text, _):
            return lambda _: text
        case Var():
            return _variable(node, known)
        case Neg(inner, _):
            of = compiled(inner, known)
            return lambda m: "-" + found if isinstance(found := of(m), str) else -found
        case Op():
            return _operation(node, compiled(node.left, known), compiled(node.right, known))
        case If(test, then, other, _):
            if_ = compiled(test, known)
            yes, no = compiled(then, known), compiled(other, known) if other else _zero
            return lambda m: yes(m) if as_number(if_(m)) > 0 else no(m)
        case Call():
            from anim_studio.interchange.parseq.library import called

            return called(node, known)


def _zero(_: Moment) -> Value:
    return 0.0


def _number(value: float, unit: str) -> Formula:
    match unit:
        case "s":
            return lambda m: value * m.setting.fps
        case "b":
            return lambda m: value * (m.setting.fps * 60.0) / m.setting.bpm
        case _:
            return lambda _: value


def _variable(node: Var, known: frozenset[str]) -> Formula:
    name = node.name
    if name == "prev_computed_value":
        return lambda m: m.before[m.frame - 1] if 0 < m.frame <= len(m.before) else 0.0
    if name in VARIABLES:
        return VARIABLES[name]
    if name in CONSTANTS:
        constant = CONSTANTS[name]
        return lambda _: constant
    if name not in known:
        near = nearest(name, [*VARIABLES, *CONSTANTS, *known, "prev_computed_value"])
        hint = f"did you mean `{near}`?" if near else ""
        if name in FUNCTIONS:
            hint = f"a function has parentheses: `{name}(…)`"
        raise FormulaError(f"Parseq knows no `{name}` here", node.span, hint)

    def read(m: Moment) -> Value:
        if name in m.others:
            return m.others[name]
        return m.setting.tracks[name].at(m.frame, m.setting.fps)

    return read


def _operation(node: Op, left: Formula, right: Formula) -> Formula:
    sign, span = node.sign, node.span
    if sign == "+":

        def plus(m: Moment) -> Value:
            a, b = left(m), right(m)
            if isinstance(a, str) or isinstance(b, str):
                return joined(a, b, span=node)
            return a + b

        return plus
    if sign == ":":
        return lambda m: joined("(", left(m), ":", right(m), ")", span=node)
    if sign == "/":

        def over(m: Moment) -> Value:
            a, b = as_number(left(m)), as_number(right(m))
            if b == 0.0:
                said = f"Parseq stops here: it divides by 0 at frame {m.frame}"
                raise FormulaError(said, span, "keep the divisor away from 0, with `max(…, 0.001)`")
            return a / b

        return over
    if sign in ("==", "!="):
        return lambda m: float(_same(left(m), right(m)) == (sign == "=="))
    arithmetic = _ARITHMETIC[sign]
    return lambda m: arithmetic(as_number(left(m)), as_number(right(m)))


def _same(a: Value, b: Value) -> bool:
    return a == b if isinstance(a, str) and isinstance(b, str) else as_number(a) == as_number(b)


def _power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _remainder(a: float, b: float) -> float:
    return math.fmod(a, b) if b != 0.0 and math.isfinite(a) and not math.isnan(b) else math.nan


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "%": _remainder,
    "^": _power,
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "&&": lambda a, b: float(a > 0 and b > 0),
    "||": lambda a, b: float(a > 0 or b > 0),
}


def joined(*parts: Value, span: Node) -> str:
    """Texts and numbers as one text. Raises `FormulaError` where it grows without end."""
    text = "".join(part if isinstance(part, str) else spelled(part) for part in parts)
    if len(text) > _LONGEST:
        raise FormulaError("this text grows longer than a prompt can be", span.span)
    return text


def as_number(value: Value) -> float:
    """A value as JavaScript makes a number of it; NaN for a text that is none."""
    if isinstance(value, float | int):
        return float(value)
    try:
        return float(value.strip()) if value.strip() else 0.0
    except ValueError:
        return math.nan


def spelled(value: float) -> str:
    """A number as JavaScript writes it into a text."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    if "e-05" in text or "e-06" in text:
        return format(Decimal(text), "f")
    return text.replace("e-0", "e-").replace("e+0", "e+")

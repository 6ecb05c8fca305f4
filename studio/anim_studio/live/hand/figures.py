"""Numbers as they are written in a film: taken apart, put between two others, and nudged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from anim_dsl.parse import parse_value
from anim_dsl.settings import SettingSpec, setting
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Binary, Call, Expr, Name, Number, Percent, Quantity, Unary
from anim_dsl.units import unit as unit_of

_WRITTEN = re.compile(
    r"(?P<before>\(?[ \t]*)(?P<number>[+-]?[ \t]*(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"(?P<unit>%|[A-Za-z]*)(?P<after>(?:[ \t]+per[ \t]+[\w.]+)?[ \t]*\)?)"
)

_STEPS = {
    "deg": "1",
    "rad": "0.01",
    "px": "1",
    "%": "1",
    "s": "0.1",
    "ms": "10",
    "m": "0.1",
    "f": "1",
    "beat": "0.25",
    "bar": "0.25",
    "hz": "0.1",
    "khz": "0.01",
    "fps": "1",
    "bpm": "1",
    "db": "1",
}
"""What a nudge adds to a number with a unit, in that unit."""

_TYPES = {"int": "1", "ratio": "0.01", "angle": "1", "px": "1", "frequency": "0.1", "time": "1"}
"""What it adds to a bare number, by the setting's type; a bare time is frames."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written: `(1.0)`, `36deg per s`, `-6db`, `50%`."""

    number: Decimal
    unit: str
    before: str = ""
    after: str = ""
    #: whether whole numbers are written with a point: `1.0`
    is_pointed: bool = False

    @property
    def form(self) -> tuple[str, str]:
        """What two numbers must share for a third to be put between them."""
        return (self.unit.lower(), self.after)

    def with_number(self, number: Decimal) -> str:
        """Another number written like this one."""
        return f"{self.before}{_text(number, is_pointed=self.is_pointed)}{self.unit}{self.after}"


def figure_of(text: str) -> Figure | None:
    """A number as it is written; None for a formula, a name or a text."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or (found["unit"] not in ("", "%") and unit_of(found["unit"]) is None):
        return None
    digits = found["number"].replace(" ", "").replace("\t", "")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return None
    return Figure(number, found["unit"], found["before"], found["after"], "." in digits)


def between(a: Figure, b: Figure, share: float) -> str:
    """The number that stands `share` of the way from one to the other, as short as the way lets it be."""
    way = b.number - a.number
    exact = a.number + way * Decimal(repr(share))
    return _pointed(a, b).with_number(shortened(exact, abs(way)))


def shortened(exact: Decimal, way: Decimal) -> Decimal:
    """A number with as few decimals as show a two-thousandth of the way that its curve goes."""
    near = max(way / 2000, Decimal("1e-6"))
    for decimals in range(7):
        short = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
        if abs(short - exact) <= near:
            return short
    return exact.quantize(Decimal("1e-6"))


def _pointed(a: Figure, b: Figure) -> Figure:
    return Figure(a.number, a.unit, a.before, a.after, a.is_pointed and b.is_pointed)


def held(text: str, spec: SettingSpec | None) -> str:
    """A number as its setting takes it: within its range, and whole where it is. What is no number stays."""
    plain = figure_of(text)
    if plain is None or spec is None:
        return text
    pointed = plain.is_pointed and spec.type != "int"
    return replace(plain, is_pointed=pointed).with_number(_held(plain, plain.number, spec))


def nudged(text: str, steps: int, spec: SettingSpec | None) -> str | None:
    """A value moved by steps; a formula is moved by the number that is added to it.

    `1 + bass * 0.2` becomes `1.01 + bass * 0.2`, and `bass * 0.2` becomes `bass * 0.2 + 0.01`: the value of
    every frame moves by the step. None for what is no number. A number stays in the setting's range.
    """
    plain = figure_of(text)
    if plain is not None:
        return plain.with_number(_held(plain, plain.number + steps * _step(plain, spec), spec))
    source = Source("value", text)
    found, slips = parse_value(source)
    if slips or not isinstance(found, Binary | Call | Name | Unary):
        return None
    for span, sign in _terms(found, source, 1):
        term = figure_of(source.slice(span))
        if term is not None:
            number = term.number + sign * steps * _step(term, spec)
            return _replaced(text, span, term, number)
    return _appended(text, found, steps, spec)


def _terms(expr: Expr, source: Source, sign: int) -> Iterator[tuple[Span, int]]:
    """The places of numbers that are added, the last first, each with its sign."""
    if isinstance(expr, Binary) and expr.op in ("+", "-"):
        yield from _terms(expr.right, source, sign if expr.op == "+" else -sign)
        yield from _terms(expr.left, source, sign)
    elif isinstance(expr, Number | Quantity | Percent) or (
        isinstance(expr, Unary) and isinstance(expr.operand, Number | Quantity | Percent)
    ):
        yield expr.span, sign


def _replaced(text: str, span: Span, term: Figure, number: Decimal) -> str:
    before, after = text[: span.start], text[span.end :]
    sign = before.rstrip()[-1:]
    if sign in ("+", "-") and not after.strip():
        stem = before.rstrip()[:-1].rstrip()
        if not number:
            return stem
        if number < 0:
            flipped = "-" if sign == "+" else "+"
            return f"{stem} {flipped} {term.with_number(-number)}"
    return f"{before}{term.with_number(number)}{after}"


def _appended(text: str, found: Expr, steps: int, spec: SettingSpec | None) -> str | None:
    unit = {"angle": "deg", "px": "px"}.get(spec.type if spec is not None else "", "")
    amount = abs(steps) * _step(Figure(Decimal(0), unit), spec)
    return f"{text} {'+' if steps > 0 else '-'} {_text(amount)}{unit}" if found.span.end else None


def _step(figure: Figure, spec: SettingSpec | None) -> Decimal:
    known = unit_of(figure.unit)
    if figure.unit == "%" or known is not None:
        return Decimal(_STEPS["%" if known is None else known.name])
    if spec is None:
        return _by_size(figure.number)
    if spec.type in _TYPES:
        return Decimal(_TYPES[spec.type])
    return Decimal("1") if spec.unit == "scene units" else _by_range(spec)


def _by_range(spec: SettingSpec) -> Decimal:
    """A bare number's step: a hundredth where the usual value is about one, more where it is larger."""
    usual = figure_of(spec.default)
    size = max(abs(usual.number) if usual is not None else Decimal(0), Decimal(1))
    if spec.minimum is not None and spec.maximum is not None and spec.maximum <= 1:
        return Decimal("0.01")
    return Decimal("0.01") if size < 3 else Decimal("0.1") if size < 50 else Decimal("1")


def _by_size(number: Decimal) -> Decimal:
    size = abs(number)
    return Decimal("0.01") if size < 10 else Decimal("0.1") if size < 100 else Decimal("1")


def _held(figure: Figure, number: Decimal, spec: SettingSpec | None) -> Decimal:
    """The number within the setting's range; whole where the setting is."""
    if spec is None or figure.after.strip(" \t)"):
        return number
    if spec.type == "int":
        number = number.quantize(Decimal(1), ROUND_HALF_EVEN)
    known = unit_of(figure.unit)
    factor = 0.01 if figure.unit == "%" else 1.0 if known is None else known.factor
    if factor is None or (known is None and spec.type == "time"):
        return number
    for bound, pick in ((spec.minimum, max), (spec.maximum, min)):
        if bound is not None:
            number = pick(number, Decimal(repr(bound)) / Decimal(repr(factor)))
    return number


def _text(number: Decimal, *, is_pointed: bool = False) -> str:
    text = f"{number.normalize():f}" if number else "0"
    return f"{text}.0" if is_pointed and "." not in text else text


def spec_of(path: tuple[str, ...], name: str) -> SettingSpec | None:
    """The table's entry of a setting in a block of a film; None for a `let` or what is none."""
    block, _, own = name.rpartition(".")
    label = (path[-1].split() if path else ["film"])[:2]
    if block:
        label = block.split()
    elif label[0] == "scene":
        label = ["film"]
    if label[0] == "camera":
        axes = next(
            (word.lower() for word in (path[-1].split() if path else []) if word in ("2d", "3d")), None
        )
        blocks = [f"camera {axes}"] if axes else ["camera 2d", "camera 3d"]
    else:
        blocks = [label[0]]
    return next((found for each in blocks if (found := setting(each, own)) is not None), None)

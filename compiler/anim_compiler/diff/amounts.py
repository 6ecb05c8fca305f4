"""Numbers as a film writes them: with their unit, and with as many digits as tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PER_SECOND = " per s"
"""The unit of a speed, behind that of what travels."""

_SIGNS = {"angle": "deg", "px": "px", "time": "s", "frequency": "hz", "level": "db"}


@dataclass(frozen=True, slots=True)
class Unit:
    """How numbers of a setting are shown: a number in base units times `factor`, then `sign`."""

    sign: str = ""
    factor: float = 1.0

    def one(self, value: float) -> str:
        """A number alone, at 6 significant digits: `0.65`, `12deg`, `50%`."""
        return f"{_plain(value * self.factor, 6)}{self.sign}"

    def both(self, before: float, after: float) -> str:
        """`0.5 → 0.6`: with as many digits as tell the two apart."""
        digits = _digits([before * self.factor, after * self.factor], 6)
        return " → ".join(f"{_plain(v * self.factor, digits)}{self.sign}" for v in (before, after))

    def offset(self, value: float, digits: int = 4) -> str:
        """`+0.10`, `-12deg`."""
        text = _plain(abs(value * self.factor), digits)
        if text.startswith("0.") and len(text) == 3 and not self.sign:
            text += "0"
        return f"{'-' if value < 0 else '+'}{text}{self.sign}"

    def between(self, low: float, high: float) -> str:
        """`between 0.4 and 0.62`, or `at` one number."""
        low, high = low * self.factor, high * self.factor
        digits = _digits([low, high], 3)
        first, last = f"{_plain(low, digits)}{self.sign}", f"{_plain(high, digits)}{self.sign}"
        return f"at {first}" if first == last else f"between {first} and {last}"

    def spread(self, low: float, high: float) -> str:
        """`0.4–0.62`, or one number."""
        low, high = low * self.factor, high * self.factor
        digits = _digits([low, high], 3)
        first, last = _plain(low, digits), _plain(high, digits)
        if first == last:
            return f"{first}{self.sign}"
        joint = " to " if first.startswith("-") or last.startswith("-") else "–"
        return f"{first}{joint}{last}{self.sign}"


def unit_of(kind: str, written: Sequence[str], unit: str = "") -> Unit:
    """The unit of a setting: `kind` is its type or dimension, `written` what the film says of it, `unit`
    the setting's own. A share is a percentage where it is written as one.
    """
    if unit == PER_SECOND:
        return Unit(_SIGNS.get(kind, "") + unit)
    if kind == "ratio" and any("%" in text for text in written):
        return Unit("%", 100.0)
    if kind == "frequency" and unit == "bpm":
        return Unit("bpm", 60.0)
    return Unit(_SIGNS.get(kind, ""))


def factor_text(value: float) -> str:
    """`×1.5`."""
    return f"×{_plain(value, 3)}"


def plural(count: int, noun: str) -> str:
    """`1 frame`, `2 frames`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _digits(values: Sequence[float], least: int) -> int:
    """So many significant digits that different values look different."""
    different = len(set(values))
    for digits in range(least, 13):
        if len({_plain(value, digits) for value in values}) == different:
            return digits
    return 13


def _plain(value: float, digits: int) -> str:
    """A number without exponent where it can be read without."""
    if value and abs(value) < 10.0 ** -(digits + 2):
        return f"{value:.2g}"
    text = f"{value:.{digits}g}"
    if "e" in text:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.2g}"
    return "0" if text == "-0" else text

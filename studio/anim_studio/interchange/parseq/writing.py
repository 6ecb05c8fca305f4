"""Pieces of a film's expressions: text with how tightly it binds, and numbers as people write them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

#: from loose to tight, as films bind
CHOICE, OR, AND, NOT, COMPARED, SUM, PRODUCT, SIGNED, POWER, ATOM = range(10)


class NoWords(Exception):
    """A formula, or a part of one, has no equal in the words of films."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression's text, and the loosest operator in it."""

    text: str
    level: int = ATOM
    #: nothing but sums, or but products: it may stand behind another of its kind without parentheses
    is_chain: bool = False

    def within(self, level: int) -> str:
        """The text where an operator of that level or a tighter one is wanted: in parentheses if looser."""
        return self.text if self.level >= level else f"({self.text})"

    @property
    def is_truth(self) -> bool:
        """Whether it is a comparison, or several: 1 or 0."""
        return self.level in (OR, AND, NOT, COMPARED)


def figure(value: float) -> Written:
    """A number, as short as it can be told back from."""
    if value != value or value in (float("inf"), float("-inf")):
        raise NoWords
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    if "e" in text:
        text = f"{value:.20f}".rstrip("0").rstrip(".")
        if float(text) != value and abs(float(text) - value) > 1e-12 * max(1.0, abs(value)):
            raise NoWords
    return Written(text, SIGNED if value < 0 else ATOM)


def is_figure(found: Written) -> bool:
    """Whether it is nothing but a number."""
    try:
        return math.isfinite(float(found.text))
    except ValueError:
        return False


def both(sign: str, level: int, a: Written, b: Written) -> Written:
    """Two values with an operator between them that binds to the left."""
    return Written(f"{a.within(level)} {sign} {b.within(level + 1)}", level)


def plus(a: Written, b: Written) -> Written:
    """A sum; 0 is left out, and what is negative is taken away."""
    if a.text == "0":
        return b
    if b.text == "0":
        return a
    if b.text.startswith("-") and b.level == SIGNED and re.fullmatch(r"-[\w.]+", b.text):
        return Written(f"{a.within(SUM)} - {b.text[1:]}", SUM)
    tail = b.text if b.level == SUM and b.is_chain else b.within(PRODUCT)
    return Written(f"{a.within(SUM)} + {tail}", SUM, _goes_on(a, SUM) and _goes_on(b, SUM))


def times(a: Written, b: Written) -> Written:
    """A product; 1 is left out."""
    if a.text == "1":
        return b
    if b.text == "1":
        return a
    tail = b.text if b.level == PRODUCT and b.is_chain else b.within(SIGNED)
    return Written(f"{a.within(PRODUCT)} * {tail}", PRODUCT, _goes_on(a, PRODUCT) and _goes_on(b, PRODUCT))


def _goes_on(value: Written, level: int) -> bool:
    return value.is_chain or value.level != level


def truth(value: Written) -> Written:
    """A value as Parseq asks whether it holds: above 0."""
    return value if value.is_truth else Written(f"{value.within(SUM)} > 0", COMPARED)


def called(name: str, *args: Written) -> Written:
    """A function's call."""
    return Written(f"{name}({', '.join(arg.text for arg in args)})")

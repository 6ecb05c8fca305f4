"""Formulas of Deforum schedules: Python's expression syntax with the arithmetic of numexpr.

Deforum hands formulas to numexpr, which keeps whole numbers, truth values and floats apart: `/` is
always true division, `%` and `//` take the divisor's sign, whole numbers wrap at 64 bits and divide by
zero to 0, `&`, `|` and `~` are bitwise, comparisons do not chain. Subexpressions without names are
computed as Python does, so `1/0` is an error where `t/0` is infinite. Measured with numexpr 2.14.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anim_dsl.schedule_math import COMPARISONS, FUNCTIONS, TOP, Known, Number, binary, call, unary

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\f]+|\#.*|\\\n)"
    r"|(?P<number>(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
    r"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)(?![\w.]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|//|<<|>>|<=|>=|==|!=|[-+*/%<>&|^~()])"
    r"|(?P<other>[\s\S])"
)
_BINARY = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), 1),
    "|": 2,
    "^": 3,
    "&": 4,
    "<<": 5,
    ">>": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "//": 7,
    "%": 7,
    "**": 9,
}
_UNARY = 8
#: numexpr has these only for what stands on their left, and a bare number there is Python's own
_NAME_FIRST = frozenset({"//", "&", "|", "^"})
_DEEPEST = 100


class FormulaError(Exception):
    """A formula that Deforum cannot compute; `start` and `end` are offsets in its text."""

    def __init__(self, kind: str, message: str, start: int, end: int, name: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.start = start
        self.end = end
        self.name = name


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stack machine: push a number or a name, or apply a sign or a function."""

    kind: str  # "number", "name", "unary", "binary", "call"
    value: Number | str
    start: int
    end: int
    known: Known


@dataclass(frozen=True, slots=True)
class Formula:
    """A compiled formula."""

    steps: tuple[Step, ...]

    def __call__(self, names: Mapping[str, int]) -> float:
        """The value for these names. Raises FormulaError."""
        stack: list[Number] = []
        for step in self.steps:
            apply_step(step, stack, names)
        return float(stack.pop())


def compile_formula(text: str) -> Formula:
    """Reads a formula. Raises FormulaError on what Python's grammar or numexpr does not take."""
    return Formula(tuple(_Reader(text).steps()))


# --- reading -----------------------------------------------------------------------------------


class _Reader:
    """Precedence climbing that writes stack steps."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            (match.lastgroup or "other", match.group(), match.start(), match.end())
            for match in _TOKEN.finditer(text)
            if match.lastgroup != "space"
        ]
        self.at = 0
        self.out: list[Step] = []
        self.depth = 0

    def steps(self) -> list[Step]:
        if not self.tokens:
            raise FormulaError("syntax", "there is no formula here", 0, len(self.text))
        self._expression(0)
        if self.at < len(self.tokens):
            self._unexpected()
        return self.out

    def _expression(self, least: int) -> Known:
        """Reads operators that bind at least so tightly; gives when the whole is known."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaError("syntax", "this is nested too deeply", *self._place())
        known = self._operand()
        compared = False
        while (sign := self._sign()) in _BINARY and _BINARY[sign] >= least:
            _, _, start, end = self.tokens[self.at]
            if sign in COMPARISONS:
                if compared:
                    raise FormulaError(
                        "type", "comparisons cannot be chained; write `(a < b) & (b < c)`", start, end
                    )
                compared = True
            self.at += 1
            right = self._expression(_UNARY if sign == "**" else _BINARY[sign] + 1)
            if sign in _NAME_FIRST and known is Known.WRITTEN and right is not Known.WRITTEN:
                message = f"`{sign}` takes no bare number on its left; put the number on its right"
                raise FormulaError("type", message, start, end)
            known = max(known, right)
            self.out.append(Step("binary", sign, start, end, known))
        self.depth -= 1
        return known

    def _operand(self) -> Known:
        signs: list[tuple[str, int, int]] = []
        while self._sign() in ("+", "-", "~"):
            _, sign, start, end = self.tokens[self.at]
            signs.append((sign, start, end))
            self.at += 1
        known = self._atom()
        if signs and self._sign() == "**":
            known = self._power(known)
        for sign, start, end in reversed(signs):
            self.out.append(Step("unary", sign, start, end, known))
        return known

    def _power(self, known: Known) -> Known:
        """`-t**2` is `-(t**2)`."""
        _, _, start, end = self.tokens[self.at]
        self.at += 1
        right = self._expression(_UNARY)
        known = max(known, right)
        self.out.append(Step("binary", "**", start, end, known))
        return known

    def _atom(self) -> Known:
        if self.at >= len(self.tokens):
            self._unexpected()
        kind, text, start, end = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            self.out.append(Step("number", self._number(text, start, end), start, end, Known.WRITTEN))
            return Known.WRITTEN
        if kind == "name":
            return self._name(text, start, end)
        if text == "(":
            known = self._expression(0)
            self._close()
            return known
        self.at -= 1
        self._unexpected()
        return Known.WRITTEN

    def _name(self, text: str, start: int, end: int) -> Known:
        if self._sign() != "(":
            if text in ("True", "False"):
                self.out.append(Step("number", text == "True", start, end, Known.WRITTEN))
                return Known.WRITTEN
            self.out.append(Step("name", text, start, end, Known.NAMED))
            return Known.NAMED
        if text not in FUNCTIONS:
            raise FormulaError("function", f"there is no function `{text}` in Deforum", start, end, text)
        self.at += 1
        known = max(self._expression(0), Known.COMPUTED)
        self._close()
        self.out.append(Step("call", text, start, end, known))
        return known

    def _number(self, text: str, start: int, end: int) -> Number:
        plain = text.replace("_", "")
        if len(plain) > 300:
            raise FormulaError("syntax", "this number is too long", start, end)
        if re.match(r"0[xXbBoO]", plain):
            return int(plain, 0)
        if plain.isdigit():
            if len(plain) > 1 and plain[0] == "0" and int(plain):
                raise FormulaError("syntax", "a whole number has no leading zeros", start, end)
            return int(plain)
        return float(plain)

    def _sign(self) -> str:
        if self.at >= len(self.tokens):
            return ""
        kind, text, _, _ = self.tokens[self.at]
        return text if kind == "sign" else ""

    def _close(self) -> None:
        if self._sign() != ")":
            self._unexpected("`)`")
        self.at += 1

    def _place(self) -> tuple[int, int]:
        if self.at < len(self.tokens):
            return self.tokens[self.at][2:4]
        return (self.tokens[-1][2], self.tokens[-1][3]) if self.tokens else (0, len(self.text))

    def _unexpected(self, wanted: str = "a number or a name") -> None:
        start, end = self._place()
        if self.at >= len(self.tokens):
            raise FormulaError("syntax", f"the formula ends too early: expected {wanted}", start, end)
        found = self.tokens[self.at][1]
        raise FormulaError("syntax", f"`{found}` cannot stand here", start, end)


# --- computing ---------------------------------------------------------------------------------


def apply_step(step: Step, stack: list[Number], names: Mapping[str, int]) -> None:
    """Takes a step's operands off the stack and puts its value on it. Raises FormulaError."""
    match step.kind:
        case "number":
            assert not isinstance(step.value, str)
            stack.append(step.value)
        case "name":
            if step.value not in names:
                raise FormulaError(
                    "name", f"there is no `{step.value}` in Deforum", step.start, step.end, str(step.value)
                )
            stack.append(names[str(step.value)])
        case "unary":
            stack.append(_checked(step, lambda: unary(str(step.value), stack.pop())))
        case "call":
            stack.append(_checked(step, lambda: call(str(step.value), stack.pop())))
        case _:
            right, left = stack.pop(), stack.pop()
            stack.append(_checked(step, lambda: binary(str(step.value), left, right, step.known)))


def _checked(step: Step, compute: Callable[[], Number]) -> Number:
    """A step's value, wrapped to 64 bits if it is a whole number. Raises FormulaError."""
    try:
        value = compute()
    except ZeroDivisionError as error:
        raise FormulaError("type", "this divides by zero", step.start, step.end) from error
    except TypeError as error:
        raise FormulaError("type", str(error), step.start, step.end) from error
    except OverflowError:
        value = math.inf
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if step.known is Known.WRITTEN and not -TOP <= value < TOP:
        raise FormulaError("type", "this whole number is too large", step.start, step.end)
    return (value + TOP) % (1 << 64) - TOP

"""Choices as one program: numexpr runs it over blocks that fit a processor's cache.

numpy goes through the whole columns for every operation. It does sums, products, roots and sines in place and
with the processor's wide instructions, and numexpr is slower at those whatever their length. But each
comparison and each choice makes a column of its own, and those of a long film are larger than what memory
hands back without asking the system; a program makes none. So a program holds at least two choices, with the
arithmetic around them, and runs from `LEAST_FRAMES` on; `python -m bench.curves` shows what that brings. All
of its operations are those of IEEE 754, rounded once, and the result is numpy's bit for bit. Whether one runs
is a matter of counting frames and operations, the same on every machine.

numexpr compiles its text with Python's `eval`. The texts are printed here, from the table below and from
generated names; all numbers go in as variables. Nothing of a film's text gets in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from anim_compiler.parts import Operand
from anim_compiler.typed import Apply, Typed

LEAST_FRAMES = 100_000
"""From so many frames on, 70 minutes at 24 a second: the columns have 0.8 MB."""

LEAST_CHOICES, MOST_OPS = 2, 12
"""So many choices make a program, and so many operations at most, which take a third of a millisecond to
compile; a longer one would take more than its share.
"""

_VALUES = MappingProxyType(
    {
        "add": "({0}+{1})",
        "sub": "({0}-{1})",
        "mul": "({0}*{1})",
        "neg": "(-{0})",
        "mix": "({0}*(1.0-{2})+{1}*{2})",
    }
)
"""How arithmetic is written; the same in numexpr as in numpy to the last bit."""

_COMPARISONS = MappingProxyType({"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="})
_CHOICES = frozenset({"select", "where"})
_TAKEN = _VALUES.keys() | _COMPARISONS.keys() | _CHOICES | {"and", "or", "not"}


@dataclass(frozen=True, slots=True)
class Program:
    """A chain as text; `leaves` are the expressions that its variables `a0`, `a1` … stand for."""

    text: str
    leaves: tuple[Typed, ...]

    def run(self, operands: Sequence[Operand]) -> Operand:
        """The column of the chain, float64[frames], of the leaves' columns; a number of numbers alone."""
        compiled = _compiled(self.text, len(self.leaves))
        found = np.asarray(compiled(*map(np.asarray, operands)), dtype=np.float64)
        return found if found.shape else float(found)


def program(expr: Apply, is_apart: Callable[[Apply], bool]) -> Program | None:
    """The program of an expression; None if it holds too few choices. What `is_apart`, and what no program
    can hold, is read as a variable.
    """
    taken = _taken(expr, is_apart)
    choices = sum(node.function in _CHOICES for node in taken.values())
    return _Printer(frozenset(taken)).program(expr) if taken and choices >= LEAST_CHOICES else None


def _taken(expr: Apply, is_apart: Callable[[Apply], bool]) -> dict[int, Apply]:
    """The operations of a program by identity, those next to its root first."""
    taken: dict[int, Apply] = {}
    waiting: list[Typed] = [expr]
    while waiting and len(taken) < MOST_OPS:
        node = waiting.pop(0)
        if not isinstance(node, Apply) or node.function not in _TAKEN:
            continue
        if node is expr or not is_apart(node):
            taken[id(node)] = node
            waiting.extend(node.arguments)
    return taken


class _Printer:
    """Prints one program."""

    def __init__(self, taken: frozenset[int]) -> None:
        self._taken = taken
        self._variables: dict[int, str] = {}
        self._leaves: list[Typed] = []

    def program(self, expr: Apply) -> Program:
        text = self._text(expr)
        return Program(text, tuple(self._leaves))

    def _text(self, node: Typed) -> str:
        """An expression's number."""
        if not isinstance(node, Apply) or id(node) not in self._taken:
            return self._variable(node)
        inside = node.arguments
        match node.function:
            case "select" | "where":
                return f"where({self._test(inside[0])},{self._text(inside[1])},{self._text(inside[2])})"
            case "and":
                return f"where({self._test(inside[0])},{self._text(inside[1])},{self._text(inside[0])})"
            case "or":
                return f"where({self._test(inside[0])},{self._text(inside[0])},{self._text(inside[1])})"
            case name if name in _VALUES:
                return _VALUES[name].format(*map(self._text, inside))
            case _:
                return f"where({self._test(node)},1.0,0.0)"

    def _test(self, node: Typed) -> str:
        """Whether an expression holds, which is whether it is not 0: a truth value of numexpr's."""
        if isinstance(node, Apply) and id(node) in self._taken:
            inside = node.arguments
            if node.function in _COMPARISONS:
                return f"({self._text(inside[0])}{_COMPARISONS[node.function]}{self._text(inside[1])})"
            if node.function == "not":
                return f"(~{self._test(inside[0])})"
            if node.function in ("and", "or"):
                sign = "&" if node.function == "and" else "|"
                return f"({self._test(inside[0])}{sign}{self._test(inside[1])})"
        return f"({self._text(node)}!=0.0)"

    def _variable(self, node: Typed) -> str:
        if id(node) not in self._variables:
            self._variables[id(node)] = f"a{len(self._leaves)}"
            self._leaves.append(node)
        return self._variables[id(node)]


@lru_cache(maxsize=256)
def _compiled(text: str, variables: int) -> Callable[..., Any]:
    """numexpr's program; it is untyped, hence Any."""
    import numexpr

    made: Callable[..., Any] = numexpr.NumExpr(text, [(f"a{i}", np.float64) for i in range(variables)])
    return made


def forget() -> None:
    """Forgets the compiled programs, for those who measure."""
    _compiled.cache_clear()

"""Functions of one instant: applied to columns, and to the part of the film between two keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from anim_compiler.functions.registry import IN_PLACE, POINTWISE, Array
from anim_compiler.typed import Apply, Clock, Const, Typed, walk

Operand: TypeAlias = Array | float
"""A column, or a number that is the same at every frame."""

_MOST_NODES = 64
"""Larger expressions are computed whole, where every node is computed once and no recursion is deep."""


def still(value: float, frames: int) -> Array:
    """A column that never changes: one number, shown at every frame, read-only float64[frames]."""
    return np.ndarray((frames,), np.float64, np.float64(value).tobytes(), 0, (0,))


def applied(name: str, operands: Sequence[Operand]) -> Operand:
    """A function of one instant, float64[frames], or one number of numbers alone. A column that may be
    written to is nobody else's, and the result may be put in its place.
    """
    implementation = POINTWISE[name]
    columns = [operand for operand in operands if isinstance(operand, np.ndarray)]
    if not columns:
        return float(implementation(*(still(float(o), 1) for o in operands))[0])
    if name in IN_PLACE:
        for column in columns:
            if column.flags.writeable:
                return np.asarray(implementation(*operands, out=column))
        return np.asarray(implementation(*operands))
    length = len(columns[0])
    return np.asarray(
        implementation(*(o if isinstance(o, np.ndarray) else still(float(o), length) for o in operands))
    )


def takes_parts(expr: Typed) -> bool:
    """Whether an expression's value at a frame comes of that frame alone."""
    for count, node in enumerate(walk(expr)):
        known = isinstance(node, Const | Clock) or (isinstance(node, Apply) and node.function in POINTWISE)
        if count >= _MOST_NODES or not known:
            return False
    return True


def part(expr: Typed, begin: int, end: int, clock: Callable[[str], Array]) -> Array:
    """An expression that `takes_parts` at the frames from `begin` to `end`; `clock` gives the clock's
    columns. The same numbers as in the whole column: float64[end - begin].
    """
    found = _part(expr, begin, end, clock)
    return found if isinstance(found, np.ndarray) else still(found, end - begin)


def _part(expr: Typed, begin: int, end: int, clock: Callable[[str], Array]) -> Operand:
    match expr:
        case Const():
            return expr.value
        case Clock():
            return clock(expr.name)[begin:end]
        case Apply():
            return applied(expr.function, [_part(inner, begin, end, clock) for inner in expr.arguments])
        case _:
            raise TypeError(f"{type(expr).__name__} is not of one instant")

"""Formulas of Deforum schedules over many frames: whole numbers, truth values and floats apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.circular import cosine, sine
from anim_compiler.functions.registry import Array
from anim_dsl.schedule_formula import Formula, Step, apply_step
from anim_dsl.schedule_math import Number

#: a number that is the same at every frame, or a column of truth values, whole numbers or floats
Operand: TypeAlias = "Number | NDArray[Any]"

_MOST_WHOLE = 2**53
"""Beyond it a whole number is not exact as a float, and columns would differ from single numbers."""

_FUNCTIONS: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {
        "sin": sine,
        "cos": cosine,
        "tan": np.tan,
        "arcsin": np.arcsin,
        "arccos": np.arccos,
        "arctan": np.arctan,
        "sinh": np.sinh,
        "cosh": np.cosh,
        "tanh": np.tanh,
        "log": np.log,
        "log10": np.log10,
        "log2": np.log2,
        "log1p": np.log1p,
        "exp": np.exp,
        "expm1": np.expm1,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "floor": np.floor,
        "ceil": np.ceil,
        "trunc": np.trunc,
        "round": np.rint,
    }
)

_SIGNS: Mapping[str, Callable[[Any, Any], NDArray[Any]]] = MappingProxyType(
    {
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": np.true_divide,
        "%": np.mod,
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
    }
)


class NotColumnarError(Exception):
    """The formula holds something that is computed frame by frame."""


def formula_column(formula: Formula, names: Mapping[str, int], begin: int, end: int) -> Array:
    """A formula at the frames from `begin` to `end`, which it calls `t`: float64[end - begin].

    The numbers of `formula(names | {"t": frame})` at each of them, but for the last bits of sines and the
    like. Raises NotColumnarError, or FormulaError where a formula has no value at all.
    """
    frames = np.arange(begin, end, dtype=np.int64)
    stack: list[Operand] = []
    with np.errstate(all="ignore"):
        for step in formula.steps:
            _step(step, stack, names, frames)
    return np.broadcast_to(np.asarray(stack.pop(), dtype=np.float64), frames.shape)


def _step(step: Step, stack: list[Operand], names: Mapping[str, int], frames: NDArray[np.int64]) -> None:
    if step.kind == "name" and step.value == "t":
        stack.append(frames)
        return
    taken = {"unary": 1, "call": 1, "binary": 2}.get(step.kind, 0)
    operands = [stack.pop() for _ in range(taken)][::-1]
    plain = [operand for operand in operands if not isinstance(operand, np.ndarray)]
    if len(plain) == taken:
        apply_step(step, plain, names)
        stack.append(plain[-1])
    else:
        stack.append(_checked(_column(step, operands)))


def _column(step: Step, operands: list[Operand]) -> NDArray[Any]:
    """One step of which at least one operand is a column."""
    sign = str(step.value)
    if step.kind == "call":
        if sign not in _FUNCTIONS:
            raise NotColumnarError
        return _FUNCTIONS[sign](np.asarray(operands[0], dtype=np.float64))
    if all(_is_truth(operand) for operand in operands):
        # truth values have an arithmetic of their own: `-` is none, `+` of two of them is `or`
        raise NotColumnarError
    if step.kind == "unary":
        if sign == "~":
            raise NotColumnarError
        return np.negative(operands[0]) if sign == "-" else np.asarray(operands[0])
    if sign == "**":
        return _power(operands[0], operands[1])
    if sign not in _SIGNS:
        raise NotColumnarError
    return _SIGNS[sign](*operands)


def _power(base: Operand, exponent: Operand) -> NDArray[Any]:
    """A power; of a whole number it is whole only where the exponent is, and fits into the loop above."""
    if np.asarray(base).dtype.kind == "f":
        return np.power(base, np.asarray(exponent, dtype=np.float64))
    if isinstance(exponent, np.ndarray):
        raise NotColumnarError
    if not float(exponent).is_integer():
        return np.power(np.asarray(base, dtype=np.float64), float(exponent))
    if not 0 <= exponent <= 50:
        raise NotColumnarError
    exact = np.power(np.asarray(base, dtype=np.float64), float(exponent))
    if not (np.abs(exact) < _MOST_WHOLE).all():
        raise NotColumnarError
    return np.power(np.asarray(base, dtype=np.int64), int(exponent))


def _is_truth(operand: Operand) -> bool:
    return operand.dtype.kind == "b" if isinstance(operand, np.ndarray) else isinstance(operand, bool)


def _checked(column: NDArray[Any]) -> NDArray[Any]:
    if column.dtype.kind == "i" and column.size and np.abs(column).max() >= _MOST_WHOLE:
        raise NotColumnarError
    return column

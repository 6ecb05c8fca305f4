"""Going through an expression without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from anim_dsl import syntax
from anim_dsl.syntax import Expr


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one, in written order."""
    match expr:
        case syntax.Number() | syntax.Quantity() | syntax.Percent() | syntax.Size() | syntax.Name():
            return ()
        case syntax.Text(parts):
            return tuple(part for part in parts if not isinstance(part, str))
        case syntax.Call(_, arguments):
            return tuple(argument.value for argument in arguments)
        case syntax.Unary(_, operand):
            return (operand,)
        case syntax.Binary(_, left, right):
            return (left, right)
        case syntax.Comparison(operands):
            return operands
        case syntax.Conditional(test, then, other):
            return (then, test, other)
        case syntax.Per(value):
            return (value,)
        case syntax.ListExpr(items):
            return items
        case syntax.Keys(keys, easing):
            return tuple(_of_keys(keys, easing))
        case _:
            assert_never(expr)


def _of_keys(keys: tuple[syntax.Key, ...], easing: syntax.Easing | None) -> Iterator[Expr]:
    for key in keys:
        yield key.at
        yield key.value
        if key.easing is not None:
            yield from (argument.value for argument in key.easing.arguments)
    if easing is not None:
        yield from (argument.value for argument in easing.arguments)


def walk(expr: Expr) -> Iterator[tuple[Expr, int]]:
    """Every expression in a value, itself first, each with its depth from 1."""
    waiting = [(expr, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(children(node)))

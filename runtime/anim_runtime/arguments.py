"""What a node's arguments are at each frame, as functions made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.plan import ChoiceRef, ColumnRef, Columns, PlanArg, ProductRef
from anim_runtime.ops.kernel import Argument, Arguments

#: the arguments at a frame
AtFrame: TypeAlias = Callable[[int], Arguments]


def arguments(args: Mapping[str, PlanArg], columns: Columns) -> tuple[AtFrame, bool]:
    """The arguments at any frame, and whether they change; KeyError if a column is missing."""
    constants: dict[str, Argument] = {}
    moving: list[tuple[str, Callable[[int], Any]]] = []
    for name, value in args.items():
        if isinstance(value, ColumnRef | ChoiceRef | ProductRef):
            moving.append((name, _reader(value, columns)))
        else:
            constants[name] = value
    if not moving:
        return lambda frame: constants, False
    if len(moving) == 1:
        ((name, read),) = moving
        return lambda frame: {**constants, name: read(frame)}, True

    def at(frame: int) -> Arguments:
        found = dict(constants)
        for name, read in moving:
            found[name] = read(frame)
        return found

    return at, True


# the readers are methods of numpy's arrays, whose types depend on the array: hence Any
def _reader(value: ColumnRef | ChoiceRef | ProductRef, columns: Columns) -> Callable[[int], Any]:
    """What reads a number, a row of numbers or a text at a frame."""
    if isinstance(value, ProductRef):
        return product([columns[name] for name in value.columns]).__getitem__
    column = columns[value.column]
    if isinstance(value, ChoiceRef):
        texts = value.texts
        return lambda frame: texts[int(column[frame])]
    return column.item if column.ndim == 1 else column.__getitem__


def product(moves: list[NDArray[Any]]) -> NDArray[np.float64]:
    """Moves one after the other at every frame: the matrix product of columns `[rows, 9]`, float64 likewise.

    Moves map source to destination, so the first one applied stands rightmost.
    """
    made = moves[0].reshape(-1, 3, 3).astype(np.float64)
    for move in moves[1:]:
        made = move.reshape(-1, 3, 3) @ made
    return made.reshape(-1, 9)

"""Moves that a pipeline makes beside the camera's: shifts, scales and turns as homographies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.curves import rounded
from anim_compiler.graph import Arg, Column, Graph, Node

_ARGS = ("x", "y", "scale", "angle")
_NEUTRAL = (0.0, 0.0, 1.0, 0.0)


@dataclass(slots=True)
class Transforms:
    """The moves of a film's `transform` calls, each a column; `height` is that of the picture in px."""

    height: int
    _found: dict[tuple[Arg, ...], str] = field(default_factory=dict)

    def column(self, node: Node) -> str | None:
        """The name of a call's column of moves; None if it never moves."""
        args = tuple(node.arg(name) for name in _ARGS)
        if args == _NEUTRAL:
            return None
        if args not in self._found:
            self._found[args] = _called(args, len(self._found))
        return self._found[args]

    def columns(self, graph: Graph) -> Mapping[str, NDArray[np.float64]]:
        """The columns: float64[rows, 9], homographies in centred coordinates."""
        rows = max(template.frames[-1] + 1 for template in graph.templates.values() if template.frames)
        count = max((len(column) for column in graph.columns.values()), default=rows)
        return {
            name: self._moves([_values(arg, graph, count) for arg in args])
            for args, name in self._found.items()
        }

    def _moves(self, values: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Scaled and turned counter-clockwise about the centre, then shifted by x to the right and y down.

        Rows of other scenes hold no scale; they are never read, and stay regular.
        """
        x, y, scale, angle = values
        x, y = x / (self.height / 2.0), y / (self.height / 2.0)
        scale = np.where(scale == 0.0, 1.0, scale)
        turn = np.radians(angle)
        cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
        zero, one = np.zeros_like(scale), np.ones_like(scale)
        # y points down, so this turns the picture counter-clockwise
        return rounded(np.stack([cos, sin, x, -sin, cos, y, zero, zero, one], axis=-1))


def _values(arg: Arg, graph: Graph, rows: int) -> NDArray[np.float64]:
    """An argument at every row: float64[rows]."""
    known: Any = graph.columns[arg.name] if isinstance(arg, Column) else arg
    return np.broadcast_to(np.asarray(known, dtype=np.float64), (rows,))


def _called(args: tuple[Arg, ...], place: int) -> str:
    """What a column of moves is called: after the call whose numbers change, else by its place."""
    changing = next((arg.name for arg in args if isinstance(arg, Column)), None)
    return f"transform.{place}" if changing is None else f"{changing.rpartition('.')[0]}.move"

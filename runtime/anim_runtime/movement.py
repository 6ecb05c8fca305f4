"""How the picture moves from each shown frame to the next, as the plan's camera says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.frame_table import FrameTable
from anim_compiler.plan import ColumnRef, Columns, FrameKind, Plan, PlanNode, ProductRef, Template

Matrix: TypeAlias = NDArray[np.float64]

_STILL = np.eye(3)
#: ops that move each pixel by itself, which no one matrix tells
_FLOWING = frozenset({"warp_flow", "follow", "between"})


@dataclass(frozen=True, slots=True)
class _Way:
    """The node that moves what came before: its move, or that each pixel goes its own way."""

    node: PlanNode | None
    kind: Literal["still", "plane", "space", "flow"]


class Movement:
    """The moves between neighbouring shown frames of one plan."""

    def __init__(self, plan: Plan, columns: Columns, table: FrameTable) -> None:
        self._columns = columns
        self._table = table
        self._ways: dict[tuple[int, FrameKind], _Way] = {}
        self._scenes: dict[int, int] = {}
        for index, scene in enumerate(plan.scenes):
            for kind, template in scene.templates.items():
                self._ways[index, kind] = _way(template)
            for frame in range(scene.start, scene.end):
                self._scenes[frame] = index

    def since_last(self, frame: int) -> Matrix | None:
        """The homography from the frame before, source to destination in half heights from the centre; None
        where pixels go their own ways. Both frames are of one scene.
        """
        way = self._ways[self._scenes[frame], self._table.kinds[frame]]
        before = self._table.before[frame]
        if way.kind == "flow":
            return None
        if way.node is None or before < 0:
            return _STILL
        here = self._move(way.node, frame)
        if before == frame - 1:
            return _flat(here)
        return self._from_base(way, frame, here)

    def _from_base(self, way: _Way, frame: int, here: Matrix) -> Matrix | None:
        """Both this frame and the last one are made from an older one."""
        last = self._ways[self._scenes[frame], self._table.kinds[frame - 1]]
        if (
            last.node is None
            or last.kind != way.kind
            or self._table.before[frame - 1] != self._table.before[frame]
        ):
            return None
        return _flat(_joined(self._move(last.node, frame - 1), here))

    def _move(self, node: PlanNode, frame: int) -> Matrix:
        match node.args["move"]:
            case ColumnRef(column=name):
                return np.asarray(self._columns[name][frame], dtype=np.float64)
            case ProductRef(columns=names):
                factors = [np.asarray(self._columns[n][frame], dtype=np.float64).reshape(3, 3) for n in names]
                return reduce(lambda whole, one: one @ whole, factors).reshape(-1)
            case other:
                raise TypeError(f"a move is {other!r}, which is no column")


def _way(template: Template) -> _Way:
    """What moves the picture that a template goes on from."""
    nodes = template.nodes
    if any(node.op in _FLOWING for node in nodes):
        return _Way(None, "flow")
    for place, node in enumerate(nodes):
        if node.op in ("warp2d", "warp3d") and _comes_from(template, place, "previous"):
            if node.op == "warp2d":
                return _Way(node, "plane")
            depth = nodes[node.inputs[1]]
            return _Way(node, "space") if depth.args.get("method") == "flat" else _Way(None, "flow")
    return _Way(None, "still")


def _comes_from(template: Template, place: int, op: str) -> bool:
    while template.nodes[place].inputs:
        place = template.nodes[place].inputs[0]
    return template.nodes[place].op == op


def _flat(move: Matrix) -> Matrix:
    """A move as a homography: of a camera in space that of what is one unit away, where all is."""
    if move.size == 9:
        return move.reshape(3, 3)
    turn, shift, (source, destination) = move[:9].reshape(3, 3), move[9:12], move[12:14]
    plane = turn + np.outer(shift, (0.0, 0.0, 1.0))
    return np.asarray(
        np.diag((destination, destination, 1.0)) @ plane @ np.diag((1 / source, 1 / source, 1.0))
    )


def _joined(first: Matrix, second: Matrix) -> Matrix:
    """The move from where `first` leads to where `second` does, both from one place."""
    if first.size == 9:
        return np.asarray(second.reshape(3, 3) @ np.linalg.pinv(first.reshape(3, 3))).reshape(-1)
    turn = second[:9].reshape(3, 3) @ first[:9].reshape(3, 3).T
    return np.concatenate((turn.reshape(-1), second[9:12] - turn @ first[9:12], (first[13], second[13])))

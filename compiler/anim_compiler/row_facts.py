"""What a graph's columns say at the rows of a template: all that passes may ask of them, each asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.graph import Choice, Column, Node, Product
from anim_compiler.memo import Memo
from anim_compiler.passes.identity import all_steps, arguments, passed_through_rows

Rows: TypeAlias = NDArray[np.int64]


def columns_of(node: Node) -> list[str]:
    """The names of the columns that a node's arguments read."""
    names: list[str] = []
    for _, value in node.args:
        match value:
            case Column() | Choice():
                names.append(value.name)
            case Product():
                names += value.names
            case _:
                pass
    return names


def written(nodes: Sequence[Node]) -> str:
    """Nodes, inputs first, as a text that is the same for the same work."""
    number = {id(node): i for i, node in enumerate(nodes)}
    return repr([(node.op, [number.get(id(i)) for i in node.inputs], node.args, node.rate) for node in nodes])


@dataclass(frozen=True, slots=True)
class RowFacts:
    """The columns of one compile, and what is known of them from it and from earlier ones."""

    columns: Mapping[str, NDArray[Any]]
    memo: Memo

    def rows(self, frames: tuple[int, ...]) -> Rows:
        """Frames as rows: int64 `[frames]`, the same object for the same frames."""
        return self.memo.recall(lambda: np.array(frames, dtype=np.int64), "rows", frames)

    def through(self, node: Node, rows: Rows) -> Rows:
        """The input that a node gives back at each of some rows, -1 for none: int64 `[rows]`."""

        def made() -> Rows:
            return passed_through_rows(node.op, arguments(node, self.columns, rows), len(rows))

        return self.memo.recall(made, "through", *self._asked(node, rows))

    def all_steps(self, node: Node, rows: Rows) -> NDArray[np.bool_]:
        """Where a node that diffuses a picture takes every step, and the picture is lost: bool `[rows]`."""

        def made() -> NDArray[np.bool_]:
            holds = all_steps(arguments(node, self.columns, rows))
            return np.broadcast_to(np.asarray(holds, dtype=bool), (len(rows),))

        return self.memo.recall(made, "all steps", *self._asked(node, rows))

    def constant(self, name: str, rows: Rows) -> tuple[object, ...]:
        """The number that a column holds at all of some rows; empty if it holds several."""
        column = self.columns[name]

        def made() -> tuple[object, ...]:
            values = column[rows]
            known = values.ndim == 1 and len(values) > 0 and bool((values == values[0]).all())
            return (str(values.dtype), values[0].item()) if known else ()

        return self.memo.recall(made, "constant", column, rows)

    def _asked(self, node: Node, rows: Rows) -> tuple[object, ...]:
        columns = tuple(self.columns[name] for name in columns_of(node) if name in self.columns)
        return (node.op, repr(node.args), columns, rows)

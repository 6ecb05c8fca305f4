"""The render graph: frozen, interned nodes, a template per scene and kind of frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from numpy.typing import NDArray

Key: TypeAlias = tuple[int, str]
"""A template: the scene's index and the kind of frame (`first diffused fresh tween`)."""


class Rate(StrEnum):
    """The slowest clock a node must run at."""

    FILM = "film"
    SCENE = "scene"
    FRAME = "frame"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Column:
    """An argument that is read from the plan's columns at the frame in work."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that changes: the column `name` holds which of `texts` is meant at the frame in work."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Moves one after the other: the matrix product of columns of `[rows, 9]`, the first applied first."""

    names: tuple[str, ...]


Constant: TypeAlias = bool | int | float | str | None
Arg: TypeAlias = Constant | Column | Choice | Product


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. Equal nodes of one graph are one object: compare with `is`.

    `inputs` are nodes; `args` are sorted by name.
    """

    op: str
    inputs: tuple[Node, ...]
    args: tuple[tuple[str, Arg], ...]
    rate: Rate

    def arg(self, name: str) -> Arg:
        """The argument of that name; KeyError if the node has none."""
        return dict(self.args)[name]


class Interner:
    """Makes equal nodes one object, keyed by op, the inputs' identities and the arguments."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], Node] = {}

    def node(
        self,
        op: str,
        inputs: Iterable[Node] = (),
        args: Mapping[str, Arg] | None = None,
        rate: Rate = Rate.IMAGE,
    ) -> Node:
        """The one node with these parts; its inputs must come from this interner."""
        ins = tuple(inputs)
        items = tuple(sorted((args or {}).items()))
        key = (op, tuple(id(i) for i in ins), tuple((k, type(v).__name__, v) for k, v in items), rate)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Node(op, ins, items, rate)
        return found


@dataclass(frozen=True, slots=True)
class Template:
    """What is done for one kind of frame of one scene. `results` are named nodes: `carry`, what the next
    frame calls `previous`, and `frame`, what is shown.

    `frames` are the rows of the columns that are made by it, ascending. `batch` is how many of them may
    pass the model at once: 1 if each waits for the one before (chained), 0 for as many as memory allows,
    n for n (free). `place` adds `order`, the order of work, and `releases`: after each node of it, the
    places in it of values that nothing reads any more.
    """

    results: Mapping[str, Node]
    frames: tuple[int, ...] = ()
    batch: int = 1
    order: tuple[Node, ...] = ()
    releases: tuple[tuple[int, ...], ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node that a result needs, in the order of work."""
        return self.order or topological(self.results)


@dataclass(frozen=True, slots=True)
class Graph:
    """The templates of a film, and the columns that they read: float64 or int64, `[rows]` or `[rows, n]`."""

    templates: Mapping[Key, Template]
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])

    def values(self, column: str, key: Key) -> NDArray[Any] | None:
        """What a column holds at the rows of one template; None for an unknown one."""
        found = self.columns.get(column)
        return None if found is None else found[list(self.templates[key].frames)]

    def rows(self) -> dict[int, Key]:
        """The template that makes each row."""
        return {row: key for key, template in self.templates.items() for row in template.frames}


def topological(results: Mapping[str, Node]) -> tuple[Node, ...]:
    """Every node that the results need, inputs before users, in a stable order."""
    seen: dict[int, Node] = {}
    stack: list[tuple[Node, bool]] = [(results[k], False) for k in sorted(results, reverse=True)]
    while stack:
        node, ready = stack.pop()
        if id(node) in seen:
            continue
        if ready:
            seen[id(node)] = node
            continue
        stack.append((node, True))
        stack.extend((i, False) for i in reversed(node.inputs) if id(i) not in seen)
    return tuple(seen.values())

"""`fold`: what does not change becomes constant, what does nothing disappears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.drawing.extras import from_noise, trimmed
from anim_compiler.graph import (
    Arg,
    Choice,
    Column,
    Graph,
    Interner,
    Node,
    Product,
    Template,
    topological,
)
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.identity import all_steps, arguments, passed_through, passed_through_rows
from anim_compiler.passes.rewrite import Facts, needed, rows_of

_FREE = KERNEL_OPS["previous"]
_UNMOVED = np.eye(3).reshape(-1)
MOVING = (Column, Choice, Product)
"""Arguments that may change with the frame."""

_NONE: Mapping[int, Node] = MappingProxyType({})


def fold(graph: Graph, facts: Facts) -> Graph:
    """Columns that hold one value at all rows of a template become constants; what does nothing vanishes.

    Moves that never move leave their product, a picture mixed with itself is that picture, and image to image
    in all its steps is `generate`: such a picture starts from noise alone.

    Before, with `coherence.noise` 0 on every frame and `diffuse.cfg_scale` 7.5 on every frame:
    ```
    %0 = previous
    %1 = add_noise %0 amount=[coherence.noise] seed=[diffuse.seed]
    %2 = diffuse %1 cfg_scale=[diffuse.cfg_scale] …
    ```
    After:
    ```
    %0 = previous
    %1 = diffuse %0 cfg_scale=7.5 …
    ```
    """
    nodes = Interner()
    found = graph.templates.items()
    return replace(graph, templates={k: _template(_Folding.of(graph, t, nodes)) for k, t in found})


def _template(folding: _Folding) -> Template:
    """The template folded; if its carry would become what `frame` reads beside it, with the carry as it was,
    or left as it was: a carry is shown as stored, at 16 bits, and what stands beside it is not.
    """
    template = folding.template
    carry = template.results.get("carry")
    for kept in ((), () if carry is None else (carry,)):
        done = folding.folded(template.results, kept)
        if not folding.mixes_up(done, kept):
            break
    else:
        done = folding.folded(template.results, topological(template.results))
    results = {name: done[id(node)] for name, node in template.results.items()}
    return replace(template, results=results, order=(), releases=())


@dataclass(frozen=True, slots=True)
class _Folding:
    """A template in work, with the rows that it makes, and where its new nodes are made. `args` are the
    arguments that are folded already.
    """

    columns: Mapping[str, NDArray[Any]]
    template: Template
    rows: slice | NDArray[np.int64]
    nodes: Interner
    args: dict[Arg, Arg]

    @classmethod
    def of(cls, graph: Graph, template: Template, nodes: Interner) -> _Folding:
        """What a template of a graph is folded by."""
        return cls(graph.columns, template, rows_of(template), nodes, {})

    def folded(
        self, results: Mapping[str, Node], kept: Sequence[Node], known: Mapping[int, Node] = _NONE
    ) -> dict[int, Node]:
        """Every node that results need as it becomes, by what it was; those that are `kept` only get new
        inputs, and those that are `known` are taken as given.
        """
        done = dict(known)
        stays = {id(node) for node in kept}
        for node in topological(results):
            if id(node) in done:
                continue
            inputs = tuple(done[id(i)] for i in node.inputs)
            if id(node) in stays:
                done[id(node)] = self.nodes.node(node.op, inputs, dict(node.args), node.rate)
            else:
                done[id(node)] = self._node(node, inputs)
        return done

    def mixes_up(self, done: Mapping[int, Node], kept: Sequence[Node]) -> bool:
        """Whether something that `frame` is made of, and that is not made of the carry, becomes the carry."""
        carry, frame = (self.template.results.get(name) for name in ("carry", "frame"))
        if carry is None or frame is None or carry is frame:
            return False
        beside = needed(topological({"frame": frame}), frame, carry)
        if all(done[id(node)] is not done[id(carry)] for node in beside):
            return False
        # it may be the carry itself that is given back: one that nothing is made from tells both apart
        stored = {id(carry): self.nodes.node("stored")}
        found = self.folded({"frame": frame}, kept, stored)
        return any(found[id(node)] is done[id(carry)] for node in beside)

    def _node(self, node: Node, inputs: tuple[Node, ...]) -> Node:
        args = {name: self._arg(value) for name, value in node.args}
        made = Node(node.op, inputs, tuple(args.items()), node.rate)
        through = self._through(made)
        if through >= 0:
            return inputs[through]
        if KERNEL_OPS.get(node.op, _FREE).cost == "model":
            op = "generate" if node.op == "diffuse" and self._is_from_noise(made) else node.op
            if op != node.op:
                inputs, args = from_noise(inputs, args)
            return self.nodes.node(op, *trimmed(inputs, args), node.rate)
        return self.nodes.node(node.op, inputs, args, node.rate)

    def _arg(self, value: Arg) -> Arg:
        if not isinstance(value, MOVING):
            return value
        if value not in self.args:
            self.args[value] = self._folded(value)
        return self.args[value]

    def _folded(self, value: Column | Choice | Product) -> Arg:
        """A column of one number that never changes as that number, a text that never changes as itself, a
        product without the factors that never move.
        """
        if isinstance(value, Product):
            moving = tuple(n for n in value.names if not self._is_unmoved(n)) or value.names[:1]
            return Column(moving[0]) if len(moving) == 1 else Product(moving)
        if isinstance(value, Choice) and len(value.texts) == 1:
            return value.texts[0]
        values = self._values(value.name)
        if values.ndim != 1 or values.size == 0 or (values != values[0]).any():
            return value
        if isinstance(value, Choice):
            return value.texts[int(values[0])]
        return int(values[0]) if np.issubdtype(values.dtype, np.integer) else float(values[0])

    def _values(self, name: str) -> NDArray[Any]:
        column = self.columns.get(name)
        return np.empty(0) if column is None else column[self.rows]

    def _is_unmoved(self, name: str) -> bool:
        values = self._values(name)
        return values.size > 0 and bool((values == _UNMOVED).all())

    def _through(self, node: Node) -> int:
        """The input that a node gives back at every row, -1 if there is none."""
        if node.op in ("mix", "masked") and node.inputs[0] is node.inputs[1]:
            return 0
        op = KERNEL_OPS.get(node.op)
        if op is None or not op.identity or not self.template.frames:
            return -1
        # most often the first row tells: this is asked of every node of every scene
        first = passed_through(node.op, arguments(node, self.columns, self.template.frames[:1]))
        if first is None or not any(isinstance(value, MOVING) for _, value in node.args):
            return -1 if first is None else first
        values = arguments(node, self.columns, self.rows)
        found = passed_through_rows(node.op, values, len(self.template.frames))
        return int(found[0]) if (found == found[0]).all() else -1

    def _is_from_noise(self, node: Node) -> bool:
        """Whether image to image takes every step at every row."""
        if not self.template.frames:
            return False
        values = arguments(node, self.columns, self.rows)
        return {"steps", "strength"} <= values.keys() and bool(np.all(all_steps(values)))

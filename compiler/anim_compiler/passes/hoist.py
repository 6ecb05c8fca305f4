"""`hoist`: what does not change from frame to frame is worked out once."""

from __future__ import annotations

from collections.abc import Iterable

from anim_compiler.graph import Arg, Choice, Column, Graph, Interner, Key, Node, Product, Rate
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.identity import passed_through, steps_of
from anim_compiler.passes.rewrite import Facts, rebuilt

_CLOCKS = (Rate.FILM, Rate.SCENE, Rate.FRAME, Rate.IMAGE)
"""The rates, slowest first."""

STILL = frozenset({Rate.FILM, Rate.SCENE})
"""Nodes of these rates are worked out once for all frames of a template."""


def hoist(graph: Graph, facts: Facts) -> Graph:
    """Every node gets the slowest rate that it can run at; a reference's colours are counted once.

    A node runs at the rate of its op, of its fastest input, or for every picture if an argument changes. The
    depth of a still is then made once, and so are the statistics that a picture's colours are held to.

    Before:
    ```
    %0 = previous
    %1 = first
    %2 = match_color %0 %1 space="lab"
    ```
    After, `first` and `color_stats` at the scene's rate:
    ```
    %0 = previous
    %1 = first
    %2 = color_stats %1 space="lab"
    %3 = match_stats %0 %2 space="lab"
    ```
    """
    interner = Interner()

    def at_rate(op: str, inputs: tuple[Node, ...], args: tuple[tuple[str, Arg], ...]) -> Node:
        return interner.node(op, inputs, dict(args), _rate(op, inputs, args))

    def rebuild(node: Node, inputs: tuple[Node, ...], key: Key) -> Node:
        acts = node.op == "match_color" and passed_through(node.op, dict(node.args)) is None
        if acts and _rate("color_stats", inputs[1:], node.args) in STILL:
            stats = at_rate("color_stats", inputs[1:], node.args)
            return at_rate("match_stats", (inputs[0], stats), node.args)
        return at_rate(node.op, inputs, node.args)

    return rebuilt(graph, rebuild, alike=True)


def _rate(op: str, inputs: Iterable[Node], args: Iterable[tuple[str, Arg]]) -> Rate:
    """The slowest clock of an op with these inputs and arguments; an unknown op is as fast as can be."""
    known = dict(args)
    if any(isinstance(value, Column | Choice | Product) for value in known.values()):
        return Rate.IMAGE
    ops = [name for name, _ in steps_of(known)] if op == "pointwise" else [op]
    own = (KERNEL_OPS[name].rate if name in KERNEL_OPS else Rate.IMAGE for name in ops)
    return max((*own, *(node.rate for node in inputs)), key=_CLOCKS.index, default=Rate.FILM)

"""`share`: equal nodes become one node."""

from __future__ import annotations

from anim_compiler.graph import Graph, Interner, Node
from anim_compiler.passes.rewrite import Facts, Key, rebuilt


def share(graph: Graph, facts: Facts) -> Graph:
    """Interns all nodes of all templates again, so that equal subgraphs are one object.

    Before, after a pass that built nodes on its own:
    ```
    %0 = previous
    %1 = depth %0 method="flat"
    %2 = previous
    %3 = warp3d %2 %1 …
    ```
    After:
    ```
    %0 = previous
    %1 = depth %0 method="flat"
    %2 = warp3d %0 %1 …
    ```
    """
    interner = Interner()

    def rebuild(node: Node, inputs: tuple[Node, ...], key: Key) -> Node:
        return interner.node(node.op, inputs, dict(node.args), node.rate)

    return rebuilt(graph, rebuild)

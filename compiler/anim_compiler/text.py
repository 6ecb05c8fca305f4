"""A graph as text: one line a node, for reading, comparing and goldens."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.graph import Arg, Choice, Column, Graph, Node, topological


def graph_text(graph: Graph) -> str:
    """Every template of a graph.

    ```
    scene 0, diffused:
      %0 = previous
      %1 = warp2d %0 border="reflect" move=[camera.from_previous]
      carry = %1
      frame = %1
    ```
    """
    blocks = [
        "\n".join([f"scene {scene}, {kind}:", *_lines(results)])
        for (scene, kind), results in sorted(graph.templates.items(), key=lambda row: row[0])
    ]
    return "\n".join(blocks) + "\n"


def _lines(results: Mapping[str, Node]) -> list[str]:
    nodes = topological(results)
    number = {id(node): f"%{i}" for i, node in enumerate(nodes)}
    lines = []
    for node in nodes:
        words = [node.op, *(number[id(i)] for i in node.inputs)]
        words += [f"{name}={_arg(value)}" for name, value in node.args]
        lines.append(f"  {number[id(node)]} = {' '.join(words)}")
    return [*lines, *(f"  {name} = {number[id(node)]}" for name, node in sorted(results.items()))]


def _arg(value: Arg) -> str:
    if isinstance(value, Column):
        return f"[{value.name}]"
    if isinstance(value, Choice):
        return f"[{value.name}: {', '.join(_arg(text) for text in value.texts)}]"
    return f'"{value}"' if isinstance(value, str) else repr(value)

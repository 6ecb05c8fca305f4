"""What passes may know besides the graph, and how a template is rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.graph import Graph, Node, topological

Key: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """The columns of the film (first axis: frames) and the frames of each template."""

    columns: Mapping[str, NDArray[Any]]
    frames: Mapping[Key, tuple[int, ...]]

    def values(self, column: str, key: Key) -> NDArray[Any]:
        """What a column holds at the frames of one template; empty for an unknown one."""
        found = self.columns.get(column)
        return np.empty(0) if found is None else found[list(self.frames.get(key, ()))]


Pass: TypeAlias = Callable[[Graph, Facts], Graph]
"""A pass: total, pure, leaves a valid graph."""

Rebuild: TypeAlias = Callable[[Node, tuple[Node, ...], Key], Node]


def rebuilt(graph: Graph, rebuild: Rebuild) -> Graph:
    """The graph with every node made anew from its rebuilt inputs."""
    templates: dict[Key, Mapping[str, Node]] = {}
    for key, results in graph.templates.items():
        done: dict[int, Node] = {}
        for node in topological(results):
            done[id(node)] = rebuild(node, tuple(done[id(i)] for i in node.inputs), key)
        templates[key] = {name: done[id(node)] for name, node in results.items()}
    return Graph(templates)

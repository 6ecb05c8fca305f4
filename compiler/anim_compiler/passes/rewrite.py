"""What passes may know besides the graph, and how a template is rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.graph import Graph, Key, Node, Template, topological

if TYPE_CHECKING:
    from anim_compiler.frames import Frames
    from anim_compiler.lower import Scene


@dataclass(frozen=True, slots=True)
class Facts:
    """The film's size in px, its rate, how each row is made (`how`: kinds, before, after, scenes) and its
    scenes, in order.
    """

    width: int
    height: int
    fps: float
    how: Frames
    scenes: Sequence[Scene]


Pass: TypeAlias = Callable[[Graph, Facts], Graph]
"""A pass: total, pure, leaves a valid graph."""

Rebuild: TypeAlias = Callable[[Node, tuple[Node, ...], Key], Node]


def rebuilt(graph: Graph, rebuild: Rebuild, *, alike: bool = False) -> Graph:
    """The graph with every node made anew from its rebuilt inputs; if it becomes `alike` in all templates
    that it stands in, only once.
    """
    templates: dict[Key, Template] = {}
    done: dict[int, Node] = {}
    for key, template in graph.templates.items():
        done = done if alike else {}
        for node in topological(template.results):
            if id(node) not in done:
                done[id(node)] = rebuild(node, tuple(done[id(i)] for i in node.inputs), key)
        results: Mapping[str, Node] = {name: done[id(node)] for name, node in template.results.items()}
        templates[key] = replace(template, results=results, order=(), releases=())
    return replace(graph, templates=templates)


def rows_of(template: Template) -> slice | NDArray[np.int64]:
    """The rows of a template as an index of columns: a slice, which copies nothing, if they stand evenly."""
    return _index(template.frames)


@lru_cache(maxsize=64)
def _index(rows: tuple[int, ...]) -> slice | NDArray[np.int64]:
    """The same for rows: every pass asks it of the same ones."""
    frames = np.array(rows, dtype=np.int64)
    frames.flags.writeable = False
    if frames.size == 0:
        return frames
    step = int(frames[1] - frames[0]) if frames.size > 1 else 1
    last = int(frames[0]) + (frames.size - 1) * step
    even = step > 0 and int(frames[-1]) == last and bool((np.diff(frames) == step).all())
    return slice(int(frames[0]), last + 1, step) if even else frames


def needed(nodes: Sequence[Node], result: Node | None, given: Node | None) -> tuple[Node, ...]:
    """Those of `nodes` that a result is made from, itself among them, without the node that is given and what
    stands behind it; none if the result is the given one.
    """
    found: set[int] = set()
    stack = [] if result is None else [result]
    while stack:
        node = stack.pop()
        if id(node) not in found and node is not given:
            found.add(id(node))
            stack.extend(node.inputs)
    return tuple(node for node in nodes if id(node) in found)

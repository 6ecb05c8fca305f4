"""`prune`: templates that no frame uses go, and so do the columns that nothing reads."""

from __future__ import annotations

from collections.abc import Iterable

from anim_compiler.graph import Choice, Column, Graph, topological
from anim_compiler.passes.rewrite import Facts


def prune(graph: Graph, facts: Facts) -> Graph:
    """Keeps the templates that some frame is made by; nodes that no result needs go with them.

    Before, in a film with `cadence = 1`:
    ```
    scene 0, diffused: …
    scene 0, first: …
    scene 0, tween: …
    ```
    After:
    ```
    scene 0, diffused: …
    scene 0, first: …
    ```
    """
    return Graph({key: results for key, results in graph.templates.items() if facts.frames.get(key)})


def columns_read(graph: Graph) -> frozenset[str]:
    """The names of the columns that some node reads."""
    return frozenset(_columns(graph))


def _columns(graph: Graph) -> Iterable[str]:
    for results in graph.templates.values():
        for node in topological(results):
            yield from (value.name for _, value in node.args if isinstance(value, Column | Choice))

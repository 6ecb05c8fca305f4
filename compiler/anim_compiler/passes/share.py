"""`share`: equal nodes become one node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anim_compiler.graph import Column, Graph, Interner, Node, Template, topological
from anim_compiler.passes.rewrite import Facts, needed, rows_of


def share(graph: Graph, facts: Facts) -> Graph:
    """Interns all nodes again, so that what is equal is one object and done once; columns that hold the same
    at all rows of a template count as equal.

    Noise and samplers count by the frame and their seed: two equal `generate` give one picture. What stands
    beside the carry does not become it: a carry is shown as stored.

    Before, both columns being `1 + 0.2 * bass`:
    ```
    %0 = previous
    %1 = contrast %0 amount=[pipeline.bright.amount]
    %2 = contrast %0 amount=[pipeline.hard.amount]
    %3 = composite %1 %2 mode="screen" opacity=0.5
    ```
    After:
    ```
    %0 = previous
    %1 = contrast %0 amount=[pipeline.bright.amount]
    %2 = composite %1 %1 mode="screen" opacity=0.5
    ```
    """
    nodes = Interner()
    return replace(graph, templates={k: _shared(graph, t, nodes) for k, t in graph.templates.items()})


def _shared(graph: Graph, template: Template, nodes: Interner) -> Template:
    done = _interned(template, nodes, {})
    names = _alike(graph, template)
    if names:
        fewer = _interned(template, nodes, names)
        if _count(fewer) < _count(done) and not _mixes_up(template, fewer):
            done = fewer
    results = {name: done[id(node)] for name, node in template.results.items()}
    return replace(template, results=results, order=(), releases=())


def _interned(template: Template, nodes: Interner, names: Mapping[str, str]) -> dict[int, Node]:
    """Every node anew, by what it was; columns by the names that stand for them."""
    done: dict[int, Node] = {}
    for node in topological(template.results):
        args = {
            name: Column(names.get(value.name, value.name)) if isinstance(value, Column) else value
            for name, value in node.args
        }
        done[id(node)] = nodes.node(node.op, tuple(done[id(i)] for i in node.inputs), args, node.rate)
    return done


def _count(done: Mapping[int, Node]) -> int:
    return len({id(node) for node in done.values()})


def _alike(graph: Graph, template: Template) -> Mapping[str, str]:
    """The columns that hold what another does at the template's rows, with that one's name; looked for only
    among those that stand in one argument of one op.
    """
    slots: dict[tuple[str, str], set[str]] = {}
    for node in topological(template.results):
        for arg, value in node.args:
            if isinstance(value, Column) and value.name in graph.columns:
                slots.setdefault((node.op, arg), set()).add(value.name)
    rows, found = rows_of(template), dict[str, str]()
    for names in slots.values():
        known: list[str] = []
        for name in sorted(names):
            values = graph.columns[name][rows]
            same = (k for k in known if np.array_equal(graph.columns[k][rows], values))
            first = next(same, None)
            if first is None:
                known.append(name)
            else:
                found[name] = first
    return found


def _mixes_up(template: Template, done: Mapping[int, Node]) -> bool:
    """Whether something that `frame` is made of, and that is not made of the carry, became the carry."""
    carry, frame = (template.results.get(name) for name in ("carry", "frame"))
    if carry is None:
        return False
    beside = needed(topological(template.results), frame, carry)
    return any(done[id(node)] is done[id(carry)] for node in beside)

"""`prune`: what no frame needs goes: templates without rows, nodes, columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from anim_compiler.graph import Arg, Choice, Column, Graph, Product, Template
from anim_compiler.passes.rewrite import Facts

_RESULTS = ("carry", "frame")

EXPECTED = "expect."
"""What the columns of an `expect` begin with, which no node reads."""

TRACKS = ("prompt", "negative")
"""What the model is told, by the argument of an op that names the columns, and how these begin otherwise."""


def prune(graph: Graph, facts: Facts) -> Graph:
    """Keeps the templates that some frame is made by, of their results `carry` and `frame`, and the columns
    that are read, those of conditionings among them; nodes that no result needs go with them.

    Before, in a film with `cadence = 1`, columns `coherence.noise`, `diffuse.seed`, `tween.mix`:
    ```
    scene 0, first: …
    scene 0, diffused: … seed=[diffuse.seed] …
    scene 0, tween: … weight=[tween.mix] …
    ```
    After, columns `diffuse.seed`:
    ```
    scene 0, first: …
    scene 0, diffused: … seed=[diffuse.seed] …
    ```
    """
    kept = {key: _narrowed(template) for key, template in graph.templates.items() if template.frames}
    found = Graph(kept, graph.columns)
    read = columns_read(found)
    spoken = tuple(f"{track}." for track in tracks_read(found))
    columns = {
        name: column
        for name, column in graph.columns.items()
        if name in read or name.startswith((*spoken, EXPECTED))
    }
    return Graph(kept, columns)


def _narrowed(template: Template) -> Template:
    results = {name: node for name, node in template.results.items() if name in _RESULTS}
    if len(results) == len(template.results):
        return template
    return replace(template, results=results, order=(), releases=())


def columns_read(graph: Graph) -> frozenset[str]:
    """The names of the columns that some node reads."""
    args = (
        value for template in graph.templates.values() for node in template.nodes for _, value in node.args
    )
    return frozenset(name for value in args for name in columns_of(value))


def tracks_read(graph: Graph) -> frozenset[str]:
    """The tracks of conditionings that nodes speak of, and the film's own, whose numbers all may insert."""
    nodes = (node for template in graph.templates.values() for node in template.nodes)
    args = (arg for node in nodes for arg in node.args)
    return frozenset({*TRACKS, *(str(value) for name, value in args if name in TRACKS and value)})


def columns_of(value: Arg) -> Iterator[str]:
    """The names of the columns that an argument reads."""
    match value:
        case Column(name) | Choice(name):
            yield name
        case Product(names):
            yield from names
        case _:
            pass

"""The films of `graphs/`, and their graphs as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.compiler.film_texts import film_of

from anim_compiler.compile import CompileOptions, staged
from anim_compiler.graph import Graph
from anim_compiler.passes import PLAIN, Pass
from anim_compiler.text import graph_text
from anim_compiler.world import World

FILMS = sorted(Path(__file__).with_name("graphs").glob("*.anim"))
"""Every film of the goldens."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A film's graph at every stage."""

    graphs: tuple[tuple[str, Graph], ...]

    @property
    def lowered(self) -> Graph:
        """Before any pass."""
        return self.graphs[0][1]

    @property
    def expanded(self) -> Graph:
        """In kernel ops."""
        return dict(self.graphs)["expand"]

    @property
    def last(self) -> Graph:
        """After every pass."""
        return self.graphs[-1][1]


def seen(text: str, home: Path, passes: Sequence[Pass] = PLAIN, **options: object) -> Seen:
    """A film's graphs; `options` are those of `CompileOptions`."""
    chosen = CompileOptions(**options)  # type: ignore[arg-type]
    made = staged(film_of(text, home), World(home, home), chosen, passes)
    assert made.graphs, [d.message for d in made.diagnostics]
    return Seen(made.graphs)


def graph_of(text: str, home: Path) -> Graph:
    """A film's graph before any pass."""
    return seen(text, home).lowered


def staged_text(text: str, home: Path) -> str:
    """The golden of a film: its graph as lowered, expanded, and with tweens."""
    parts = []
    for name, graph in seen(text, home).graphs:
        if name == "lower":
            # both templates of a scene hold the same results
            rest = {key: t for key, t in graph.templates.items() if key[1] == "diffused"}
            graph = Graph(rest, graph.columns)
        parts.append(f"=== {name}\n{graph_text(graph)}")
    return "\n".join(parts)

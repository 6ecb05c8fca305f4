"""A graph as text, and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.graph_films import seen
from tests.compiler.random_pipelines import film
from tests.compiler.sound_graphs import FILMS, sound_graphs, stages
from tests.compiler.statement_files import stage

from anim_compiler.graph import Choice, Column, Graph, Interner, Node, Product, Rate, Template
from anim_compiler.graph_read import GraphTextError, read_graph
from anim_compiler.passes import PASSES
from anim_compiler.text import graph_text
from anim_compiler.verify import verify

TEXT = """\
scene 0 "night", first: frame 0, free
  %0 = generate cfg_scale=5.0 sampler=[diffuse.sampler: "Euler", "DDIM"] seed=7 steps=8
  carry = %0
  frame = %0

scene 0 "night", diffused: frames 1-9/2,10, chained, placed
  %0 = previous
  %1 = warp2d %0 border="reflect" move=[camera.from_previous * pipeline.turn.move]
  %2 = still name="photo" @film
  %3 = masked %1 %2 %2  # frees %1 %2
  %4 = follow %3 %0 active=off factor=-0.5 lut=none  # frees %0
  carry = %3
  frame = %4

scene 0 "night", fresh: frames 2-8/2, free by 8
  %0 = generate cfg_scale=5.0 sampler="Euler" seed=[diffuse.seed] steps=8
  carry = %0
  frame = %0

scene 1 "day", diffused:
  %0 = first @scene
  carry = %0
  frame = %0
"""


def same(first: Graph, second: Graph) -> bool:
    """Whether two graphs have the same templates; their nodes are compared interned."""
    nodes = Interner()

    def anew(node: Node) -> Node:
        return nodes.node(node.op, map(anew, node.inputs), dict(node.args), node.rate)

    def parts(graph: Graph) -> object:
        return {
            key: (
                {name: id(anew(node)) for name, node in template.results.items()},
                template.frames,
                template.batch,
                [id(anew(node)) for node in template.order],
                template.releases,
            )
            for key, template in graph.templates.items()
        }

    return parts(first) == parts(second)


def test_the_whole_notation() -> None:
    graph = read_graph(TEXT)
    assert graph_text(graph, ("night", "day"), places=True) == TEXT
    first = graph.templates[0, "first"].results["carry"]
    assert first.arg("sampler") == Choice("diffuse.sampler", ("Euler", "DDIM"))
    assert (first.arg("steps"), type(first.arg("steps"))) == (8, int)
    diffused = graph.templates[0, "diffused"]
    assert diffused.frames == (1, 3, 5, 7, 9, 10)
    assert diffused.order[1].arg("move") == Product(("camera.from_previous", "pipeline.turn.move"))
    assert diffused.order[2].rate is Rate.FILM
    assert diffused.releases == ((), (), (), (1, 2), (0,))
    assert [diffused.order[4].arg(name) for name in ("active", "factor", "lut")] == [False, -0.5, None]
    assert graph.templates[0, "fresh"].batch == 8
    assert graph.templates[0, "fresh"].results["carry"].arg("seed") == Column("diffuse.seed")


def test_places_are_told_only_if_asked_for() -> None:
    plain = graph_text(read_graph(TEXT))
    assert not any(word in plain for word in ("frees", "placed", "night"))
    assert read_graph(plain).templates[0, "diffused"].order == ()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sound_graphs())
def test_any_graph_is_read_back(graph: Graph) -> None:
    assert same(read_graph(graph_text(graph)), graph)


@pytest.mark.parametrize("name", FILMS)
def test_films_are_read_back_after_every_pass(name: str) -> None:
    for step, graph in stages(name):
        assert same(read_graph(graph_text(graph, ("a", "b"), places=True)), graph), step


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


@pytest.mark.parametrize("seed", range(100, 160))
def test_pipelines_by_chance_are_sound_and_read_back(seed: int, home: Path) -> None:
    text = film(seed)
    for step, graph in seen(text, home, PASSES).graphs:
        assert verify(graph, "film" if step == "lower" else "kernel") == (), (step, text)
        assert same(read_graph(graph_text(graph, places=True)), graph), (step, text)


def test_numbers_come_back_as_they_were() -> None:
    nodes = Interner()
    for value in (1, 1.0, -0.1, 1e-300, 123456789.123456789, 2**60, True, None, ""):
        node = nodes.node("contrast", (nodes.node("previous"),), {"amount": value})
        graph = Graph({(0, "diffused"): Template({"carry": node, "frame": node})})
        found = read_graph(graph_text(graph)).templates[0, "diffused"].results["carry"].arg("amount")
        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("  %0 = previous\n", 1, "before the first heading"),
        ("scene 0 diffused:\n", 1, "a heading is written"),
        ("scene 0, diffused: frames 3-1\n", 1, "does not go upwards"),
        ("scene 0, diffused: often\n", 1, "`often` says nothing about frames"),
        ("scene 0, diffused:\n", 1, "it has no results"),
        ("scene 0, diffused:\n  %1 = previous\n", 2, "the next node is %0"),
        ("scene 0, diffused:\n  %0 = mix %1 weight=1\n", 2, "%1 is not made above"),
        ("scene 0, diffused:\n  %0 = previous rate=1 op=2\n", 2, "`op` is not in its place"),
        ("scene 0, diffused:\n  %0 = previous op=1 %2\n", 2, "`%2` is no input, argument or rate"),
        ("scene 0, diffused:\n  %0 = previous op=many\n", 2, "`many` is no value"),
        ("scene 0, diffused:\n  %0 = previous op=[]\n", 2, "names no column"),
        ("scene 0, diffused:\n  %0 = previous @year\n", 2, "there is no rate `year`"),
        ("scene 0, diffused:\n  %0 = previous  # frees %0\n", 2, "only a template that says `placed`"),
        ("scene 0, diffused:\n  %0 = previous\n  carry = %0\n  carry = %0\n", 4, "`carry` is there already"),
        ("scene 0, diffused:\n  %0 = previous\n  carry = %0\n  %1 = next\n", 4, "nodes stand before results"),
        ("scene 0, diffused:\n%0 = previous\n", 2, "neither"),
        ("scene 0, tween:\n  %0 = next\n  carry = %0\nscene 0, tween:\n", 4, "stands there already"),
    ],
)
def test_what_is_no_graph_is_said_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(GraphTextError) as caught:
        read_graph(text)
    assert caught.value.line == line
    assert says in str(caught.value)

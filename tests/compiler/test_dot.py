"""A graph for Graphviz."""

from __future__ import annotations

import re

import pytest
from tests.compiler.sound_graphs import FILMS, stages

from anim_compiler.dot import MOST_ARGS, dot_text, label
from anim_compiler.graph import Column, Interner, Rate
from anim_compiler.graph_read import read_graph


def test_a_small_graph() -> None:
    graph = read_graph(
        "scene 0, diffused: frames 1-3, chained\n"
        "  %0 = previous\n"
        "  %1 = contrast %0 amount=[coherence.contrast]\n"
        "  carry = %1\n"
        "  frame = %1\n"
    )
    text = dot_text(graph, ('the "night"',))
    assert 'label="scene 0 \\"the \\\\\\"night\\\\\\"\\", diffused: frames 1-3, chained"' in text
    assert 's0_diffused_1 [label="contrast\\namount [coherence.contrast]", fillcolor="#e4efd0"]' in text
    assert "s0_diffused_0 -> s0_diffused_1\n" in text
    assert "s0_diffused_carry -> s0_diffused_0 [style=dashed" in text


@pytest.mark.parametrize("name", FILMS)
def test_every_arrow_joins_boxes_that_are_there(name: str) -> None:
    for _, graph in stages(name):
        text = dot_text(graph)
        boxes = set(re.findall(r"^    (\w+) \[label", text, re.MULTILINE))
        ends = set(re.findall(r"(\w+) -> (\w+)", text))
        assert boxes
        assert {end for ends_of_one in ends for end in ends_of_one} <= boxes
        assert text.count("{") == text.count("}")


def test_a_scene_that_goes_on_starts_from_the_one_before() -> None:
    (_, graph) = stages("scenes")[-1]
    assert re.search(r"s2_\w+_carry -> s3_first_\d+ \[style=dashed", dot_text(graph))


def test_labels_are_short() -> None:
    nodes = Interner()
    args = {f"{letter}": 1.0 for letter in "abcdefgh"}
    many = nodes.node("grade", (nodes.node("previous"),), args)
    assert len(label(many)) == 1 + MOST_ARGS
    assert label(many)[-1] == "… 4 more"
    still = nodes.node("still", (), {"name": "x" * 99, "column": Column("a.b")}, Rate.FILM)
    assert label(still)[:2] == ("still · once a film", "column [a.b]")
    assert len(label(still)[2]) < 40

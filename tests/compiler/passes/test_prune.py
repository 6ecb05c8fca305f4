"""`prune` on graphs as text."""

from __future__ import annotations

from dataclasses import replace

from tests.compiler.passes.graphs import after, facts, graph, same

from anim_compiler.graph import Template
from anim_compiler.passes import prune
from anim_compiler.passes.prune import columns_read

TEXT = """
scene 0, first: frame 0
  %0 = init name="photo"
  carry = %0
  frame = %0

scene 0, diffused: frames 1-3, chained
  %0 = previous
  %1 = mix %0 %0 weight=[coherence.blend]
  carry = %1
  frame = %1
"""
EMPTY = """
scene 0, tween: chained
  %0 = previous
  %1 = mix %0 %0 weight=[tween.mix]
  carry = %1
  frame = %1
"""
COLUMNS = {"coherence.blend": 0.5, "tween.mix": 0.5, "unread": 1.0, "prompt.mix": 0.0}


def test_templates_without_frames_go() -> None:
    assert after(prune, TEXT + EMPTY, COLUMNS) == same(TEXT)


def test_columns_that_nobody_reads_go() -> None:
    done = prune(graph(TEXT + EMPTY, COLUMNS), facts())
    assert set(done.columns) == {"coherence.blend", "prompt.mix"}
    assert columns_read(done) == {"coherence.blend"}


def test_results_that_nothing_asks_for_go() -> None:
    known = graph(TEXT, COLUMNS)
    template = known.templates[0, "diffused"]
    more = replace(template, results={**template.results, "depth": template.results["carry"]})
    done = prune(replace(known, templates={(0, "diffused"): more}), facts())
    assert set(done.templates[0, "diffused"].results) == {"carry", "frame"}


def test_products_and_choices_are_read() -> None:
    text = """
    scene 0, first: frame 0
      %0 = generate cfg_scale=[a] sampler=[b: "Euler", "DDIM"] seed=1 steps=8
      %1 = warp2d %0 border="wrap" move=[c * d]
      carry = %1
      frame = %1
    """
    assert columns_read(graph(text)) == {"a", "b", "c", "d"}


def test_a_film_of_nothing_stays_nothing() -> None:
    known = replace(graph(TEXT), templates={(0, "first"): Template({}, ())})
    assert prune(known, facts()).templates == {}

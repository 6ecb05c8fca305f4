"""`batch` on graphs as text."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from tests.compiler.passes.graphs import SAMPLING, after, facts, graph, moves, same

from anim_compiler.film import Curve
from anim_compiler.passes import batch
from anim_compiler.text import graph_text
from anim_compiler.typed import Const
from anim_dsl.source import Span

CHAIN = f"""
scene 0, diffused: frames 1-9, chained
  %0 = previous
  %1 = warp2d %0 border="wrap" move=[camera.from_previous]
  %2 = diffuse %1 {SAMPLING} strength=[diffuse.strength]
  %3 = mix %2 %1 weight=[coherence.blend]
  carry = %3
  frame = %3
"""
KNOWN = {
    "camera.from_previous": moves(*range(10)),
    "diffuse.seed": np.arange(10),
    "diffuse.steps": np.arange(10) + 10,
    "diffuse.strength": np.where(np.arange(10) % 4 == 0, 1.0, np.linspace(0.4, 0.5, 10)),
    "coherence.blend": np.where(np.arange(10) == 5, 0.2, 0.0),
}


def scenes(said: float) -> list[SimpleNamespace]:
    """A scene whose shot says how many frames may be sampled at once."""
    curve = Curve(Const(said, Span(0, 0)), live=False)
    return [SimpleNamespace(shot=SimpleNamespace(numbers={"diffuse.batch": curve}))]


def test_rows_from_noise_alone_wait_for_nothing() -> None:
    assert after(batch, CHAIN, KNOWN) == same(
        f"""
        scene 0, diffused: frames 1-3,5-7,9, chained
          %0 = previous
          %1 = warp2d %0 border="wrap" move=[camera.from_previous]
          %2 = diffuse %1 {SAMPLING} strength=[diffuse.strength]
          %3 = mix %2 %1 weight=[coherence.blend]
          carry = %3
          frame = %3

        scene 0, fresh: frames 4,8, free
          %0 = generate {SAMPLING}
          carry = %0
          frame = %0
        """
    )


def test_what_is_blended_in_is_waited_for() -> None:
    blended = {**KNOWN, "coherence.blend": 0.1}
    assert after(batch, CHAIN, blended) == same(CHAIN)


def test_both_parts_are_folded_over_their_rows() -> None:
    known = {**KNOWN, "diffuse.strength": [1.0, 0.4, 0.4, 0.4, 1.0, 0.4, 0.4, 0.4, 1.0, 0.4]}
    known["coherence.blend"] = np.where(np.arange(10) == 4, 0.0, 0.5)
    done = after(batch, CHAIN, known)
    assert "frames 1-3,5-9, chained" in done
    assert "weight=0.5" in done
    assert "scene 0, fresh: frame 4, free" in done


def test_everything_fresh_leaves_nothing_chained() -> None:
    known = {**KNOWN, "diffuse.strength": 1.0, "coherence.blend": 0.0}
    assert "diffused" not in after(batch, CHAIN, known)


def test_a_template_without_neighbours_is_free() -> None:
    text = f"""
    scene 0, diffused: frames 1-9
      %0 = clip at=0.5 fit="cover" name="clip"
      %1 = first @scene
      %2 = color_stats %1 space="lab" @scene
      %3 = match_stats %0 %2 space="lab"
      %4 = diffuse %3 {SAMPLING} strength=0.5
      carry = %4
      frame = %4
    """
    assert after(batch, text, KNOWN) == same(text.replace("frames 1-9", "frames 1-9, free"))


def test_what_is_shown_may_read_a_neighbour() -> None:
    text = f"""
    scene 0, diffused: frames 1-9
      %0 = generate {SAMPLING}
      %1 = previous
      %2 = mix %0 %1 weight=0.5
      carry = %0
      frame = %2
    """
    assert after(batch, text, KNOWN) == same(text.replace("frames 1-9", "frames 1-9, free"))


@pytest.mark.parametrize(("said", "heading"), [(4.0, "8, free by 4"), (1.0, "8\n"), (64.0, "free by 64\n")])
def test_the_film_says_how_many(said: float, heading: str) -> None:
    assert f"{heading}" in after(batch, CHAIN, KNOWN, scenes=scenes(said))  # type: ignore[arg-type]


def test_rows_that_cannot_stand_in_one_template() -> None:
    """Rows that are fresh in several ways come together only if one template makes them all."""
    text = f"""
    scene 0, diffused: frames 1-4, chained
      %0 = previous
      %1 = diffuse %0 {SAMPLING} strength=[one]
      %2 = diffuse %0 {SAMPLING} strength=[two]
      %3 = mix %1 %2 weight=[weight]
      carry = %3
      frame = %3
    """
    known = {
        "diffuse.seed": np.arange(5),
        "diffuse.steps": 8,
        "one": [0.5, 1.0, 1.0, 0.5, 0.5],
        "two": [0.5, 0.5, 0.5, 1.0, 0.6],
        "weight": [0.0, 0.0, 0.0, 1.0, 0.5],
    }
    done = after(batch, text, known)
    assert "scene 0, diffused: frames 3-4, chained" in done
    assert "scene 0, fresh: frames 1-2, free" in done


def test_twice_is_once() -> None:
    once = batch(graph(CHAIN, KNOWN), facts())
    assert graph_text(batch(once, facts())) == graph_text(once)

"""`hoist` on graphs as text."""

from __future__ import annotations

from tests.compiler.passes.graphs import after, facts, graph, same

from anim_compiler.passes import hoist
from anim_compiler.text import graph_text


def test_the_colours_of_the_first_frame_are_counted_once() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = first
      %2 = match_color %0 %1 method="histogram" space="lab"
      carry = %2
      frame = %2
    """
    assert after(hoist, text) == same(
        """
        scene 0, diffused: frames 1-3, chained
          %0 = previous
          %1 = first @scene
          %2 = color_stats %1 method="histogram" space="lab" @scene
          %3 = match_stats %0 %2 method="histogram" space="lab"
          carry = %3
          frame = %3
        """
    )


def test_colours_of_what_changes_are_counted_for_every_frame() -> None:
    text = """
    scene 0, tween: frames 1-3
      %0 = previous
      %1 = next
      %2 = match_color %0 %1 space="lab"
      carry = %2
      frame = %2
    """
    assert after(hoist, text) == same(text)


def test_no_statistics_in_no_space() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = first @scene
      %2 = match_color %0 %1 space="none"
      carry = %2
      frame = %2
    """
    assert after(hoist, text) == same(text)


def test_the_depth_of_a_still_is_found_once_a_film() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = still name="photo"
      %2 = blur %1 radius=4.0
      %3 = depth %2 method="estimated"
      %4 = warp3d %0 %3 border="wrap" move=[camera.from_previous]
      carry = %4
      frame = %4
    """
    done = after(hoist, text)
    assert '%1 = still name="photo" @film' in done
    assert '%3 = depth %2 method="estimated" @film' in done
    assert "move=[camera.from_previous]\n" in done


def test_an_argument_that_changes_is_worked_out_for_every_frame() -> None:
    text = """
    scene 0, first: frame 0
      %0 = still name="photo" @film
      %1 = blur %0 radius=[pipeline.soft.radius]
      carry = %1
      frame = %1
    """
    assert after(hoist, text) == same(text)


def test_grain_is_another_on_every_frame_even_as_a_step() -> None:
    text = """
    scene 0, first: frame 0
      %0 = still name="photo" @film
      %1 = pointwise %0 0.amount=0.2 0.seed=0 1.amount=1.2 steps="grain contrast"
      %2 = pointwise %0 0.amount=0.2 1.amount=1.2 steps="vignette contrast" @film
      %3 = mix %1 %2 weight=0.5
      carry = %3
      frame = %3
    """
    assert after(hoist, text) == same(text)
    assert graph_text(hoist(hoist(graph(text), facts()), facts())) == same(text)

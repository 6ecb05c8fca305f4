"""`fuse` on graphs as text."""

from __future__ import annotations

import pytest
from tests.compiler.passes.graphs import after, facts, graph, moves, same

from anim_compiler.passes import fuse
from anim_compiler.text import graph_text

COLUMNS = {"one": moves(0, 1, 2, 3), "two": moves(0, 3, 2, 1), "three": moves(0, 1, 1, 1)}

WARPS = """
scene 0, diffused: frames 1-3, chained
  %0 = previous
  %1 = warp2d %0 border="wrap" move=[one]
  %2 = warp2d %1 border="wrap" move=[two]
  %3 = warp2d %2 border="wrap" move=[three]
  carry = %3
  frame = %3
"""


def test_warps_in_a_row_become_one() -> None:
    assert after(fuse, WARPS, COLUMNS) == same(
        """
        scene 0, diffused: frames 1-3, chained
          %0 = previous
          %1 = warp2d %0 border="wrap" move=[one * two * three]
          carry = %1
          frame = %1
        """
    )


def test_another_border_is_another_warp() -> None:
    text = WARPS.replace('%1 border="wrap"', '%1 border="black"')
    assert after(fuse, text, COLUMNS) == same(text)


def test_what_is_read_twice_is_left_between() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = warp2d %0 border="wrap" move=[one]
      %2 = warp2d %1 border="wrap" move=[two]
      %3 = mix %1 %2 weight=0.5
      carry = %3
      frame = %3
    """
    assert after(fuse, text, COLUMNS) == same(text)


def test_a_result_is_left_between() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = contrast %0 amount=1.1
      %2 = dip %1 amount=0.5 color="black"
      carry = %1
      frame = %2
    """
    assert after(fuse, text) == same(text)


def test_colours_become_one() -> None:
    text = """
    scene 0, first: frame 0
      %0 = init name="photo"
      %1 = contrast %0 amount=1.1
      %2 = vignette %1 amount=[grade.vignette]
      %3 = grain %2 amount=0.2 seed=0
      %4 = dip %3 amount=[transition.rise] color="black"
      carry = %0
      frame = %4
    """
    args = "0.amount=1.1 1.amount=[grade.vignette] 2.amount=0.2 2.seed=0 3.amount=[transition.rise]"
    assert after(fuse, text, {"grade.vignette": [0.2], "transition.rise": [0.1]}) == same(
        f"""
        scene 0, first: frame 0
          %0 = init name="photo"
          %1 = pointwise %0 {args} 3.color="black" steps="contrast vignette grain dip"
          carry = %0
          frame = %1
        """
    )


def test_a_chain_grows_where_it_is_one_already() -> None:
    text = """
    scene 0, first: frame 0
      %0 = init name="photo"
      %1 = pointwise %0 0.amount=1.1 1.amount=0.2 steps="contrast vignette"
      %2 = contrast %1 amount=0.9
      carry = %2
      frame = %2
    """
    assert '0.amount=1.1 1.amount=0.2 2.amount=0.9 steps="contrast vignette contrast"' in after(fuse, text)


def test_what_is_done_once_is_not_done_for_every_frame() -> None:
    text = """
    scene 0, first: frame 0
      %0 = init name="photo" @film
      %1 = contrast %0 amount=1.1 @film
      %2 = contrast %1 amount=[grade.contrast]
      carry = %2
      frame = %2
    """
    assert after(fuse, text, {"grade.contrast": [1.2]}) == same(text)


def test_masks_are_not_recoloured_as_pictures() -> None:
    text = """
    scene 0, first: frame 0
      %0 = init name="photo"
      %1 = luma_mask %0 high=0.8 low=0.2
      %2 = contrast %1 amount=1.1
      %3 = contrast %2 amount=1.1
      carry = %3
      frame = %3
    """
    assert after(fuse, text) == same(text)


@pytest.mark.parametrize("text", [WARPS])
def test_twice_is_once(text: str) -> None:
    once = fuse(graph(text, COLUMNS), facts())
    assert graph_text(fuse(once, facts())) == graph_text(once)

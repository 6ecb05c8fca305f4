"""`fold` on graphs as text."""

from __future__ import annotations

import numpy as np
import pytest
from tests.compiler.passes.graphs import SAMPLING, after, facts, graph, moves, same

from anim_compiler.passes import fold
from anim_compiler.text import graph_text

NOISED = """
scene 0, diffused: frames 1-3, chained
  %0 = previous
  %1 = add_noise %0 amount=[coherence.noise] seed=[diffuse.seed]
  carry = %1
  frame = %1
"""
SEEDS = {"diffuse.seed": np.arange(4)}


def test_a_column_that_does_not_change_is_a_constant() -> None:
    assert after(fold, NOISED, {"coherence.noise": [0.5, 0.1, 0.1, 0.1], **SEEDS}) == same(
        """
        scene 0, diffused: frames 1-3, chained
          %0 = previous
          %1 = add_noise %0 amount=0.1 seed=[diffuse.seed]
          carry = %1
          frame = %1
        """
    )


def test_only_the_rows_of_the_template_count() -> None:
    known = {"coherence.noise": [0.1, 0.1, 0.1, 0.2], **SEEDS}
    assert after(fold, NOISED, known) == same(NOISED)


def test_what_does_nothing_vanishes() -> None:
    assert after(fold, NOISED, {"coherence.noise": [0.5, 0.0, 0.0, 0.0], **SEEDS}) == same(
        """
        scene 0, diffused: frames 1-3, chained
          %0 = previous
          carry = %0
          frame = %0
        """
    )


def test_what_does_something_on_one_frame_stays() -> None:
    assert after(fold, NOISED, {"coherence.noise": [0.0, 0.0, 0.0, 0.1], **SEEDS}) == same(NOISED)


def test_whole_numbers_stay_whole() -> None:
    text = f"""
    scene 0, diffused: frames 1-3
      %0 = generate {SAMPLING}
      carry = %0
      frame = %0
    """
    folded = fold(graph(text, {"diffuse.steps": 12, **SEEDS}), facts())
    value = folded.templates[0, "diffused"].results["carry"].arg("steps")
    assert (value, type(value)) == (12, int)


def test_a_choice_that_does_not_change_is_its_text() -> None:
    text = """
    scene 0, first: frame 0
      %0 = generate cfg_scale=5.0 sampler=[diffuse.sampler: "Euler", "DDIM"] seed=1 steps=8
      carry = %0
      frame = %0
    """
    assert 'sampler="DDIM"' in after(fold, text, {"diffuse.sampler": [1]})
    assert 'sampler="Euler"' in after(fold, text.replace(', "DDIM"', ""), {"diffuse.sampler": [0]})


@pytest.mark.parametrize(("steps", "strength"), [(8, 1.0), (0, 1.0), (8, 1.0 - 1e-12)])
def test_image_to_image_in_all_its_steps_is_generate(steps: int, strength: float) -> None:
    text = f"""
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = diffuse %0 {SAMPLING} strength=[diffuse.strength]
      carry = %1
      frame = %1
    """
    strengths = [0.3, strength, strength, strength]
    known = {"diffuse.steps": [1, steps, steps + 1, steps], "diffuse.strength": strengths, **SEEDS}
    assert after(fold, text, known) == same(
        f"""
        scene 0, diffused: frames 1-3
          %0 = generate {SAMPLING}
          carry = %0
          frame = %0
        """
    )
    strengths[2] = 0.8
    assert "diffuse %0" in after(fold, text, known)


def test_image_to_image_without_a_step_vanishes() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = diffuse %0 cfg_scale=5.0 sampler="Euler a" seed=3 steps=8 strength=0.1
      carry = %1
      frame = %1
    """
    assert "diffuse %0" not in after(fold, text)
    assert "diffuse %0" in after(fold, text.replace("0.1", "0.125"))


def test_moves_that_never_move_leave_their_product() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = warp2d %0 border="wrap" move=[one * two * three]
      carry = %1
      frame = %1
    """
    moving, still = moves(0, 1, 2, 3), moves(1, 0, 0, 0)
    assert "move=[one * two * three]" in after(fold, text, {"one": moving, "two": moving, "three": moving})
    assert "move=[one * three]" in after(fold, text, {"one": moving, "two": still, "three": moving})
    assert "move=[two]" in after(fold, text, {"one": still, "two": moving, "three": still})
    assert "warp2d" not in after(fold, text, {"one": still, "two": still, "three": still})


def test_a_picture_masked_with_itself_is_that_picture() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = add_noise %0 amount=[coherence.noise] seed=1
      %2 = luma_mask %0 high=0.8 low=0.2
      %3 = masked %0 %1 %2
      carry = %3
      frame = %3
    """
    assert after(fold, text, {"coherence.noise": 0.0}).count("%") == 3


def test_a_template_without_rows_is_left_alone() -> None:
    text = NOISED.replace(" frames 1-3, chained", " chained")
    assert "add_noise" in after(fold, text, {"coherence.noise": 0.0, "diffuse.seed": 1})


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_twice_is_once(noise: float) -> None:
    known = graph(NOISED, {"coherence.noise": noise, **SEEDS})
    once = fold(known, facts())
    assert graph_text(fold(once, facts())) == graph_text(once)


def test_what_stands_beside_the_carry_does_not_become_it() -> None:
    """A carry is shown as stored, at 16 bits; a picture beside it is shown as it was made."""
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = blur %0 radius=2.0
      %2 = mix %1 %0 weight=[coherence.blend]
      %3 = contrast %1 amount=1.1
      %4 = mix %2 %3 weight=0.5
      carry = %2
      frame = %4
    """
    assert after(fold, text, {"coherence.blend": 0.0}) == same(text)
    alone = text.replace("contrast %1", "contrast %2")
    assert "[coherence.blend]" not in after(fold, alone, {"coherence.blend": 0.0})


def test_equal_ways_to_the_carry_stay_two() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = contrast %0 amount=1.1
      %2 = mix %0 %1 weight=[coherence.blend]
      %3 = contrast %2 amount=1.1
      %4 = mix %1 %3 weight=0.5
      carry = %1
      frame = %4
    """
    assert after(fold, text, {"coherence.blend": 0.0}) == same(text)


def test_a_grade_that_does_nothing_shows_the_carry() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = blur %0 radius=2.0
      %2 = vignette %1 amount=[grade.vignette]
      carry = %1
      frame = %2
    """
    assert "frame = %1" in after(fold, text, {"grade.vignette": 0.0})

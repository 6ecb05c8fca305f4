"""The calls that a graph's templates make."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anim_compiler.graph import Graph
from anim_compiler.graph_read import read_graph
from anim_studio.estimate.work import Work, work_left

TEXT = """\
scene 0, first: frame 0, free
  %0 = generate cfg_scale=1.0 sampler="Euler" seed=1 steps=4
  carry = %0
  frame = %0

scene 0, diffused: frames 1-3, chained
  %0 = previous
  %1 = depth %0 method="estimated"
  %2 = warp3d %0 %1 border="wrap" move=[camera.from_previous]
  %3 = init name="photo" @film
  %4 = depth %3 method="estimated" @film
  %5 = depth_mask %4 high=1.0 low=0.0 @film
  %6 = diffuse %2 cfg_scale=[diffuse.cfg_scale] sampler="Euler" seed=1 steps=4 strength=[diffuse.strength]
  %7 = masked %6 %2 %5
  %8 = aberration %7 amount=[pipeline.frame.amount]
  carry = %7
  frame = %8
"""

SELF = (0, 1, 2, 3)


def graph() -> Graph:
    still = np.concatenate([np.eye(3).reshape(-1), [0, 0, 0, 1.4, 1.4]])
    moves = np.tile(still, (4, 1))
    moves[2:, 9] = 0.5
    columns = {
        "camera.from_previous": moves,
        "diffuse.cfg_scale": np.array([1.0, 1.0, 3.0, 3.0]),
        "diffuse.strength": np.array([0.5, 0.0, 0.5, 1.0]),
        "pipeline.frame.amount": np.array([0.0, 0.0, 0.5, 0.0]),
    }
    return replace(read_graph(TEXT), columns=columns)


def test_everything_is_counted_once() -> None:
    found = work_left(graph(), frozenset(range(4)), 4, SELF)
    assert found.total == Work(
        frames=4,
        first=1,
        diffused=3,
        # none at row 1, half at row 2, all of them from noise at row 3
        steps=4 + 0 + 2 + 4,
        passes=4 + 0 + 2 * 2 + 4 * 2,
        encodes=1,
        decodes=3,
        # one a row, and one of the still
        depths=3 + 1,
        # the camera stands still at row 1; what is shown has fringes at row 2
        resamples=2 + 1,
    )
    assert found.passes.tolist() == [4, 0, 4, 8]


def test_what_is_stored_costs_only_its_showing() -> None:
    found = work_left(graph(), frozenset(), 4, SELF)
    assert found.total == Work(frames=4, reused=4, resamples=1)
    some = work_left(graph(), frozenset({2}), 2, SELF)
    assert some.total == Work(
        frames=4, reused=3, diffused=1, steps=2, passes=4, encodes=1, decodes=1, depths=2, resamples=1
    )


def test_a_picture_that_is_drawn_to_be_shown_is_drawn_every_time() -> None:
    text = TEXT.replace(
        "aberration %7 amount=[pipeline.frame.amount]",
        'generate cfg_scale=1.0 sampler="Euler" seed=1 steps=4',
    )
    found = work_left(replace(read_graph(text), columns=graph().columns), frozenset(), 4, SELF)
    assert found.shown_steps == found.total.steps == 3 * 4


def test_a_picture_that_is_another_one_is_made_once() -> None:
    found = work_left(graph(), frozenset({2, 3}), 0, (0, 1, 2, 2))
    assert found.total == Work(
        frames=4,
        reused=2,
        alike=1,
        diffused=1,
        steps=2,
        passes=4,
        encodes=1,
        decodes=1,
        depths=2,
        resamples=1,
    )
    assert found.passes.tolist() == [0, 0, 4, 0]

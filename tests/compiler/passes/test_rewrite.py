"""What passes are written with."""

from __future__ import annotations

import numpy as np
import pytest
from tests.compiler.passes.graphs import graph

from anim_compiler.graph import Template, topological
from anim_compiler.passes.rewrite import needed, rebuilt, rows_of


@pytest.mark.parametrize(
    ("frames", "index"),
    [
        ((0, 1, 2, 3), slice(0, 4, 1)),
        ((5,), slice(5, 6, 1)),
        ((2, 5, 8), slice(2, 9, 3)),
        ((2, 5, 9), None),
        ((1, 2, 4, 5), None),
        ((), None),
    ],
)
def test_rows_that_stand_evenly_are_a_slice(frames: tuple[int, ...], index: slice | None) -> None:
    found = rows_of(Template({}, frames))
    assert isinstance(found, slice) == (index is not None)
    assert index is None or found == index
    assert np.arange(20)[found].tolist() == list(frames)


def test_what_a_result_is_made_from() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = blur %0 radius=2.0
      %2 = contrast %1 amount=1.1
      %3 = mix %2 %0 weight=0.5
      carry = %2
      frame = %3
    """
    results = graph(text).templates[0, "diffused"].results
    carry, frame = results["carry"], results["frame"]
    nodes = topological(results)
    assert [node.op for node in needed(nodes, frame, None)] == ["previous", "blur", "contrast", "mix"]
    assert [node.op for node in needed(nodes, frame, carry)] == ["previous", "mix"]
    assert needed(nodes, carry, carry) == ()
    assert needed(nodes, None, carry) == ()


def test_nodes_of_several_templates_are_made_once() -> None:
    text = """
    scene 0, diffused: frames 1-3
      %0 = still name="photo" @film
      carry = %0
      frame = %0

    scene 1, diffused: frames 5-7
      %0 = still name="photo" @film
      carry = %0
      frame = %0
    """
    known = graph(text)
    asked: list[tuple[int, str]] = []
    rebuilt(known, lambda node, inputs, key: asked.append(key) or node, alike=True)  # type: ignore[func-returns-value]
    assert len(asked) == 1
    rebuilt(known, lambda node, inputs, key: asked.append(key) or node)  # type: ignore[func-returns-value]
    assert len(asked) == 3

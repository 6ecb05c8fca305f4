"""Boxes and arrows in layers."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anim_studio.draw.layered import BETWEEN, Box, Layout, laid_out

TINY = 1e-6


@st.composite
def diagrams(draw: st.DrawFn) -> tuple[list[Box], list[tuple[int, int]]]:
    count = draw(st.integers(1, 12))
    sizes = st.builds(Box, st.sampled_from([20.0, 60.0, 140.0]), st.sampled_from([12.0, 40.0, 90.0]))
    boxes = [draw(sizes) for _ in range(count)]
    pairs = list(combinations(range(count), 2))
    edges = draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    return boxes, edges


def rectangles(boxes: list[Box], layout: Layout) -> list[tuple[float, float, float, float]]:
    return [(x, y, x + b.width, y + b.height) for (x, y), b in zip(layout.corners, boxes, strict=True)]


@given(diagrams())
def test_nothing_overlaps_and_all_fits(diagram: tuple[list[Box], list[tuple[int, int]]]) -> None:
    boxes, edges = diagram
    layout = laid_out(boxes, edges)
    found = rectangles(boxes, layout)
    for a, b in combinations(found, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert all(x0 > -1e-9 and y0 >= 0 for x0, y0, _, _ in found)
    assert all(x1 <= layout.width + 1e-9 and y1 <= layout.height + 1e-9 for _, _, x1, y1 in found)


@given(diagrams())
def test_arrows_go_down_from_box_to_box_and_past_the_others(
    diagram: tuple[list[Box], list[tuple[int, int]]],
) -> None:
    boxes, edges = diagram
    layout = laid_out(boxes, edges)
    found = rectangles(boxes, layout)
    assert {(arrow.start, arrow.end) for arrow in layout.arrows} == set(edges)
    for arrow in layout.arrows:
        start, end = found[arrow.start], found[arrow.end]
        assert arrow.points[0] == pytest.approx(((start[0] + start[2]) / 2, start[3]))
        assert arrow.points[-1] == pytest.approx(((end[0] + end[2]) / 2, end[1]))
        for (xa, ya), (xb, yb) in pairwise(arrow.points):
            assert yb >= ya
            for step in range(1, 20):
                x, y = xa + (xb - xa) * step / 20, ya + (yb - ya) * step / 20
                inside = [
                    b for b in found if b[0] < x - TINY < x + TINY < b[2] and b[1] + TINY < y < b[3] - TINY
                ]
                assert not inside


def test_what_comes_from_nothing_stands_right_above_its_user() -> None:
    boxes = [Box(10, 10)] * 4
    layout = laid_out(boxes, [(0, 1), (1, 3), (2, 3)])
    rows = [round(y / (10 + BETWEEN)) for _, y in layout.corners]
    assert rows == [0, 1, 1, 2]


def test_lines_do_not_cross_where_they_need_not() -> None:
    boxes = [Box(20, 10)] * 4
    layout = laid_out(boxes, [(0, 3), (1, 2)])
    x = [corner[0] for corner in layout.corners]
    assert (x[0] < x[1]) == (x[3] < x[2])


def test_nothing_is_laid_out_as_nothing() -> None:
    assert laid_out([], []) == Layout((), (), 0.0, 0.0)

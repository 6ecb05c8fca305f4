from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anim_studio.previewing.excerpts import Frames, excerpts

FPS = Fraction(10)


@pytest.mark.parametrize(
    ("scenes", "seconds", "found"),
    [
        # what fits is whole, in one piece
        ([(0, 80)], 8, [(0, 80)]),
        ([(0, 30), (30, 80)], 8, [(0, 80)]),
        # one long scene: pieces of two seconds, the last at its end
        ([(0, 600)], 8, [(0, 20), (193, 213), (386, 406), (580, 600)]),
        ([(0, 600)], 1, [(0, 10)]),
        ([(0, 600)], 3, [(0, 30)]),
        # several: their beginnings, and what a short one leaves goes to the others
        ([(0, 100), (100, 200)], 8, [(0, 40), (100, 140)]),
        ([(0, 10), (10, 200), (200, 400)], 8, [(0, 45), (200, 235)]),
        ([(0, 20), (20, 40), (40, 60)], 3, [(0, 15), (40, 55)]),
        # too many: some are left out, evenly
        ([(i * 100, i * 100 + 100) for i in range(9)], 4, [(0, 20), (800, 820)]),
    ],
)
def test_what_stands_for_a_film(scenes: list[Frames], seconds: float, found: list[Frames]) -> None:
    assert list(excerpts(scenes, FPS, seconds)) == found


@given(st.lists(st.integers(1, 300), min_size=1, max_size=12), st.floats(0.1, 60))
def test_it_is_never_longer_than_it_may_be_and_never_empty(lengths: list[int], seconds: float) -> None:
    scenes, at = [], 0
    for length in lengths:
        scenes.append((at, at + length))
        at += length
    found = excerpts(scenes, FPS, seconds)
    shown = sum(end - first for first, end in found)
    assert 1 <= shown <= max(1, seconds * 10)
    assert all(first < end <= at for first, end in found)
    assert all(a[1] < b[0] for a, b in pairwise(found))

"""Which frames are diffused, and from what tweens are made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anim_compiler.frames import frames


def test_cadence_counts_from_the_first_frame_and_ends_diffused() -> None:
    how = frames(8, [3.0] * 8)
    assert how.kinds == ("first", "tween", "tween", "diffused", "tween", "tween", "diffused", "diffused")
    assert how.before == (-1, 0, 0, 0, 3, 3, 3, 6)
    assert how.after == (-1, 3, 3, -1, 6, 6, -1, -1)


def test_prompt_keys_are_diffused_off_the_grid() -> None:
    assert frames(9, [4.0] * 9, [2]).diffused == (0, 2, 4, 8)


def test_one_frame() -> None:
    assert frames(1, [2.0]).kinds == ("first",)


@given(st.integers(1, 60), st.integers(1, 7), st.lists(st.integers(0, 80), max_size=4))
def test_every_tween_lies_between_two_diffused_frames(count: int, cadence: int, keys: list[int]) -> None:
    how = frames(count, [float(cadence)] * count, keys)
    for f, kind in enumerate(how.kinds):
        if kind == "tween":
            assert how.before[f] < f < how.after[f]
            assert how.kinds[how.after[f]] == "diffused"
        else:
            assert how.after[f] == -1
            assert how.before[f] == max((d for d in how.diffused if d < f), default=-1)

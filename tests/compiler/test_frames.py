"""Which frames are diffused, and from what tweens are made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anim_compiler.frames import Placed, chain, joined, part


def test_cadence_counts_from_the_first_frame_and_ends_diffused() -> None:
    how = chain(8, [3.0] * 8)
    assert how.kinds == ("first", "tween", "tween", "diffused", "tween", "tween", "diffused", "diffused")
    assert how.before == (-1, 0, 0, 0, 3, 3, 3, 6)
    assert how.after == (-1, 3, 3, -1, 6, 6, -1, -1)


def test_prompt_keys_are_diffused_off_the_grid() -> None:
    assert chain(9, [4.0] * 9, [2]).diffused == (0, 2, 4, 8)


def test_one_frame() -> None:
    assert chain(1, [2.0]).kinds == ("first",)


@given(st.integers(1, 60), st.integers(1, 7), st.lists(st.integers(0, 80), max_size=4))
def test_every_tween_lies_between_two_diffused_chain(count: int, cadence: int, keys: list[int]) -> None:
    how = chain(count, [float(cadence)] * count, keys)
    for f, kind in enumerate(how.kinds):
        if kind == "tween":
            assert how.before[f] < f < how.after[f]
            assert how.kinds[how.after[f]] == "diffused"
        else:
            assert how.after[f] == -1
            assert how.before[f] == max((d for d in how.diffused if d < f), default=-1)


def test_scenes_are_put_one_after_the_other() -> None:
    how = joined([Placed(chain(3, [1.0] * 3), 3), Placed(chain(3, [2.0] * 3), 3, goes_on=True)])
    assert how.scenes == ((0, 1, 2), (3, 4, 5))
    assert how.before == (-1, 0, 1, 2, 3, 3)
    assert how.after == (-1, -1, -1, -1, 5, -1)
    assert how.under == (-1,) * 6


def test_what_runs_on_under_the_next_scene_stands_behind_the_film() -> None:
    how = joined([Placed(chain(4, [2.0] * 4), 3), Placed(chain(3, [1.0] * 3), 3)])
    assert how.scenes == ((0, 1, 2, 6), (3, 4, 5))
    assert how.under == (-1, -1, -1, 6, -1, -1)
    assert how.shown == 6
    assert (how.before[6], how.before[3]) == (2, -1)


def test_a_part_of_a_scene_begins_a_chain() -> None:
    whole = chain(10, [4.0] * 10)
    assert part(whole, 0, 10) is whole
    assert part(whole, 2, 9).diffused == (0, 2, 6)

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from random import Random

from anim_runtime.schedule import Group, Work, calls, groups, split


def work(
    needs: Sequence[tuple[int, ...]],
    most: int = 8,
    kind: Callable[[int], Hashable] = lambda frame: "alike",
    plain: Sequence[int] = (),
) -> Work:
    return Work(range(len(needs)), needs, lambda frame: frame not in plain, kind, lambda frame: most)


def chains(*lengths: int) -> list[tuple[int, ...]]:
    """Scenes in which every frame needs the one before."""
    return [() if place == 0 else (at - 1,) for at, place in _numbered(lengths)]


def _numbered(lengths: tuple[int, ...]) -> list[tuple[int, int]]:
    places = [place for length in lengths for place in range(length)]
    return list(enumerate(places))


def made(
    planned: Sequence[Group], needs: Sequence[tuple[int, ...]], done: set[int] | None = None
) -> list[Group]:
    """What is made call by call; every frame's neighbours must be there."""
    have = set() if done is None else done
    found: list[Group] = []
    for call in calls(planned, have, needs):
        assert set(call.frames) <= set(call.group)
        assert all(n in have for f in call.frames for n in needs[f])
        found.append(call.frames)
        have |= set(call.frames)
    return found


def test_free_frames_go_in_groups_of_the_size_that_is_allowed() -> None:
    free = [()] * 10
    assert groups(work(free, 4), range(10)) == ((0, 1, 2, 3), (4, 5, 6, 7), (8, 9))
    assert groups(work(free, 1), range(10)) == tuple((f,) for f in range(10))
    assert groups(work(free, 4), [1, 5, 9]) == ((1, 5, 9),)


def test_a_chain_goes_one_by_one_and_nobody_asks_of_what_kind() -> None:
    def never(frame: int) -> Hashable:
        raise AssertionError(frame)

    assert groups(work(chains(4), kind=never), range(4)) == ((0,), (1,), (2,), (3,))


def test_three_scenes_advance_together() -> None:
    planned = groups(work(chains(3, 3, 3)), range(9))
    assert planned == ((0, 3, 6), (1, 4, 7), (2, 5, 8))


def test_scenes_that_end_make_room_for_those_that_follow() -> None:
    needs = chains(2, 4, 2, 2)
    planned = groups(work(needs, 2, kind=lambda frame: bool(needs[frame])), range(10))
    assert [len(g) for g in planned] == [2, 2, 2, 2, 2]
    assert planned[:3] == ((0, 2), (1, 3), (6, 8))
    assert made(planned, needs) == list(planned)


def test_only_what_is_alike_goes_together() -> None:
    planned = groups(work([()] * 6, kind=lambda frame: frame % 2), range(6))
    assert planned == ((0, 2, 4), (1, 3, 5))


def test_tweens_come_as_soon_as_both_ends_are_there() -> None:
    # two scenes of 0 T T 3 and 4 T T 7
    needs: list[tuple[int, ...]] = [(), (0, 3), (0, 3), (0,), (), (4, 7), (4, 7), (4,)]
    wanted = replace(work(needs, plain=(1, 2, 5, 6)), order=(0, 3, 1, 2, 4, 7, 5, 6))
    planned = groups(wanted, range(8))
    assert planned == ((0, 4), (3, 7), (1,), (2,), (5,), (6,))


def test_the_smallest_limit_of_a_group_counts() -> None:
    mixed = Work(range(6), [()] * 6, lambda f: True, lambda f: 0, lambda f: 2 if f == 1 else 4)
    assert groups(mixed, range(6)) == ((0, 1), (2, 3, 4, 5))


def test_what_was_lost_is_made_in_the_batch_that_it_was_made_in() -> None:
    needs = chains(3, 3)
    planned = groups(work(needs), range(6))
    have = {0, 1, 3, 4, 5}
    (call,) = calls(planned, have, needs)
    assert (call.group, call.frames) == ((2, 5), (2,))


def test_a_group_that_waits_for_itself_is_made_in_parts() -> None:
    # frame 1 was there when 0 and 2 were put together, and is lost now
    needs: list[tuple[int, ...]] = [(), (0,), (1,)]
    assert made([(0, 2), (1,)], needs) == [(0,), (1,), (2,)]


def test_pieces_of_groups_that_did_not_fit() -> None:
    planned = ((0, 1, 2, 3, 4), (5, 6), (7, 8, 9))
    assert split(planned, {0, 1, 2, 3, 4}, 2) == ((0, 1, 2, 3, 4), (5, 6), (7, 8), (9,))


def test_any_work_is_done_once_in_an_order_that_holds() -> None:
    source = Random(5)
    for _ in range(200):
        count = source.randint(1, 40)
        needs = [tuple(sorted(source.sample(range(f), min(f, source.randint(0, 2))))) for f in range(count)]
        sizes = [source.randint(1, 5) for _ in range(count)]
        plain = {f for f in range(count) if source.random() < 0.2}
        kinds = [source.randrange(3) for _ in range(count)]
        wanted = Work(range(count), needs, lambda f: f not in plain, kinds.__getitem__, sizes.__getitem__)  # noqa: B023
        missing = [f for f in range(count) if source.random() < 0.8]
        planned = groups(wanted, missing)
        assert sorted(f for group in planned for f in group) == missing
        assert all(len(group) <= min(sizes[f] for f in group) for group in planned)
        assert groups(wanted, missing) == planned
        have = set(range(count)) - set(missing)
        assert made(planned, needs, set(have)) == list(planned)
        # stopped anywhere, and some of it lost: still every frame once
        lost = {f for f in range(count) if source.random() < 0.3}
        rest = made((*planned, *((f,) for f in sorted(have))), needs, set(range(count)) - lost)
        assert sorted(f for frames in rest for f in frames) == sorted(lost)

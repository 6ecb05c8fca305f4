"""Which frames a file shows, at its own rate and speed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.runtime.hand_films import film

from anim_compiler.plan import OutputSpec, Plan
from anim_runtime.timeline import Moment, cuts_of, first_number, length_of, moments, rate_of


def plan(frames: int = 5, fps: str = "12", *, loop: bool = False) -> Plan:
    return film(frames=frames)[0].model_copy(update={"fps": fps, "loop": loop})


def output(**said: object) -> OutputSpec:
    return OutputSpec.model_validate({"path": "film.mp4", **said})


def places(of: Plan, spec: OutputSpec, cuts: frozenset[int] = frozenset()) -> list[Fraction]:
    return [moment.frame + moment.part for moment in moments(of, spec, cuts)]


@pytest.mark.parametrize(
    ("fps", "numbers"),
    [
        ("12", [0, 1, 2, 3, 4]),
        ("24", [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
        ("6", [0, 2, 4]),
        ("8", [0, 1, 3, 4]),
        ("1/10", [0]),
    ],
)
def test_other_rates_show_the_frame_that_stands_there(fps: str, numbers: list[int]) -> None:
    assert places(plan(), output(fps=fps)) == numbers


def test_pictures_between_are_at_their_exact_places_and_the_last_is_held() -> None:
    third = Fraction(1, 3)
    assert places(plan(3), output(interpolate=3)) == [
        *(n * third for n in range(7)),
        Fraction(2),
        Fraction(2),
    ]
    assert rate_of(plan(), output(interpolate=3)) == 36
    assert places(plan(3), output(interpolate=2, fps="18")) == [0, Fraction(2, 3), Fraction(4, 3), 2, 2]


def test_nothing_is_made_across_a_cut() -> None:
    found = places(plan(4), output(interpolate=4), frozenset({2}))
    assert found[:9] == [0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 2]


def test_a_loop_goes_on_from_its_end_to_its_start() -> None:
    of = plan(3, loop=True)
    cuts = cuts_of(of, (-1, 0, 1), (-1, -1, -1))
    assert places(of, output(interpolate=2), cuts) == [0, 0.5, 1, 1.5, 2, 2.5]


def test_slow_motion_makes_pictures_and_fast_leaves_some_out() -> None:
    assert places(plan(3), output(speed="1/2")) == [0, 0.5, 1, 1.5, 2, 2]
    assert places(plan(5), output(speed="2")) == [0, 2, 4]
    assert places(plan(1), output(speed="20")) == [0]


@pytest.mark.parametrize(
    ("fps", "minutes"), [("24000/1001", 60), ("30000/1001", 60), ("60000/1001", 60), ("240", 15), ("24", 60)]
)
def test_an_hour_does_not_drift(fps: str, minutes: int) -> None:
    whole = plan(3, fps).model_copy(update={"frames": int(60 * minutes * Fraction(fps))})
    assert length_of(whole, output()) == whole.frames
    *_, last = moments(whole, output())
    assert last == Moment(whole.frames - 1)


def test_cuts_are_where_scenes_begin_anew() -> None:
    three = film(frames=9, starts=(0, 3, 6))[0]
    before = (-1, 0, 1, -1, 3, 4, 5, 6, 7)
    assert cuts_of(three, before, (-1,) * 9) == {3}
    assert cuts_of(three, before, (-1, -1, -1, 9, -1, -1, -1, -1, -1)) == set()


@pytest.mark.parametrize(
    ("said", "number"), [({}, 10), ({"fps": "24"}, 20), ({"fps": "5"}, 5), ({"speed": "1/2"}, 20)]
)
def test_a_part_of_a_film_counts_its_pictures_as_the_whole_film_does(
    said: dict[str, object], number: int
) -> None:
    part = plan().model_copy(update={"begin": 10})
    assert first_number(part, output(**said)) == number
    assert first_number(plan(), output(**said)) == 0

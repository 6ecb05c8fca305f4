"""The tempo map: seconds and beats, both ways, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anim_compiler.tempo import TempoKey, TempoMap, laid, steady, through, written
from anim_compiler.tempo_columns import beat_lengths, beats_at, seconds_at
from anim_compiler.typed import Moment

RAMP = written([TempoKey(Fraction(0), Fraction(120)), TempoKey(Fraction(30), Fraction(150))])
STEP = written([TempoKey(Fraction(0), Fraction(120), holds=True), TempoKey(Fraction(30), Fraction(140))])
HEARD = through([0.5, 1.0, 1.45, 2.0, 2.6], tolerance=0.005)


def test_an_even_tempo_is_exact() -> None:
    grid = steady(174.5)
    assert grid.second(Fraction(349)) == 120
    assert grid.beats(Fraction(120)) == 349
    assert grid.is_steady


def test_a_step_of_the_tempo_is_exact() -> None:
    assert STEP.beats(Fraction(30)) == 60
    assert STEP.second(Fraction(60)) == 30
    assert STEP.second(Fraction(200)) == 90
    assert STEP.beats(Fraction(-15)) == -30


def test_an_even_change_is_its_integral() -> None:
    """2 beats a second at 0 s and 2.5 at 30 s: 67.5 beats, by hand."""
    assert RAMP.beats(Fraction(30)) == Fraction(135, 2)
    assert RAMP.beats(Fraction(15)) == 2 * 15 + Fraction(1, 60) * 15 * 15 / 2
    assert RAMP.second(Fraction(135, 2)) == 30
    # from the last key on its tempo holds, and before the first the first one's
    assert RAMP.second(Fraction(135, 2) + 5) == 32
    assert RAMP.beats(Fraction(-1)) == -2


def test_a_beat_can_be_chosen_as_the_first() -> None:
    shifted = written(
        [TempoKey(Fraction(0), Fraction(120)), TempoKey(Fraction(30), Fraction(150))], 4, Fraction(1, 5)
    )
    assert shifted.second(Fraction(0)) == Fraction(1, 5)
    assert shifted.nearest(Fraction(0)) == 0


def test_found_beats_are_hit_exactly_and_the_ends_go_on_at_their_own_tempo() -> None:
    assert HEARD is not None
    assert [float(HEARD.second(Fraction(n))) for n in range(5)] == [0.5, 1.0, 1.45, 2.0, 2.6]
    assert float(HEARD.beats(Fraction("1.225"))) == pytest.approx(1.5)
    mean = (2.6 - 0.5) / 4
    assert float(HEARD.second(Fraction(6))) == pytest.approx(2.6 + 2 * mean)
    assert float(HEARD.second(Fraction(-1))) == pytest.approx(0.5 - mean)
    assert through([1.0]) is None
    assert through([1.0, 1.0, 2.0]) is None
    assert through([0.0, 1.0, float("nan")]) is None
    assert through([0.0, 1.0, float("inf")]) is None


def test_found_beats_of_an_even_song_are_one_even_stretch() -> None:
    found = through((0.21 + np.arange(400) * 60 / 128).tolist(), tolerance=0.005)
    assert found is not None
    assert found.is_steady
    assert float(found.second(Fraction(399))) == pytest.approx(0.21 + 399 * 60 / 128, abs=1e-10)


def test_a_film_on_a_song_counts_from_the_bar_nearest_to_its_beginning() -> None:
    """A beat that would have been before the music is none, and bars are those of the song."""
    song = through([0.3, 0.8, 1.3, 1.8, 2.3, 2.8, 3.3], tolerance=0.005)
    assert song is not None
    assert song.nearest(Fraction(0)) == 0
    # wherever else a scene begins, its nearest beat is meant
    assert song.nearest(Fraction(11, 10)) == 2
    later = through([0.4, 0.9, 1.4, 1.9, 2.4, 2.9], first=1, tolerance=0.005)
    assert later is not None
    assert float(later.second(Fraction(later.nearest(Fraction(0))))) == 0.9
    assert float(later.second(Fraction(later.nearest(Fraction(12, 5))))) == 2.4
    assert steady(120, origin=Fraction(3, 10)).nearest(Fraction(0)) == -1
    assert steady(120, origin=Fraction(3, 10), heard=True).nearest(Fraction(0)) == 0
    # a bar that begins just before the film is nearer than the next one
    assert float(laid(120, 4, Fraction(-1, 10)).second(Fraction(-4))) == pytest.approx(-0.1)
    assert laid(120, 4, Fraction(-1, 10)).nearest(Fraction(0)) == -4


def test_no_whole_beat_of_a_film_is_over_before_it_begins() -> None:
    """A film that begins in the middle of a bar counts from the bar that just began, else from the next."""
    for before, first in ((0.3, 0), (0.9, 0), (1.1, 1), (1.9, 1), (2.1, 1), (3.5, 1)):
        grid = laid(120, 4, Fraction(-round(before * 1000), 2000))
        bar = grid.second(Fraction(grid.nearest(Fraction(0))))
        assert float(bar) == pytest.approx((4 * first - before) / 2), before
        assert grid.place(Moment(Fraction(0), Fraction(1))) > 0


@pytest.mark.parametrize("grid", [steady(90), RAMP, STEP, HEARD])
def test_columns_are_what_the_map_says(grid: TempoMap) -> None:
    seconds = np.linspace(-2.0, 40.0, 500)
    beats = beats_at(grid, seconds)
    assert beats == pytest.approx([float(grid.beats(Fraction(s))) for s in seconds], abs=1e-9)
    assert seconds_at(grid, beats) == pytest.approx(seconds, abs=1e-9)
    assert (np.diff(beats) > 0).all()


def test_the_lengths_of_beats_sum_up_to_the_beats_that_passed() -> None:
    """So that a speed per beat leads exactly as far as the music goes."""
    seconds = np.arange(24 * 30) / 24
    sums = np.sum(1 / 24 / np.asarray(beat_lengths(RAMP, seconds, 1 / 24)))
    assert sums == pytest.approx(67.5, abs=1e-9)
    assert beat_lengths(steady(120), seconds, 1 / 24) == 0.5


def test_a_duration_is_that_of_the_tempo_where_it_stands() -> None:
    assert STEP.lasting(Fraction(0), Fraction(4)) == 2
    assert STEP.lasting(Fraction(30), Fraction(4)) == Fraction(240, 140)
    # two beats before the step and two behind it
    assert STEP.lasting(Fraction(29), Fraction(4)) == 1 + Fraction(120, 140)


def test_moments_count_from_the_grid_or_from_their_second() -> None:
    grid = steady(120, origin=Fraction(1, 5))
    assert grid.place(Moment(beats=Fraction(4))) == Fraction(11, 5)
    assert grid.place(Moment(Fraction(1, 10), Fraction(4))) == Fraction(23, 10)
    assert grid.place(Moment(Fraction(12), Fraction(1), from_second=True)) == Fraction(25, 2)
    assert grid.place(Moment(beats=Fraction(4), start=Fraction(10))) == Fraction(61, 5)
    assert grid.place(Moment(Fraction(3))) == 3


def test_whole_beats_between_two_seconds() -> None:
    assert steady(120, origin=Fraction(1, 10)).between(Fraction(0), Fraction(1)) == (0.1, 0.6)


def test_maps_are_compared_by_what_they_say() -> None:
    assert steady(120) == steady(120)
    assert hash(RAMP) != hash(STEP)
    assert RAMP != STEP
    assert steady(120).keeps_time(steady(120, origin=Fraction(1, 7)))
    assert not steady(120).keeps_time(RAMP)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(30, 300), st.booleans()), min_size=1, max_size=6),
    st.integers(-500, 5000),
)
def test_there_and_back_is_the_same_second(rows: list[tuple[int, int, bool]], tenths: int) -> None:
    at, keys = Fraction(0), []
    for gap, bpm, holds in rows:
        keys.append(TempoKey(at, Fraction(bpm), holds))
        at += Fraction(gap, 10)
    grid, second = written(keys), Fraction(tenths, 10)
    assert float(grid.second(grid.beats(second))) == pytest.approx(float(second), abs=1e-8)

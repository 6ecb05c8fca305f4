"""The clock of playback, with times that the test says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from anim_studio.tui.player import Player

FILM = Player(Fraction(24), 0, 48)
NTSC = Fraction(24000, 1001)


def test_the_frame_follows_from_the_time_and_not_from_how_often_it_is_asked() -> None:
    playing = FILM.played(100.0)
    assert [playing.at(100.0 + seconds) for seconds in (0, 0.04, 0.0417, 0.5, 1.0)] == [0, 0, 1, 12, 24]


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(25), NTSC, Fraction(60)])
def test_after_waiting_as_long_as_it_says_the_next_frame_is_due(fps: Fraction) -> None:
    playing = Player(fps, 0, 100_000).played(53_871.125)
    now, seen = 53_871.125, []
    for _ in range(500):
        wait = playing.wait(now)
        assert wait is not None
        now += wait
        seen.append(playing.at(now))
    assert seen == list(range(1, 501))


def test_a_slow_screen_drops_frames_and_the_film_keeps_its_speed() -> None:
    playing, now, seen = FILM.played(0.0), 0.0, []
    for _ in range(5):
        wait = playing.wait(now)
        assert wait is not None
        now += wait + 0.1  # drawing takes a tenth of a second
        seen.append(playing.at(now))
    assert seen == [3, 6, 9, 12, 15]


def test_a_loop_goes_round_within_its_range() -> None:
    scene = Player(Fraction(10), 20, 30, head=28).played(0.0)
    assert [scene.at(frame / 10 + 0.001) for frame in range(5)] == [28, 29, 20, 21, 22]
    assert scene.wait(0.05) == pytest.approx(0.05)


def test_without_a_loop_it_rests_on_the_last_frame() -> None:
    playing = Player(Fraction(10), 0, 5, loop=False).played(0.0)
    assert playing.at(9.0) == 4
    assert playing.wait(0.41) is None
    assert playing.rested(0.35) is playing
    rested = playing.rested(0.41)
    assert (rested.plays, rested.head) == (False, 4)


def test_playing_again_from_the_end_starts_at_the_first_frame() -> None:
    over = Player(Fraction(10), 3, 8, head=7, loop=False)
    assert over.toggled(0.0).at(0.0) == 3
    still = Player(Fraction(10), 3, 8, head=5, loop=False).played(0.0)
    assert still.toggled(9.0).at(9.0) == 3, "one that came to its end plays again"


def test_pausing_keeps_the_frame_and_playing_goes_on_from_it() -> None:
    paused = FILM.played(0.0).toggled(0.55)
    assert (paused.plays, paused.at(99.0), paused.wait(99.0)) == (False, 13, None)
    assert paused.toggled(200.0).at(200.1) == 15


def test_seeking_plays_on_inside_the_range_and_rests_outside() -> None:
    playing = Player(Fraction(10), 10, 20, head=12).played(0.0)
    assert playing.sought(15, 1.0).at(1.25) == 17
    outside = playing.sought(40, 1.0)
    assert (outside.plays, outside.at(5.0)) == (False, 40)
    assert outside.played(6.0).at(6.0) == 10


def test_another_range_takes_the_head_along_only_while_it_plays() -> None:
    playing = FILM.played(0.0)
    assert playing.over(24, 48, 0.5).at(0.5) == 24
    assert playing.over(0, 24, 0.5).at(0.5) == 12
    assert FILM.over(24, 48, 0.5).at(0.5) == 0
    with pytest.raises(ValueError, match="no frames"):
        FILM.over(24, 24, 0.0)


def test_turning_the_loop_off_moves_nothing() -> None:
    playing = Player(Fraction(10), 0, 5).played(0.0)
    assert playing.at(1.25) == 2
    off = playing.looped(False, 1.25)
    assert (off.at(1.25), off.at(9.0)) == (2, 4)


def test_a_film_of_one_frame_never_waits() -> None:
    assert Player(Fraction(24), 0, 1).played(0.0).wait(0.0) is None

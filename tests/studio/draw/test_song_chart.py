from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from anim_studio.draw.braille import song_lines
from anim_studio.draw.portrait import Portrait, Section, peaks, within
from anim_studio.draw.song_chart import LEFT, RIGHT, WIDTH, draw_song_svg, rows, song_size
from anim_studio.draw.ticks import clock_text

RATE = 50.0


def portrait(seconds: float, begin: float = 0.0, end: float | None = None) -> Portrait:
    """A track that is loud in its second half, with a beat each half second and two sections."""
    count = int(seconds * RATE)
    wave = np.where(np.arange(count) < count / 2, 0.1, 1.0).astype(np.float32)
    beats = np.arange(0.0, seconds, 0.5)
    halves = (Section("A", 0.0, seconds / 2), Section("B", seconds / 2, seconds))
    last = seconds if end is None else end
    return Portrait("song", "", RATE, -wave, wave, {"bass": wave}, beats, beats[::4], halves, begin, last)


@pytest.mark.parametrize(
    ("begin", "end", "columns"), [(0, 10, 7), (1.013, 9.4, 300), (-1, 12, 40), (4, 4.1, 9)]
)
def test_a_column_is_as_high_as_its_highest_moment(begin: float, end: float, columns: int) -> None:
    curve = np.random.default_rng(3).random(500).astype(np.float32)
    found = peaks(curve, RATE, begin, end, columns)
    edges = np.linspace(begin, end, columns + 1)
    for number in range(columns):
        fine = np.union1d(np.linspace(edges[number], edges[number + 1], 50), _moments(edges, number))
        assert found[number] == pytest.approx(
            np.interp(fine * RATE, np.arange(500), curve, left=0.0, right=0.0).max(), abs=1e-6
        )


def _moments(edges: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    return within(np.arange(500) / RATE, edges[number], edges[number + 1])


def test_a_single_loud_moment_is_seen_in_a_picture_of_an_hour() -> None:
    curve = np.zeros(180_000, np.float32)
    curve[77_777] = 1.0
    found = peaks(curve, RATE, 0.0, 3600.0, 70)
    assert found.max() == 1.0
    assert (found > 0).sum() == 1


@pytest.mark.parametrize(("seconds", "count"), [(10, 1), (60, 1), (65, 2), (300, 5), (3600, 8), (14400, 8)])
def test_rows_are_few_of_one_length_and_hold_the_whole_track(seconds: float, count: int) -> None:
    found = rows(portrait(seconds))
    assert len(found) <= count
    assert found[0].begin == 0
    assert found[-1].end >= seconds
    assert len({round(row.end - row.begin, 6) for row in found}) == 1
    width, height = song_size(portrait(seconds))
    assert width == WIDTH
    assert height < 3000


def test_a_beat_stands_at_its_second() -> None:
    (row,) = rows(portrait(10.0))
    assert row.x(0.0) == LEFT
    assert row.x(10.0) == WIDTH - RIGHT
    markup = draw_song_svg(portrait(10.0)).markup()
    assert f'points="{row.x(2.5):.2f},' in markup
    assert f'points="{row.x(2.4):.2f},' not in markup


def test_beats_that_would_run_together_are_left_out() -> None:
    short, long = (draw_song_svg(portrait(seconds)).markup().count("polyline") for seconds in (20.0, 3600.0))
    # forty beats and ten bars are drawn; of 7,200 beats none
    assert short > 50
    assert long < 200


@pytest.mark.parametrize("columns", [20, 77, 160])
@pytest.mark.parametrize("plain", [False, True])
def test_no_line_is_wider_than_it_may_be(columns: int, plain: bool) -> None:
    lines = song_lines(portrait(30.0), columns, plain=plain)
    assert all(len(line) <= columns for line in lines)
    assert not plain or all(line.isascii() for line in lines)


def test_the_wave_is_higher_where_the_track_is_louder() -> None:
    parts, *wave, _beats, ruler = song_lines(portrait(30.0), 60)
    assert parts.startswith("├A─")
    assert parts.index("B") == 31
    dots = [[bin(ord(sign) - 0x2800).count("1") for sign in line.ljust(60, "\u2800")] for line in wave]
    assert sum(sum(row[:30]) for row in dots) < 0.4 * sum(sum(row[30:]) for row in dots)
    assert ruler.startswith("0s")


def test_a_range_shows_its_own_beats_and_seconds() -> None:
    lines = song_lines(portrait(30.0, 10.0, 14.0), 80)
    assert lines[-1].startswith("10.0s")
    assert lines[-2].count("╵") == 6
    assert lines[-2].count("╹") == 2
    assert lines[0].startswith("├A")


def test_moments_are_written_as_finely_as_the_ruler_asks() -> None:
    assert [clock_text(5, 5), clock_text(0.25, 0.05), clock_text(65, 5), clock_text(3700, 50)] == [
        "5s",
        "0.25s",
        "1:05",
        "1:01:40",
    ]

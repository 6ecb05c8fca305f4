"""Beats, tempo and its confidence on songs whose truth is known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import mir_eval  # type: ignore[import-untyped, unused-ignore]
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.song_sounds import KITS
from tests.compiler.songs import RATE, Song, ambient, even, play, ramp, steps

from anim_compiler.audio.beats import UNSURE, Beats, find_beats, grid
from anim_compiler.audio.measure import Curves, measure, rounded
from anim_compiler.audio.steady import steadied

Times = NDArray[np.float64]
FRAME = 0.042
"""Seconds of a frame at 24 fps, the tolerance of the figures."""


def pulse(samples: NDArray[np.float32]) -> Curves:
    return measure([samples], {"pulse"})["pulse"]


def heard(song: Song) -> Beats:
    return find_beats(pulse(song.samples), song.duration)


def score(truth: Times, found: Times) -> tuple[float, str]:
    """The F-measure at the best of three levels, and which one; beats that are carried on into the silence
    before the first true one do not count.
    """
    found = found[found > truth[0] - FRAME]
    between = np.sort(np.concatenate([truth, (truth[1:] + truth[:-1]) / 2]))
    levels = {"beat": truth, "half": truth[::2], "other half": truth[1::2], "double": between}
    scores = {name: float(mir_eval.beat.f_measure(level, found, FRAME)) for name, level in levels.items()}
    best = max(scores, key=lambda name: scores[name])
    return scores[best], best


def bias(truth: Times, found: Times) -> float:
    """Mean seconds that found beats come late, of those within a frame of a true one."""
    late = found[:, None] - truth[None, :]
    nearest = late[np.arange(found.size), np.abs(late).argmin(axis=1)]
    return float(nearest[np.abs(nearest) < FRAME].mean())


def steady_songs() -> Mapping[str, Song]:
    songs = {}
    patterns = ("kick", "four", "rock", "breakbeat", "half", "waltz", "offbeat", "dembow", "march")
    for number, pattern in enumerate(patterns):
        for turn, bpm in enumerate((66, 87, 108, 129, 150, 171)):
            seed = 31 * number + turn
            songs[f"{pattern} {bpm}"] = play(
                pattern, bpm, 14, start=(0.0, 0.37, 1.1)[seed % 3], kit=KITS[seed % 4], seed=seed,
                parts=((), ("bass",), ("pad",), ("bass", "pad"))[seed // 2 % 4],
                noise=(0.0, 0.003, 0.02)[turn % 3],
            )  # fmt: skip
    return songs


def test_beats_of_steady_music_are_found_at_the_right_tempo() -> None:
    rows = {name: (song, heard(song)) for name, song in steady_songs().items()}
    scores = {name: score(song.beats, beats.times) for name, (song, beats) in rows.items()}
    assert {name: found for name, found in scores.items() if found[0] < 0.95} == {}
    assert np.mean([level == "beat" for _, level in scores.values()]) >= 0.8
    assert min(beats.confidence for _, beats in rows.values()) > UNSURE
    late = [bias(song.beats, beats.times) for song, beats in rows.values()]
    assert np.abs(late).max() < 0.01


@pytest.mark.parametrize(
    "song",
    [
        play("rock", 96, 24, breaks=[(2, 4), (6, 8)], parts=("pad",), seed=2),
        play("four", 124, 24, fade=12, noise=0.002, seed=3),
        play("four", 110, 24, start=8.3, noise=0.002, seed=4),
        play("offbeat", 128, 16, parts=("pad", "bass"), sidechain=True, seed=5),
        play("rock", 118, 20, jitter=0.01, parts=("bass", "voice"), seed=6),
        play("none", 92, 20, parts=("piano",), seed=7),
        play("kick", 120, 16, kit="piano", seed=8),
    ],
    ids=["breaks", "fade", "late start", "side chain", "human", "piano alone", "low notes"],
)
def test_beats_are_found_where_drums_are_few_or_soft(song: Song) -> None:
    beats = heard(song)
    assert score(song.beats, beats.times) >= (0.95, "beat")
    assert np.ptp(np.diff(beats.times)) < 0.001


@pytest.mark.parametrize("pattern", ["four", "rock", "waltz"])
@pytest.mark.parametrize("swing", [0.12, 0.33])
def test_swung_beats_are_found(pattern: str, swing: float) -> None:
    song = play(pattern, 104, 16, swing=swing, seed=5)
    assert score(song.beats, heard(song).times)[0] >= 0.9


def test_beats_follow_an_ending_that_slows_down() -> None:
    """22 seconds at 100 bpm, most of its beats, and then down to 60."""
    passed = np.arange(0.3, 36, 0.005)
    count = np.cumsum(np.interp(passed, [22, 36], [100, 60])) * 0.005 / 60
    song = play("rock", beats=np.interp(np.arange(int(count[-1])), count, passed), seconds=36, seed=2)
    found, level = score(song.beats, heard(song).times)
    assert (found, level) >= (0.9, "beat")


@pytest.mark.parametrize(("first", "last"), [(90, 120), (140, 105), (70, 80)])
def test_beats_follow_a_ramp(first: float, last: float) -> None:
    song = play("rock", beats=ramp(first, last, 24, 0.5), seconds=24, seed=1)
    beats = heard(song)
    found, level = score(song.beats, beats.times)
    assert found >= 0.9
    if level == "beat":
        gaps = np.diff(beats.times)
        assert 60 / gaps[3] == pytest.approx(first, rel=0.06)
        assert 60 / gaps[-4] == pytest.approx(last, rel=0.06)


@pytest.mark.parametrize(("at", "seconds"), [(20.2, 40), (30.2, 40)])
def test_a_tempo_that_jumps_has_a_grid_on_either_side(at: float, seconds: float) -> None:
    song = play("four", beats=steps([(0.2, 120), (at, 140)], seconds), seconds=seconds, seed=2)
    times = heard(song).times
    assert score(song.beats, times) >= (0.95, "beat")
    gaps = np.diff(times)
    assert gaps[times[1:] < at - 1] == pytest.approx(60 / 120, abs=0.0005)
    assert gaps[times[:-1] > at + 2] == pytest.approx(60 / 140, abs=0.0005)


@pytest.mark.parametrize("bpm", [60, 68])
def test_a_beat_of_three_pulses_is_not_cut_in_two(bpm: float) -> None:
    song = play("jig", bpm, 16, start=0.3, parts=("bass",), seed=3)
    assert score(song.beats, heard(song).times)[0] >= 0.95


def test_beats_that_slip_for_a_while_stay_on_their_grid() -> None:
    """As where a song goes on without its drums and only offbeats are heard: back in a few beats."""
    truth = 0.3 + 60 / 128 * np.arange(150)
    slip = 0.5 * 60 / 128 * np.interp(np.arange(150), [50, 57, 80, 87], [0, 1, 1, 0])
    assert np.abs(steadied(truth - slip, np.ones(150)) - truth).max() < 0.001


@pytest.mark.parametrize("side", [1, -1])
def test_beats_that_come_to_a_grid_at_a_tempo_of_their_own_are_not_on_it(side: int) -> None:
    """Ten beats of players who settle (or who slow down), and then seventy at 100 bpm."""
    steps = np.concatenate([np.full(10, 0.62), np.full(70, 0.6)])[::side]
    played = np.cumsum(steps) + 0.003 * np.random.default_rng(1).standard_normal(80)
    found = steadied(played, np.ones(80))
    assert np.abs(found - played).max() < 0.02
    assert np.ptp(np.diff(found)[12:-12]) < 1e-6


def test_a_steady_song_has_an_exact_grid() -> None:
    """Three minutes of 123.4 bpm: every step the same, and less than a millisecond lost to the end."""
    song = play("rock", 123.4, 180, start=0.31, seed=9, jitter=0.003)
    found = heard(song)
    assert found.tempo == pytest.approx(123.4, abs=0.002)
    assert np.ptp(np.diff(found.times)) < 1e-9
    late = found.times[: song.beats.size] - song.beats
    assert abs(late[-1] - late[0]) < 0.001
    assert np.abs(late).max() < 0.005


def test_what_does_not_beat_says_so() -> None:
    rng = np.random.default_rng(0)
    noise = (0.1 * rng.standard_normal(12 * RATE)).astype(np.float32)
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(8 * RATE) / RATE)).astype(np.float32)
    for samples in (noise, tone):
        assert find_beats(pulse(samples), samples.size / RATE).confidence < 0.15
    silence = find_beats(pulse(np.zeros(4 * RATE, np.float32)), 4.0)
    assert (silence.times.size, silence.tempo, silence.confidence) == (0, 0.0, 0.0)
    for seed in range(3):
        found = heard(ambient(20, seed))
        assert found.confidence < UNSURE
        assert found.times.size == 0 or np.ptp(np.diff(found.times)) < 0.002


def test_confidence_falls_with_the_beat() -> None:
    beat, buried = (play("four", 120, 12, noise=noise, seed=1) for noise in (0.0, 0.4))
    assert heard(beat).confidence > 0.9
    assert heard(buried).confidence < heard(beat).confidence - 0.1


@pytest.mark.parametrize("seconds", [0.01, 0.5, 1.0, 2.0, 3.0, 5.0])
def test_short_tracks_have_sane_beats(seconds: float) -> None:
    found = heard(play("four", 120, seconds))
    assert (np.diff(found.times) > 0.2).all()
    assert ((found.times >= 0) & (found.times < max(seconds, 0.02))).all()
    if seconds >= 3:
        assert score(even(120, seconds), found.times) >= (0.95, "beat")


def test_loudness_and_what_is_kept_change_nothing() -> None:
    song = play("rock", 100, 10, parts=("bass",), seed=3)
    loud, quiet = (pulse(song.samples * np.float32(gain)) for gain in (1.0, 0.01))
    times = find_beats(loud, song.duration).times
    assert find_beats(quiet, song.duration).times == pytest.approx(times, abs=0.002)
    assert np.array_equal(find_beats(rounded(loud), song.duration).times, times)


def test_a_given_tempo_finds_its_place() -> None:
    song = play("rock", 87.5, 12, start=0.45, seed=2)
    curves = pulse(song.samples)
    found = grid(curves, song.duration, 87.5, 0.0)
    assert found.times[: song.beats.size] == pytest.approx(song.beats, abs=0.004)
    given = grid(curves, song.duration, 90.0, 1.0)
    assert np.diff(given.times) == pytest.approx(60 / 90)
    assert np.abs(given.times - 1.0).min() < 1e-9


def test_no_compiled_functions_are_needed() -> None:
    """Librosa's and numba's first calls take seconds."""
    code = (
        "import sys, numpy as np; from anim_compiler.audio.measure import measure; "
        "from anim_compiler.audio.beats import derived; "
        "samples = np.random.default_rng(0).standard_normal(70000).astype('f4'); "
        "groups = measure([samples], {'pulse'}); derived(groups, 3.0); "
        "print([m for m in ('numba', 'librosa', 'torch') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

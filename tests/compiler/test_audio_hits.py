"""Onsets and drums of songs whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.measured import f_measure, fires, heard, peaks, read, tone
from tests.compiler.songs import RATE, Song, play

from anim_compiler.audio import Analysis
from anim_compiler.audio.block import HOPS


@pytest.fixture(scope="module")
def songs() -> list[tuple[Song, Analysis]]:
    made = [
        play("four", bpm=124, seconds=12, parts=("pad",), seed=2),
        play("rock", bpm=90, seconds=12, parts=("bass", "voice"), seed=3),
        play("breakbeat", bpm=150, seconds=12, parts=("piano",), kit="electro", seed=5),
        play("march", bpm=110, seconds=12, parts=("bass",), kit="electro", seed=1, noise=0.003),
    ]
    return [(song, heard(song.samples, {"core", "drums", "parts"})) for song in made]


def test_every_onset_is_heard_once(songs: list[tuple[Song, Analysis]]) -> None:
    for song, analysis in songs:
        struck = [times for name, times in song.onsets.items() if name not in ("pad", "voice")]
        truth = np.unique(np.concatenate(struck).round(2)).astype(np.float64)
        found = peaks(read(analysis, "onset"))
        assert f_measure(truth[truth < song.duration - 0.05], found) >= 0.9


@pytest.mark.parametrize(("drum", "least"), [("kick", 0.9), ("snare", 0.9), ("hat", 0.75)])
def test_a_drum_fires_its_own_trigger(songs: list[tuple[Song, Analysis]], drum: str, least: float) -> None:
    scores = [
        f_measure(song.onsets[drum], fires(read(analysis, drum)))
        for song, analysis in songs
        if drum in song.onsets
    ]
    assert np.mean(scores) >= least, scores


def test_kick_and_snare_are_told_apart(songs: list[tuple[Song, Analysis]]) -> None:
    for song, analysis in songs:
        for own, other in (("kick", "snare"), ("snare", "kick")):
            curve = read(analysis, own)
            on = [_peak(curve, at) for at in song.onsets[own]]
            apart = [at for at in song.onsets[other] if np.abs(song.onsets[own] - at).min() > 0.15]
            off = [_peak(curve, at) for at in apart]
            assert np.median(on) > 0.8, own
            assert np.median(off or [0.0]) < 0.35, own


@pytest.mark.parametrize(("hertz", "seconds"), [(1000.0, 0.02), (2500.0, 0.01), (440.0, 0.2)])
def test_a_metronome_and_a_high_note_are_no_kicks(hertz: float, seconds: float) -> None:
    click = tone(hertz, seconds) * np.linspace(1, 0, int(seconds * RATE))
    samples = np.zeros(4 * RATE)
    for at in range(RATE // 2, 4 * RATE - click.size, RATE // 2):
        samples[at : at + click.size] += click
    assert read(heard(samples, {"drums"}), "kick").max() < 0.45


def test_a_snare_is_heard_through_noise() -> None:
    song = play("rock", bpm=100, seconds=8, parts=("bass",), seed=5)
    noise = np.random.default_rng(0).standard_normal(song.samples.size)
    noise[:RATE] *= np.linspace(0, 1, RATE)
    noisy = 0.5 * song.samples / np.abs(song.samples).max() + 0.02 * noise
    found = fires(read(heard(noisy, {"drums"}), "snare"))
    assert f_measure(song.onsets["snare"], found) >= 0.9
    assert read(heard(0.1 * noise[: 3 * RATE], {"drums"}), "snare").max() < 0.2


def test_hits_are_on_time(songs: list[tuple[Song, Analysis]]) -> None:
    for song, analysis in songs:
        for name in ("kick", "snare", "hat"):
            jumps = np.flatnonzero(np.diff(read(analysis, name), prepend=0.0) > 0.25) / HOPS
            for at in song.onsets.get(name, ()):
                late = jumps[np.abs(jumps - at).argmin()] - at
                assert abs(late) > 0.06 or abs(late) < 0.009, (name, at, late)


def test_a_kick_stands_where_it_begins_and_not_where_its_pitch_has_fallen() -> None:
    """One that falls from 450 Hz is between 75 and 150 Hz for the first time 28 ms later."""
    since = np.arange(6_000) / 22_050
    turns = 50 * since + 8 * (1 - np.exp(-since / 0.02))
    drum = np.tanh(2 * np.sin(2 * np.pi * turns) * np.exp(-since / 0.12))
    struck = 0.21 + 0.5 * np.arange(8)
    samples = np.zeros(round(22_050 * 4.5), np.float32)
    for at in struck:
        samples[round(22_050 * at) :][:6_000] += 0.8 * drum.astype(np.float32)
    found = fires(read(heard(samples, {"drums"}), "kick"))
    assert found == pytest.approx(struck, abs=0.009)


def _peak(curve: NDArray[np.float64], at: float) -> float:
    return float(curve[max(0, int(at * HOPS) - 3) : int(at * HOPS) + 5].max(initial=0.0))


@pytest.mark.parametrize("fps", [8, 12, 24, 60])
@pytest.mark.parametrize("name", ["kick", "onset", "bass"])
def test_a_kick_is_seen_in_its_frame_or_the_next(
    songs: list[tuple[Song, Analysis]], name: str, fps: int
) -> None:
    song, analysis = songs[0]
    values = analysis.feature(name, np.arange(12 * fps) / fps, step=1 / fps)
    for at in song.onsets["kick"]:
        frame = int(at * fps + 1e-9)
        assert values[frame : frame + 2].max(initial=0.0) > (0.3 if fps > 8 else 0.15), (name, fps, at)


def test_a_part_of_the_frames_reads_the_same_values(songs: list[tuple[Song, Analysis]]) -> None:
    _, analysis = songs[1]
    for name in ("kick", "bass", "percussive", "silence", "loudness"):
        whole = analysis.feature(name, np.arange(288) * 1001 / 24000, step=1001 / 24000)
        part = analysis.feature(name, np.arange(100, 140) * 1001 / 24000, step=1001 / 24000)
        assert np.array_equal(whole[100:140], part)

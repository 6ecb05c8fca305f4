"""Where bars begin, and a song's sections, on songs whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.song_sounds import sound
from tests.compiler.songs import FORMS, RATE, Part, Song, ambient, even, perform, play, write

from anim_compiler.audio import Analysis, analyse, groups_for
from anim_compiler.audio.downbeats import LONGEST_BAR, downbeats, evidence, first
from anim_compiler.audio.groups import EVIDENCE, derivation
from anim_compiler.audio.measure import Curves, measure, rounded

Times = NDArray[np.float64]


def groups_of(song: Song, beats: Times | None = None) -> dict[str, Curves]:
    """The groups of a song, with those that are derived; by given beats if there are some."""
    groups = measure([song.samples], set(EVIDENCE))
    for name in ("beats", "bars", "sections"):
        groups[name] = rounded(derivation(name)(groups, song.duration))
        if name == "beats" and beats is not None:
            groups[name] = {"times": beats}
    return groups


def bars_of(song: Song, groups: dict[str, Curves]) -> Times:
    per_bar = round(float(np.median(np.diff(song.downbeats)) / np.median(np.diff(song.beats))))
    times = np.asarray(groups["beats"]["times"], np.float64)
    return downbeats(times, int(groups["bars"]["first"][per_bar]), per_bar, 0.0)


def agree(truth: Times, found: Times) -> bool:
    """Whether nearly all true bars begin with a found one, within 70 ms."""
    return bool(np.mean([np.abs(found - bar).min() < 0.07 for bar in truth]) > 0.9)


def test_bars_begin_with_the_bass() -> None:
    songs = []
    patterns = ("kick", "four", "rock", "breakbeat", "waltz", "offbeat", "dembow", "march")
    for number, pattern in enumerate(patterns):
        for turn, bpm in enumerate((88, 124)):
            parts = (("bass",), ("bass", "pad"), ("bass", "voice"))[(number + turn) % 3]
            start = (60 / bpm) * (number % 4) + 0.2
            songs.append(play(pattern, bpm, 15, start=start, parts=parts, seed=7 * number + turn))
    right = [agree(song.downbeats, bars_of(song, groups_of(song, song.beats))) for song in songs]
    assert np.mean(right) >= 0.8


def test_bars_are_found_with_found_beats() -> None:
    song = play("four", 118, 20, start=1.3, parts=("bass", "pad"), seed=3)
    assert agree(song.downbeats, bars_of(song, groups_of(song)))


def test_where_all_beats_are_alike_bars_begin_with_the_first_one_heard() -> None:
    song = play("kick", 120, 14, start=1.75, seed=1)
    assert agree(song.downbeats, bars_of(song, groups_of(song)))


@pytest.mark.parametrize(
    ("accent", "other", "level", "per_bar"),
    [
        (1500, 1000, 0.6, 4),
        (1000, 1000, 0.5, 4),
        (1760, 880, 1.0, 4),
        (1500, 1000, 0.5, 3),
        (500, 800, 0.6, 5),
    ],
    ids=["louder and higher", "louder", "higher", "three", "lower"],
)
def test_a_metronomes_accent_begins_its_bars(accent: float, other: float, level: float, per_bar: int) -> None:
    """The first beat to be heard is not the first of a bar."""
    beats, time = even(130, 14, 0.4), np.arange(RATE // 50) / RATE
    samples = 1e-4 * np.random.default_rng(3).standard_normal(14 * RATE)
    for number, beat in enumerate(beats):
        is_first = number % per_bar == 2
        click = np.sin(2 * np.pi * (accent if is_first else other) * time) * np.exp(-time / 0.006)
        samples[round(beat * RATE) :][: time.size] += (0.8 if is_first else 0.8 * level) * click
    song = Song(samples.astype(np.float32), beats, beats[2::per_bar], {}, (), {})
    assert agree(song.downbeats, bars_of(song, groups_of(song)))


def test_bars_of_given_beats_and_lengths() -> None:
    song = play("rock", 100, 12, start=0.4, parts=("bass", "pad"), seed=5)
    clues = evidence(song.beats, groups_of(song))
    assert first(clues, 4) == 0
    assert first(clues[:, 1:], 4) == 3
    for per_bar in (0, 1, LONGEST_BAR + 1, song.beats.size):
        assert first(clues, per_bar) == 0
    assert downbeats(song.beats, 0, 4, song.beats[6] + 0.01)[0] == song.beats[2]
    assert downbeats(song.beats, 3, 1, 0.0).tolist() == song.beats.tolist()
    assert downbeats(song.beats[:0], 0, 4, 1.0).size == 0
    assert evidence(song.beats[:2], groups_of(song)).shape == (6, 2)


def heard(path: Path, **told: float) -> Analysis:
    bars = groups_for("downbeat")
    return analyse(path, sha256="a", cache=path.parent / "cache", groups=bars, **told)  # type: ignore[arg-type]


def test_what_a_film_says_of_beats_moves_bars(tmp_path: Path) -> None:
    song = play("four", 125, 12, start=0.5, parts=("bass", "pad"), seed=8)
    path = write(tmp_path / "song.wav", song)
    found = heard(path)
    assert agree(song.downbeats, found.downbeats)
    told = heard(path, bpm=125.0)
    assert told.confidence == 1.0
    assert agree(song.downbeats, told.downbeats)
    moved = heard(path, bpm=125.0, offset=float(song.beats[3]))
    assert np.abs(moved.downbeats - song.beats[3]).min() < 1e-9
    three = heard(path, beats_per_bar=3)
    assert np.diff(three.downbeats) == pytest.approx(3 * 60 / 125, abs=0.001)


@pytest.mark.parametrize("form", ["verse-chorus", "intro-drop", "bridge"])
def test_sections_begin_where_a_song_changes(form: str) -> None:
    bars = sum(part.bars for part in FORMS[form])
    song = perform(FORMS[form], even(150, bars * 1.6 + 0.3, 0.3), bars * 1.6 + 0.3, seed=4)
    sections = groups_of(song)["sections"]
    truth = np.array([start for start, _ in song.sections])
    found = np.asarray(sections["starts"], np.float64)
    hits = sum(bool(np.abs(found - start).min() <= 1.6) for start in truth)
    assert 2 * hits / (truth.size + found.size) >= 0.8
    if found.size == truth.size:
        names = [label for _, label in song.sections]
        order = [float(list(dict.fromkeys(names)).index(name)) for name in names]
        assert sections["labels"].tolist() == order


def test_a_song_of_one_texture_is_one_section() -> None:
    for seed in range(3):
        song = play("rock", 120, 32, parts=("bass", "pad"), seed=seed)
        sections = groups_of(song)["sections"]
        assert (sections["starts"].tolist(), sections["labels"].tolist()) == ([0.0], [0.0])


def test_what_has_no_form_is_one_section() -> None:
    """Knocks now and then, some of them loud."""
    for seed in range(2):
        rng = np.random.default_rng(seed)
        samples = np.zeros(36 * RATE, np.float32)
        for at in np.cumsum(rng.exponential(0.4, 120)):
            knock = rng.random() ** 2 * sound("noise", str(rng.choice(["kick", "snare"])), seed)
            place = samples[round(at * RATE) :][: knock.size]
            place += knock[: place.size]
        sections = groups_of(Song(samples, np.zeros(0), np.zeros(0), {}, (), {}))["sections"]
        assert sections["starts"].tolist() == [0.0]


def test_sections_without_beats(tmp_path: Path) -> None:
    """Two halves of noise, the second loud and bright: no beats, two sections."""
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(40 * RATE)
    soft = 0.02 * np.convolve(noise[: 20 * RATE], np.ones(40) / 6, mode="same")
    quiet = perform((Part("A", 1, "none"),), even(60, 2), 40)
    samples = np.concatenate([soft, 0.3 * noise[20 * RATE :]]).astype(np.float32)
    sections = groups_of(Song(samples, quiet.beats, quiet.downbeats, {}, (), {}))["sections"]
    assert sections["labels"].tolist() == [0.0, 1.0]
    assert sections["starts"][1] == pytest.approx(20, abs=2.1)


@pytest.mark.parametrize("seconds", [0.02, 0.7, 3.0, 9.0])
def test_short_and_formless_tracks_have_one_section(seconds: float) -> None:
    for song in (ambient(seconds), play("four", 120, seconds)):
        assert groups_of(song)["sections"]["starts"].tolist() == [0.0]

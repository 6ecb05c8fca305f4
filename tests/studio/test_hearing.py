"""The parts of `anim audio` that need no sound: lines for a film, labels, moments, tables."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from anim_compiler.audio.analysis import Analysis
from anim_compiler.audio.facts import Facts
from anim_compiler.audio.measure import TRACK
from anim_studio.draw.portrait import Section
from anim_studio.hearing.labels import label_text
from anim_studio.hearing.paste import identifier, paste_lines, tempo
from anim_studio.hearing.report import moment, tempo_text, warnings
from anim_studio.hearing.song import Song, Told, labels
from anim_studio.hearing.table import frame_times, table_lines
from anim_studio.hearing.values import seconds_in


def heard(beats: np.ndarray, duration: float, **facts: float) -> Song:
    """A song with those beats, bars of four from the first on, and two sections if it is long enough."""
    curves = {TRACK: Facts(duration, 44100, 2, **facts).curves()}
    bpm = 60 / float(np.median(np.diff(beats))) if beats.size > 1 else 0.0
    analysis = Analysis(curves, beats, beats[::4], bpm, duration, 0.9)
    edges = (0.0, float(beats[32]), duration) if beats.size > 32 else (0.0, duration)
    sections = tuple(
        Section(label, start, end) for label, start, end in zip("AB", edges[:-1], edges[1:], strict=False)
    )
    none = np.zeros(0, np.float32)
    return Song(
        "My Song (final).mp3", Path("song"), "media/My Song (final).mp3", "", Told(), analysis, 172.0,
        none, none, {}, sections,
    )  # fmt: skip


def even(bpm: float, first: float, duration: float) -> np.ndarray:
    return np.arange(first, duration, 60 / bpm)


def test_a_steady_song_is_offered_with_its_tempo_and_scenes_in_bars() -> None:
    song = heard(even(120, 0.25, 32.25), 32.25)
    assert paste_lines(song) == (
        'audio my_song = "media/My Song (final).mp3" { bpm = 120; offset = 0.250s; start = 0.250s }',
        "scene a1 8bars { }",
        "scene b1 8bars { }",
    )


def test_a_song_that_begins_with_its_first_bar_needs_no_offset() -> None:
    song = replace(heard(even(90, 0.0, 12.0), 12.0), told=Told(beats_per_bar=3))
    assert paste_lines(song) == (
        'audio my_song = "media/My Song (final).mp3" { bpm = 90; beats_per_bar = 3 }',
    )


def test_a_song_of_a_changing_tempo_keeps_its_own_beats() -> None:
    beats = np.cumsum(np.linspace(0.5, 0.4, 60)) - 0.5
    song = heard(beats, 27.8)
    assert "changing from 1" in tempo_text(song)
    # the second section ends two beats after its seventh bar
    assert paste_lines(song) == (
        'audio my_song = "media/My Song (final).mp3"',
        "scene a1 8bars { }",
        f"scene b1 {27.8 - beats[32]:.3f}s {{ }}",
    )


def test_of_unsure_beats_nothing_is_written() -> None:
    sure = heard(even(120, 0.25, 32.25), 32.25)
    unsure = replace(sure, analysis=replace(sure.analysis, confidence=0.2))
    assert paste_lines(unsure) == (
        'audio my_song = "media/My Song (final).mp3"',
        "scene a1 16.250s { }",
        "scene b1 16.000s { }",
    )
    assert "bpm = 120;" in paste_lines(replace(unsure, told=Told(bpm=120)))[0]


def test_a_written_tempo_strays_less_than_a_millisecond() -> None:
    for bpm in (120.0, 128.02, 99.99917, 174.5004):
        song = heard(even(bpm, 0.0, 200.0), 200.0)
        written = float(tempo(song))
        assert abs(200.0 * bpm / written - 200.0) <= 0.00101
    assert tempo(heard(even(120.0000001, 0.0, 200.0), 200.0)) == "120"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Night Drive (2).ogg", "night_drive"),
        ("song", "song"),
        ("01 intro.wav", "song"),
        ("Größe.wav", "gr_e"),
        ("日本.wav", "song"),
        ("bass.wav", "bass_track"),
        ("with.wav", "with_track"),
    ],
)
def test_a_track_gets_a_name_that_a_film_can_have(file: str, name: str) -> None:
    assert identifier(file) == name


def test_sections_that_sound_alike_have_one_letter() -> None:
    assert labels((0, 1, 0, 25, 26, 52)) == ("A", "B", "A", "Z", "AA", "BA")


def test_what_is_wrong_with_a_file_is_said() -> None:
    beats = even(120, 0.0, 4.0)
    assert warnings(heard(beats, 4.0, claimed=4.05)) == ()
    assert warnings(heard(beats, 4.0, claimed=9.0)) == ("it is cut short: 4s of 9s are there",)
    assert "4s of it could be read" in warnings(heard(beats, 4.0, damaged=1))[0]
    assert "2 samples of it are no numbers" in warnings(heard(beats, 4.0, unheard=2))[0]
    sure = heard(beats, 4.0)
    unsure = replace(sure, analysis=replace(sure.analysis, confidence=0.2))
    assert "--click" in warnings(unsure)[0]
    assert warnings(replace(unsure, told=Told(bpm=120))) == ()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30), ("30s", 30), ("1m30s", 90), ("2m", 120), ("1:05", 65), ("1:02:03.5", 3723.5),
        ("250ms", 0.25), (".5", 0.5), ("0", 0), ("", None), ("s", None), ("soon", None), ("1h", None),
    ],
)  # fmt: skip
def test_moments_are_read_as_people_write_them(text: str, seconds: float | None) -> None:
    assert seconds_in(text) == seconds


def test_moments_are_rounded_once() -> None:
    assert [moment(59.996), moment(3661.5), moment(0.004)] == ["1:00.00", "1:01:01.50", "0:00.00"]


def test_label_lines_stand_in_order_of_time() -> None:
    beats = np.array([0.5, 1.0, 1.5, 2.0])
    parts = (Section("A", 0.0, 1.5), Section("B", 1.5, 2.5))
    rows = [line.split("\t") for line in label_text(beats, beats[::2], parts).splitlines()]
    assert [row[2] for row in rows] == ["A", "bar", "beat", "B", "bar", "beat"]
    assert rows[3] == ["1.500000", "2.500000", "B"]
    assert label_text(beats, beats[::2], parts, "bars").count("\n") == 2


def test_a_table_s_frames_stand_at_their_exact_seconds() -> None:
    times = frame_times(2.0, Fraction(24000, 1001))
    assert times.size == 48
    assert times[-1] == 47 * 1001 / 24000
    lines = list(table_lines(times[:2], {"bass": [0.25, 1 / 3]}))
    assert lines == ["time,bass\n", "0.000000,0.25\n", "0.041708,0.333333\n"]

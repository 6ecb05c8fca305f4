"""Beats and frames: everything that happens on a beat happens on one frame, at every rate."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.heard_films import heard

from anim_compiler.findings import Findings
from anim_compiler.functions.registry import Array
from anim_compiler.landing import HEARD, landed, landing
from anim_compiler.memo import Memo
from anim_compiler.takes import chained, settled

RATES = ("12", "24000/1001", "24", "25", "30000/1001", "30", "60")
FILM = """length = 180s
audio song = "song.wav"
let one = every(1beat)
let two = beat
let bar = every(1bar)
let first = downbeat
"""


def beats(bpm: float, kind: str) -> Array:
    """Three minutes of beats: even, or as a player's hands have them, or growing by a fifth."""
    count = int(180 * bpm / 60)
    even = 0.21 + np.arange(count) * 60 / bpm
    if kind == "played":
        return even + np.random.default_rng(1).uniform(-0.004, 0.004, count)
    grown: Array = 0.21 + np.concatenate([[0.0], np.cumsum(60 / np.linspace(bpm, bpm * 1.2, count - 1))])
    return grown if kind == "faster" else even


@pytest.mark.parametrize("kind", ["even", "played", "faster"])
@pytest.mark.parametrize("bpm", [90, 128, 174.5])
def test_every_beat_is_the_beat_frame_by_frame(tmp_path: Path, bpm: float, kind: str) -> None:
    found = beats(bpm, kind)
    for rate in RATES:
        film = heard(tmp_path, FILM, found, fps=Fraction(rate))
        times, step = film.whole.clock.times, float(1 / Fraction(rate))
        inside = (times > found[0] - step) & (times <= found[-1] + HEARD)
        assert np.array_equal(film.column("one")[inside], film.column("two")[inside]), rate
        assert np.array_equal(film.column("bar")[inside], film.column("first")[inside]), rate
        frames = np.flatnonzero(film.column("two"))
        assert len(frames) == len(found), rate
        # each on the frame that holds it, and none earlier or later at the end than at the beginning
        late = found - times[frames]
        assert late.min() > -HEARD - 1e-9
        assert late.max() < step


@pytest.mark.parametrize("rate", RATES)
def test_beats_do_not_drift_from_their_seconds(tmp_path: Path, rate: str) -> None:
    """The clock of beats is the song's to a tenth of a millisecond, at the end as at the beginning."""
    found = beats(128, "even")
    film = heard(tmp_path, FILM + "let at = beats\n", found, fps=Fraction(rate))
    at = film.column("at")
    seconds = np.interp(np.arange(len(found)), at, film.whole.clock.times)
    assert np.abs(seconds[1:-1] - found[1:-1]).max() < 1e-4


def test_an_event_is_on_the_frame_that_holds_it() -> None:
    times = np.arange(5) / 10
    events = np.array([0.0, 0.19, 0.2, 0.399999])
    assert landed(events, times, 0.1).tolist() == [1, 1, 1, 1, 0]
    assert landed(events, times, 0.1, tolerance=0.01).tolist() == [1, 0, 1, 0, 1]
    assert [landing(place) for place in (2.0, 2.9, 2.9999999999)] == [2, 2, 3]
    assert landing(2.9, ahead=0.2) == 3


def test_what_happens_on_a_cut_belongs_to_the_scene_that_it_opens() -> None:
    """A cut between two frames: the first frame of the new scene begins with it."""
    before = landed(np.array([1.13]), np.arange(12) / 10, 0.1, length=1.13)
    after = landed(np.array([0.0]), np.arange(12) / 10 + 0.07, 0.1)
    assert not before.any()
    assert np.flatnonzero(after).tolist() == [0]


def test_a_scene_hears_its_own_first_beat(tmp_path: Path) -> None:
    """Cut on a beat that stands between two frames: the flash is in the new scene, on its first frame."""
    text = """fps = 24
audio song = "song.wav"
scene a 4bars { prompt { 0s: "x" }; let hit = beat; let pulse_ = every(1beat) }
scene b 4bars { prompt { 0s: "y" }; let hit = beat; let pulse_ = every(1beat) }
"""
    film = heard(tmp_path, text, 0.21 + np.arange(60) * 60 / 128)
    for name in ("hit", "pulse_"):
        take = film.scene("b")
        own = take.evaluator.column(take.shot.lets[name].expr)
        assert own[0] == 1
        take = film.scene("a")
        assert take.evaluator.column(take.shot.lets[name].expr)[: take.own].sum() == 16


def test_a_cut_on_a_beat_that_is_heard_a_hair_late_is_on_the_beats_frame(tmp_path: Path) -> None:
    text = """fps = 24
audio song = "song.wav"
let flash = beat
scene a 4beats { prompt { 0s: "x" } }
scene b 4beats { prompt { 0s: "y" } }
"""
    film = heard(tmp_path, text, np.arange(20.0) * 0.5 + 0.0004)
    assert film.scene("b").clock.first == 48
    # and so are its first words, which are diffused anew on the frame on which they come
    take = film.scene("b")
    assert [take.clock.stands(key.at) for key in take.shot.prompts.positive] == [0.0]
    assert film.column("flash")[48] == 1


@pytest.mark.parametrize("rate", RATES)
def test_prompts_change_and_frames_diffuse_on_the_frame_of_the_beat(tmp_path: Path, rate: str) -> None:
    text = """length = 8s
audio song = "song.wav"
let flash = beat
prompt { 0beats: "a"; 4beats: "b" hold; 8beats: "c"; 13beats: "d" }
coherence { cadence = on(every(1beat)) }
"""
    film = heard(tmp_path, text, 0.21 + np.arange(60) * 60 / 128, fps=Fraction(rate))
    memo = Memo()
    memo.begin(film.film)
    take = settled(film.takes[0], None, 1.0, Findings(film.film.sources), memo)
    assert take is not None
    chain = chained(take, memo)
    on_beats = np.flatnonzero(film.column("flash")).tolist()
    assert set(chain.diffused) - {0, take.own - 1} == set(on_beats) - {0, take.own - 1}
    for key in take.shot.prompts.positive[1:]:
        assert take.clock.stands(key.at) in on_beats

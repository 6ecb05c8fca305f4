"""Lengths in the beats of a song: provisional until it was heard, then the song's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.compiler import songs
from tests.compiler.film_texts import OPTIONS
from tests.compiler.heard_films import heard, quiet_track

from anim_compiler.asking import Asked, check_expression
from anim_compiler.check import check
from anim_compiler.compile import compile_film
from anim_compiler.film import Film
from anim_compiler.unheard import Checked, at_any_tempo, is_unheard
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span

TEXT = """size = 64x64; fps = 24
audio song = "song.wav"
scene a 2bars { prompt { 0s: "x"; 1bar: "y" } }
scene b 1bar { prompt { 0s: "z" }; transition = crossfade(2beats) }
"""
FIRST, BEAT = 0.7, 60 / 128


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("song")
    songs.write(folder / "song.wav", songs.play("four", bpm=128.0, seconds=9.0, start=FIRST))
    return folder


@pytest.fixture
def world(song: Path, tmp_path: Path) -> World:
    """A place of its own with the song in it, and no cache yet."""
    shutil.copy(song / "song.wav", tmp_path)
    return World(tmp_path, tmp_path, cache=tmp_path / "cache")


def of(text: str, world: World) -> tuple[Film, list[Diagnostic]]:
    document, slips = parse(Source("film.anim", text))
    film, found = check(document, world)
    assert film is not None, found
    return film, [*slips, *found]


def test_a_song_that_was_not_heard_is_reckoned_with_and_that_is_said_once(world: World) -> None:
    film, found = of(TEXT, world)
    assert [(d.code, d.severity.value) for d in found] == [("W6155", "note")]
    assert film.tempo.awaits
    assert [float(shot.length) for shot in film.shots] == [4.0, 2.0]


def test_a_compile_hears_it_and_cuts_on_its_beats_and_the_next_check_knows(world: World) -> None:
    film, _ = of(TEXT, world)
    made = compile_film(film, world, OPTIONS)
    assert made.plan is not None
    assert [d.code for d in made.diagnostics] == []
    again, found = of(TEXT, world)
    assert found == []
    assert not again.tempo.awaits
    a, b = again.shots
    assert float(a.end) == pytest.approx(FIRST + 8 * BEAT, abs=0.01)
    assert float(b.length) == pytest.approx(4 * BEAT, abs=0.01)
    assert float(b.transition.seconds) == pytest.approx(2 * BEAT, abs=0.01)
    # the provisional film was compiled with these very places
    same = compile_film(again, world, OPTIONS)
    assert same.plan == made.plan


@pytest.mark.parametrize(
    ("edit", "cold", "then"),
    [
        # 2.3s of a first scene that lasts 2s at 120 bpm, and 2.58s in truth
        ("crossfade(2.3s)", [], []),
        ("crossfade(3s)", [], ["E2039"]),
        ("crossfade(20s)", ["E2039"], []),
        ("crossfade(2beats); let unread = 1", ["W6001"], []),
    ],
)
def test_what_hangs_on_the_tempo_is_said_by_who_knows_it(
    world: World, edit: str, cold: list[str], then: list[str]
) -> None:
    """Before the song was heard a check says what is so at any tempo, and the compile what else is so; then a
    check says all of it.
    """
    text = TEXT.replace("crossfade(2beats)", edit).replace("b 1bar", "b 3bars").replace("a 2bars", "a 1bar")
    document, _ = parse(Source("film.anim", text))
    film, found = check(document, world)
    assert [d.code for d in found if d.code != "W6155"] == cold
    made = () if film is None else compile_film(film, world, OPTIONS).diagnostics
    assert [d.code for d in made] == then
    if film is not None:
        assert [d.code for d in check(document, world)[1]] == cold + then


def test_a_name_that_is_missing_at_any_tempo_is_looked_for_at_one() -> None:
    def says(*codes: str) -> bool:
        source = Source("film.anim", "0123456789")
        return is_unheard(tuple(Diagnostic(c, Severity.ERROR, source, Span(0, 1), c) for c in codes))

    assert not says("W6155", "W6001", "E2001")
    assert says("W6155", "W6001", "E2039")
    assert not says("E2039")


def test_where_every_tempo_has_an_error_of_its_own_those_of_the_guess_are_said() -> None:
    source = Source("film.anim", "0123456789")
    one, other = (Diagnostic("E2039", Severity.ERROR, source, Span(at, at + 1), f"at {at}") for at in (1, 2))
    guessed: Checked = (None, (one,))
    assert at_any_tempo(guessed, lambda bpm: (None, (one if bpm < 120 else other,))) == guessed
    assert at_any_tempo((None, (one, other)), lambda bpm: (None, (one,))) == (None, (one,))


def test_curves_and_formulas_of_it_are_read_in_its_own_places(world: World) -> None:
    film, _ = of(TEXT, world)
    assert len(Asked(film, world).curve("beat")) == int(np.ceil((FIRST + 12 * BEAT) * 24 - 0.2))
    document, _ = parse(Source("film.anim", TEXT))
    asking = check_expression(document, world, "b.start", scene="a")
    assert asking.film is not None
    assert not asking.film.tempo.awaits


def test_a_written_length_ends_the_last_scene_of_a_song(world: World) -> None:
    film, _ = of(f"length = 6s\n{TEXT}", world)
    made = compile_film(film, world, OPTIONS)
    assert made.plan is not None, made.diagnostics
    assert made.plan.frames == 144
    document, _ = parse(Source("film.anim", f"length = 60s\n{TEXT}"))
    assert [d.code for d in check(document, world)[1]] == ["E2038"]


def test_what_only_the_song_can_tell_is_said_by_the_compile(world: World) -> None:
    film, _ = of(f"length = 60s\n{TEXT}", world)
    made = compile_film(film, world, OPTIONS)
    assert made.plan is None
    assert [d.code for d in made.diagnostics] == ["E2038"]


def test_a_song_without_beats_is_said_to_have_none(tmp_path: Path) -> None:
    quiet_track(tmp_path)
    world = World(tmp_path, tmp_path, cache=tmp_path / "cache")
    film, _ = of(TEXT, world)
    made = compile_film(film, world, OPTIONS)
    assert "W6157" in [d.code for d in made.diagnostics]
    again, found = of(TEXT, world)
    assert [d.code for d in found] == ["W6157"]
    assert [float(shot.length) for shot in again.shots] == [4.0, 2.0]
    assert not Asked(again, world).curve("beat").any()


@pytest.mark.parametrize(
    "told",
    [
        'audio song = "song.wav" { bpm = 128 }',
        'bpm = 128\naudio song = "song.wav"',
        'bpm = 0s: 128 hold, 2s: 64\naudio song = "song.wav" { offset = 200ms }',
        'audio song = "song.wav" { bpm = 0s: 128, 2s: 130 }',
    ],
)
def test_a_tempo_that_is_written_needs_no_hearing(world: World, told: str) -> None:
    film, found = of(TEXT.replace('audio song = "song.wav"', told), world)
    assert found == []
    assert not film.tempo.awaits
    assert not film.tempo.asks


def test_a_tempo_that_changes_lays_the_beats_of_the_track(world: World) -> None:
    """What is written is what `beat`, `every` and the phases go by, from the `offset` on."""
    film, _ = of(
        'length = 4s; fps = 100; bpm = 0s: 120 hold, 2s: 60\naudio song = "song.wav" { offset = 250ms }\n'
        "let one = beat\nlet two = every(1beat)\nlet bar = bar_phase\nlet at = beats\n",
        world,
    )
    curves = Asked(film, world)
    assert np.flatnonzero(curves.curve("one")).tolist() == [25, 75, 125, 175, 250, 350]
    assert np.array_equal(curves.curve("one"), curves.curve("two"))
    assert curves.curve("at")[[25, 225]].tolist() == pytest.approx([0, 3.75])
    assert curves.curve("bar")[25] == 0


def test_taps_are_the_beats_of_a_track(world: World) -> None:
    taps = [0.31, 0.8, 1.33, 1.79, 2.31, 2.9, 3.52]
    (world.root / "taps.txt").write_text("".join(f"{at}\t{at}\t\n" for at in taps))
    film, found = of(
        'length = 4s; fps = 100\nmarkers taps = "taps.txt"\naudio song = "song.wav" { beats = taps }\n'
        "let one = beat\nlet two = every(1beat)\nlet three = taps\nlet bars_ = downbeat\n"
        'scene a 4beats { prompt { 0s: "x" } }\nscene b 2beats { prompt { 0s: "y" } }\n'.replace(
            "length = 4s; ", ""
        ),
        world,
    )
    assert [d.code for d in found if d.code != "W6001"] == []
    assert [float(shot.end) for shot in film.shots] == [2.31, 3.52]
    film, _ = of(
        'length = 4s; fps = 100\nmarkers taps = "taps.txt"\naudio song = "song.wav" { beats = taps }\n'
        "let one = beat\nlet two = every(1beat)\nlet three = taps\nlet bars_ = downbeat\n",
        world,
    )
    curves = Asked(film, world)
    wanted = [round(at * 100) for at in taps]
    assert np.flatnonzero(curves.curve("one")).tolist() == wanted
    assert np.flatnonzero(curves.curve("three")).tolist() == wanted
    assert np.flatnonzero(curves.curve("two")).tolist() == wanted
    assert np.flatnonzero(curves.curve("bars_")).tolist() == [31, 231]


def test_one_tap_is_no_tempo(world: World) -> None:
    (world.root / "taps.txt").write_text("1.0\n")
    text = (
        'length = 2s\nmarkers taps = "taps.txt"\naudio song = "song.wav" { beats = taps }\nprompt { 0s: "a" }'
    )
    document, _ = parse(Source("film.anim", text))
    assert "E2124" in [d.code for d in check(document, world)[1]]


def test_a_file_with_more_marks_than_beats_can_be_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anim_compiler.told_tempo.MOST_BEATS", 3)
    (world.root / "taps.txt").write_text("1.0\n2.0\n3.0\n4.0\n")
    text = 'length = 2s\nmarkers taps = "taps.txt"\naudio song = "song.wav" { beats = taps }\n'
    document, _ = parse(Source("film.anim", text))
    assert "E2125" in [d.code for d in check(document, world)[1]]


def test_cuts_of_a_song_are_on_its_beats_at_any_tempo(tmp_path: Path) -> None:
    """A song that grows faster: every scene ends on the beat that it is so many beats long to."""
    beats = 0.3 + np.concatenate([[0.0], np.cumsum(np.linspace(0.5, 0.4, 40))])
    text = (
        'audio song = "song.wav"\nscene a 8beats { prompt { 0s: "x" } }\nscene b 3bars { prompt { 0s: "y" } }'
    )
    film = heard(tmp_path, text, beats).film
    assert [float(shot.end) for shot in film.shots] == pytest.approx([float(beats[8]), float(beats[20])])


def test_a_track_whose_offset_is_told_has_its_cuts_on_beats(world: World) -> None:
    """A `bpm` alone says how long bars are, with an `offset` also where they stand."""
    for offset, end in (("0s", 3.75), ("200ms", 3.95), ("-0.1s", 3.65)):
        told = f'audio song = "song.wav" {{ bpm = 128; offset = {offset} }}'
        film, found = of(TEXT.replace('audio song = "song.wav"', told), world)
        assert found == []
        assert float(film.shots[0].end) == pytest.approx(end, abs=1e-9)
        assert float(film.shots[1].length) == pytest.approx(1.875, abs=1e-9)

"""Musical time wherever a time may stand, under a tempo that grows from 120 to 150 in half a minute."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import codes, compiled, film_of, frames_of

from anim_compiler.asking import Asked
from anim_compiler.curves import Evaluator
from anim_compiler.functions.registry import Array
from anim_compiler.listening import Listener, film_clock
from anim_compiler.takes import takes
from anim_compiler.world import World

NOWHERE = World(Path("nowhere"), Path("nowhere"))
TEMPO = "size = 64x64\nfps = 24\nbpm = 0s: 120, 30s: 150\n"
HEAD = TEMPO + "length = 30s\n"
TIMES = np.arange(720) / 24


def beats(seconds: Array | float) -> Array:
    """The integral of the tempo, by hand: 2 beats a second and a 60th more every second."""
    at = np.asarray(seconds, dtype=np.float64)
    return np.asarray(2.0 * at + at * at / 120.0)


def second(beat: Array | float) -> Array:
    """The other way round."""
    return np.asarray(-120.0 + np.sqrt(14400.0 + 120.0 * np.asarray(beat, dtype=np.float64)))


def at_beat(beat: float) -> float:
    return float(second(beat))


def probe(expr: str, head: str = HEAD) -> Array:
    return Asked(film_of(f"{head}let probe = {expr}\n"), NOWHERE).curve("probe")


def test_the_clock_counts_the_beats_of_the_map() -> None:
    assert probe("beats") == pytest.approx(beats(TIMES), abs=1e-9)
    assert probe("bars") == pytest.approx(beats(TIMES) / 4, abs=1e-9)
    assert probe("bars", HEAD + "beats_per_bar = 3\n") == pytest.approx(beats(TIMES) / 3, abs=1e-9)


@pytest.mark.parametrize("count", [1, 3, 0.5])
def test_every_falls_on_the_beats(count: float) -> None:
    events = second(np.arange(0, 68, count))
    frames = np.unique(np.floor(events * 24 + 1e-9).astype(int))
    assert np.flatnonzero(probe(f"every({count}beats)")).tolist() == frames[frames < 720].tolist()


def test_waves_swing_with_the_music() -> None:
    turns = beats(TIMES) / 4
    assert probe("sine(4beats)") == pytest.approx(np.sin(2 * np.pi * turns), abs=1e-8)
    assert probe("sine(1bar)") == pytest.approx(np.sin(2 * np.pi * turns), abs=1e-8)
    assert probe("pulse(4beats, 0.5)") == pytest.approx(np.where(turns % 1 < 0.5, 1.0, 0.0))
    assert probe("saw(2 * 2beats)") == pytest.approx(probe("saw(4beats)"), abs=1e-9)


def test_filters_take_beats_at_the_tempo_there() -> None:
    passed = beats(TIMES)
    assert probe("delay(beats, 3beats)") == pytest.approx(np.maximum(passed - 3, 0), abs=1e-6)
    # 5% are left after two beats, wherever the trigger fired
    fell = probe("decay(every(8beats), 2beats)")
    for beat in (8, 48):
        fired = int(np.floor(second(beat) * 24))
        later = fired + 12
        assert fell[later] == pytest.approx(0.05 ** ((passed[later] - passed[fired]) / 2), rel=1e-6)
    # one beat after a step 95% of it are reached, by an envelope whose constant is a beat there
    followed = probe("envelope((0: 0 hold, 48beats: 1), 1beat, 1beat)")
    first = int(np.ceil(second(48) * 24))
    frame = first + 9
    assert 1 - followed[frame] == pytest.approx(0.05 ** (passed[frame] - passed[first - 1]), rel=1e-6)
    assert probe("smooth(beats, 2beats)")[300:400] == pytest.approx(passed[300:400], abs=0.01)
    moved = probe("slew((0: 0 hold, 8s: 100), 1 per beat)")
    assert moved[-1] == pytest.approx(passed[719] - passed[191], abs=1e-6)


def test_a_blur_of_beats_is_narrower_where_the_music_is_faster() -> None:
    """Its deviation is half a beat there: a unit step is at 84.1% that much later."""
    for at in (4.0, 26.0):
        soft = probe(f"smooth((0: 0 hold, {at}s: 1), 4beats)")
        sigma = 2 / (2 + at / 60)
        reached = np.interp(0.8413, soft, TIMES) - (at - 1 / 48)
        assert reached == pytest.approx(sigma, rel=0.01)


def test_a_loop_begins_again_with_the_beat() -> None:
    looped = probe("loop(beats, 4beats)")
    turn = beats(TIMES) % 4
    away = np.minimum(turn, 4 - turn) > 0.1
    assert looped[away] == pytest.approx(turn[away], abs=1e-6)


def test_speeds_per_beat_go_as_far_as_the_music() -> None:
    film = film_of(HEAD + 'prompt { 0s: "a" }\ncamera 2d { translation_x = 20px per 4beats }')
    assert Asked(film, NOWHERE).curve("camera.translation_x") == pytest.approx(5 * beats(TIMES), abs=1e-6)
    film = film_of(HEAD + 'prompt { 0s: "a" }\ncamera 3d { pan = 90deg per bar }')
    assert Asked(film, NOWHERE).curve("camera.pan")[-1] == pytest.approx(22.5 * beats(719 / 24), abs=1e-6)


def test_keys_stand_at_their_beats() -> None:
    curve = probe("(0: 0, 16beats: 1, 8bars: 3)")
    assert curve == pytest.approx(np.interp(TIMES, [0, at_beat(16), at_beat(32)], [0, 1, 3]), abs=1e-9)


def test_beats_behind_a_second_last_from_there() -> None:
    """`12s + 2beats`: two beats after that second, at the tempo there; before a scene's end likewise."""
    at = at_beat(float(beats(12.0)) + 2)
    curve = probe("(0: 0, 12s + 2beats: 1)")
    assert curve == pytest.approx(np.interp(TIMES, [0, at], [0, 1]), abs=1e-9)
    named = probe("(0: 0, drop + 2beats: 1)", HEAD + "let drop = 12s\n")
    assert named == pytest.approx(curve)
    last = probe("(0: 0, 100% - 4beats: 1)")
    assert last == pytest.approx(np.interp(TIMES, [0, at_beat(float(beats(30.0)) - 4)], [0, 1]), abs=1e-9)
    mixed = probe("(0: 0, 8beats + 500ms: 1)")
    assert mixed == pytest.approx(np.interp(TIMES, [0, at_beat(8) + 0.5], [0, 1]), abs=1e-9)


def test_scenes_transitions_and_lengths_are_told_by_the_map() -> None:
    film = film_of(
        TEMPO + 'scene a 8beats { prompt { 0s: "x" } }\n'
        'scene b 4bars { prompt { 0s: "y" }; transition = crossfade(1bar) }\n'
        'scene c 2s { prompt { 0s: "z" }; transition = dip(2beats) }\n'
        "loop = on; loop_time = 2beats\n"
    )
    a, b, c = film.shots
    assert [float(a.end), float(b.end)] == pytest.approx([float(second(8)), float(second(24))], abs=1e-12)
    assert float(b.transition.seconds) == pytest.approx(second(12) - second(8), abs=1e-12)
    assert float(c.transition.seconds) == pytest.approx(second(26) - second(24), abs=1e-12)
    assert float(film.loop_time) == pytest.approx(second(2), abs=1e-12)
    whole = film_of(TEMPO + 'length = 8bars\nprompt { 0s: "x" }')
    assert float(whole.length) == pytest.approx(second(32), abs=1e-12)


def test_lengths_of_an_even_tempo_stay_exact() -> None:
    film = film_of('bpm = 128\nscene a 3beats { prompt { 0s: "x" } }\nscene b 1bar { prompt { 0s: "y" } }')
    assert [shot.end for shot in film.shots] == [Fraction(45, 32), Fraction(105, 32)]
    film = film_of(
        'bpm = 0s: 120 hold, 2s: 90\nscene a 4beats { prompt { 0s: "x" } }\n'
        'scene b 3beats { prompt { 0s: "y" } }'
    )
    assert [shot.end for shot in film.shots] == [2, 4]


def test_a_scene_counts_from_the_beat_nearest_its_start() -> None:
    text = TEMPO + 'scene a 5s { prompt { 0s: "x" } }\nscene b 9s { prompt { 0s: "y" }; let probe = beats }'
    found = Asked(film_of(text), NOWHERE, "b").curve("probe")
    times = np.arange(120, 120 + 216) / 24
    assert found == pytest.approx(beats(times) - round(float(beats(5.0))), abs=1e-9)


def test_a_morph_takes_its_beats_before_the_key() -> None:
    made = compiled(HEAD + 'prompt { 0s: "a"; 48beats: "b"; morph_time = 4beats; 56beats: "c" hold }')
    mix = made.columns["prompt.mix"]
    landed = int(second(48) * 24)
    begins = second(beats(landed / 24) - 4) * 24
    inside = np.arange(int(np.ceil(begins)) + 1, landed)
    assert mix[inside] == pytest.approx((inside - begins) / (landed - begins), abs=1e-6)
    assert mix[int(begins) - 1] == 0


def test_diffused_frames_are_those_of_the_beats() -> None:
    made = compiled(HEAD + 'prompt { 0s: "a" }\ncoherence { cadence = on(every(2beats)) }')
    assert made.plan is not None
    wanted = np.floor(second(np.arange(0.0, 68.0, 2.0)) * 24 + 1e-9).astype(int)
    assert set(np.flatnonzero(np.array(frames_of(made).kinds) != "tween")) == {
        0,
        719,
        *wanted[wanted < 720].tolist(),
    }


@pytest.mark.parametrize("rate", ["12", "24000/1001", "30000/1001", "60"])
def test_another_rate_shows_the_same_music(rate: str) -> None:
    """Lengths in beats, cuts and peaks stay where they are in seconds, to a frame."""
    text = (
        TEMPO + 'scene a 8beats { prompt { 0s: "x" } }\n'
        'scene b 24beats { prompt { 0s: "y" } }\nlet hit = every(4beats)\nlet swing = sine(4beats)\n'
    )
    film, fps = film_of(text), Fraction(rate)
    evaluator = Evaluator(film_clock(film, Listener(film, NOWHERE), fps=fps))
    step = 1 / float(fps)
    made = takes(film, evaluator, Listener(film, NOWHERE))
    assert made[1].clock.first * step - second(8) == pytest.approx(step / 2, abs=step / 2 + 1e-9)
    assert evaluator.clock.frames * step == pytest.approx(second(32), abs=step)
    hits = np.flatnonzero(evaluator.column(film.lets["hit"].expr)) * step
    wanted = second(np.arange(0.0, 32.0, 4.0))
    # what happens on the cut is on the first frame of the scene that it opens
    assert hits[2] == pytest.approx(made[1].clock.first * step)
    others = np.delete(wanted - hits, 2)
    assert (others >= -1e-9).all()
    assert (others < step).all()
    at = evaluator.clock.times
    swing = evaluator.column(film.lets["swing"].expr)
    assert swing == pytest.approx(np.sin(2 * np.pi * beats(at) / 4), abs=1e-8)


def test_layers_that_count_in_beats_have_a_tempo() -> None:
    made = compiled(
        'length = 1s; bpm = 120\nprompt { 0s: "a" }\n'
        'layer words { text = "hey"; opacity = pulse(1beat, 50%) }'
    )
    assert made.plan is not None, made.diagnostics


@pytest.mark.parametrize(
    "written",
    [
        "bpm = 0s: 120, 30s: 150",
        "bpm = 0s: 2hz, 30s: 150bpm",
        "bpm = 0: (120), 720: (150)",
        "bpm {\n  0s: 120\n  30s: 150\n}",
    ],
)
def test_a_tempo_is_written_as_any_list(written: str) -> None:
    assert probe("beats", f"fps = 24; length = 30s\n{written}\n") == pytest.approx(beats(TIMES), abs=1e-8)


def test_a_list_of_one_tempo_is_that_tempo() -> None:
    assert film_of("length = 1s; bpm = 0s: 120\n").tempo.bpm == 120


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("bpm = 0s: 120, 2beats: 140", "E2120"),
        ("bpm = 0s: 120, 2s: 120 + t", "E2121"),
        ("bpm = 0s: 120, 2s: 3 per s", "E3009"),
        ("bpm = 0s: 120 ease_in, 2s: 140", "E2122"),
        ("bpm = 0s: 120, 2s: 140 with smooth", "E2122"),
        ("bpm = 0s: 120, 2s: 0", "E3075"),
        ("bpm = 0s: 120, 2s: 5000", "E3075"),
        ("bpm = 0s: 120, 50%: 130", "E3004"),
        ("bpm = 0s: 120deg, 1s: 130deg", "E3001"),
    ],
)
def test_what_is_no_tempo_is_said_once(written: str, code: str) -> None:
    assert codes(
        f'length = 9s\n{written}\nprompt {{ 0s: "a" }}\ncamera 2d {{ zoom = 1 + sine(2beats) }}'
    ) == [code]


def test_a_tempo_that_changes_is_another_film() -> None:
    """What a column is remembered by knows the whole map."""
    a, b = (film_of(HEAD.replace("150", last) + "let probe = beats\n") for last in ("150", "151"))
    clocks = [film_clock(film, Listener(film, NOWHERE)) for film in (a, b)]
    assert repr(clocks[0]) != repr(clocks[1])
    assert replace(a.tempo) != b.tempo


@pytest.mark.parametrize("period", ["1beat - 1beat", "-1beat", "0 * 1beat", "0beats"])
def test_a_period_without_length_is_refused(period: str) -> None:
    assert "E3003" in codes(f"{HEAD}let probe = every({period})\n")


def test_a_period_that_vanishes_under_the_tempo_is_no_number() -> None:
    found = compiled(HEAD + 'prompt { 0s: "a" }\ncamera 2d { zoom = 1 + every(1beat - 600ms) }')
    assert [d.code for d in found.diagnostics] == ["E5001"]


def test_sums_of_beats_and_seconds_are_periods_too() -> None:
    """Reckoned in beats at the tempo there, which is what it is where the music begins."""
    assert np.flatnonzero(probe("every(1beat + 1s)"))[:2].tolist() == [0, int(second(3) * 24)]
    long = " + ".join(["0.01beats"] * 100)
    assert probe(f"sine({long})") == pytest.approx(probe("sine(1beat)"), abs=1e-6)

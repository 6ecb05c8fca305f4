"""What each level of a track hears, on sounds whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.compiler.film_texts import film_of
from tests.compiler.measured import MEASURED, fires, heard, read, tone
from tests.compiler.songs import RATE, play

from anim_compiler.asking import Asked
from anim_compiler.audio import groups_for
from anim_compiler.audio.block import HOPS
from anim_compiler.audio.measure import measure
from anim_compiler.world import World


def test_a_bass_alone_drives_no_treble() -> None:
    song = play("rock", bpm=100, seconds=8, parts=("bass",), seed=1)
    for samples in (song.stems["bass"], tone(60, 3), tone(110, 3)):
        analysis = heard(samples, {"core"})
        assert read(analysis, "bass").max() > 0.8
        assert read(analysis, "treble").max() < 0.1
    steady = read(heard(tone(90, 3), {"core"}), "bass")[int(0.3 * HOPS) : -int(0.3 * HOPS)]
    assert steady.min() > 0.8
    assert read(heard(tone(90, 3), {"core"}), "mid").max() < 0.1


def test_noise_beneath_the_music_is_not_magnified() -> None:
    rng = np.random.default_rng(0)
    quiet = tone(110, 4) + 0.001 * rng.standard_normal(4 * RATE)
    analysis = heard(quiet, {"core", "drums", "parts", "band-5000-9000"})
    inside = slice(int(0.3 * HOPS), -int(0.3 * HOPS))
    for name in ("treble", "hat", "snare", "kick", "percussive", "onset"):
        assert read(analysis, name)[inside].max() < 0.35, name
    assert read(analysis, "band", 5000.0, 9000.0)[inside].max() < 0.1


def test_drums_and_tones_are_parted() -> None:
    song = play("rock", bpm=100, seconds=8, parts=("pad", "voice"), seed=3)
    drums = np.sum([song.stems[name] for name in ("kick", "snare", "hat")], axis=0)
    tones = song.stems["pad"] + song.stems["voice"]
    for samples, more, less in ((drums, "percussive", "harmonic"), (tones, "harmonic", "percussive")):
        analysis = heard(samples, {"parts"})
        power = [
            float((analysis.groups["parts"][name].astype(np.float64) ** (1 / 0.3)).sum())
            for name in (more, less)
        ]
        assert power[0] > 2 * power[1], more
    low, sung = (
        read(heard(samples, {"parts"}), "vocal_band") for samples in (tone(90, 2), song.stems["voice"])
    )
    assert low.max() < 0.1
    assert sung.max() > 0.8


def test_notes_are_told_apart() -> None:
    for hertz, note in ((440.0, 9), (220.0, 9), (261.63, 0), (466.16, 10), (98.0, 7)):
        analysis = heard(tone(hertz, 2), {"chroma"})
        strengths = [
            analysis.feature("chroma", np.array([1.0]), step=0.1, arguments=(n,))[0] for n in range(12)
        ]
        assert int(np.argmax(strengths)) == note
        assert strengths[note] > 0.9
        assert np.delete(strengths, note).max() < 0.2
    changing = np.concatenate([tone(440, 2), tone(329.63, 2)])
    analysis = heard(changing, {"chroma"})
    at = np.array([1.0, 3.0])
    assert analysis.feature("chroma", at, step=0.1, arguments=(9,)).tolist() == pytest.approx([1, 0], abs=0.1)
    assert analysis.feature("chroma", at, step=0.1, arguments=(4,)).tolist() == pytest.approx([0, 1], abs=0.1)


def test_a_band_hears_what_lies_within_it() -> None:
    (group,) = groups_for("band", (20.0, 80.0)) - {"track"}
    assert group == "band-20-80"
    for hertz, least, most in ((50, 0.9, 1.0), (65, 0.9, 1.0), (120, 0.0, 0.1), (1000, 0.0, 0.1)):
        values = read(heard(tone(hertz, 2), {group}), "band", 20.0, 80.0)[int(0.3 * HOPS) : -int(0.3 * HOPS)]
        assert least <= values.min()
        assert values.max() <= most
    struck = np.concatenate([np.zeros(RATE), tone(50, 1)])
    assert fires(read(heard(struck, {group}), "band", 20.0, 80.0))[0] == pytest.approx(1.0, abs=0.03)


def test_a_band_of_any_edges_has_a_group_of_its_own() -> None:
    names = {
        next(iter(groups_for("band", edges) - {"track"}))
        for edges in ((20, 80), (20, 80.5), (0, 11025), (440, 441))
    }
    assert names == {"band-20-80", "band-20-80.5", "band-0-11025", "band-440-441"}
    assert read(heard(tone(440.5, 2), {"band-440-441"}), "band", 440.0, 441.0)[100:200].min() > 0.8


@pytest.mark.parametrize("offset", [0.01, -0.4])
def test_what_stands_still_is_no_sound(offset: float) -> None:
    song = 0.3 * play("rock", bpm=100, seconds=4, parts=("bass",), seed=1).samples
    pause = np.zeros(2 * RATE)
    plain, shifted = (
        heard(np.concatenate([song, pause]) + by, {"core", "parts", "drums"}) for by in (0.0, offset)
    )
    for name in ("bass", "mid", "treble", "percussive", "kick", "silence"):
        assert np.abs(read(plain, name) - read(shifted, name)).max() < 0.05, name
    assert np.abs(read(plain, "loudness") - read(shifted, "loudness")).max() < 1.0
    alone = heard(np.full(2 * RATE, offset), {"core"})
    assert read(alone, "silence").min() == 1.0
    assert read(alone, "energy")[50:-50].max() == 0.0


def test_silence_has_two_thresholds() -> None:
    rng = np.random.default_rng(1)
    music = tone(330, 1, 0.3)
    breath = np.zeros(RATE // 10)  # too short to be one
    floor = 0.0005 * rng.standard_normal(RATE)
    track = np.concatenate([floor, music, breath, music, floor, music])
    values = read(heard(track, {"core"}), "silence")
    assert set(values) == {0.0, 1.0}
    edges = np.flatnonzero(np.diff(values)) / HOPS
    assert edges == pytest.approx([1.0, 3.1, 4.1], abs=0.03)
    late = heard(track, {"core"}).feature("silence", np.array([-1.0, 99.0]), step=0.1)
    assert late.tolist() == [1.0, 1.0]


def test_loudness_is_in_decibels_as_broadcasters_measure() -> None:
    # BS.1770: a sine of 997 Hz at full scale reads -3.01 LKFS in one channel
    for level, expected in ((1.0, -3.0), (0.1, -23.0), (0.01, -43.0), (0.0, -70.0)):
        values = read(heard(tone(997, 2, level), {"core"}), "loudness")
        assert values[len(values) // 2] == pytest.approx(expected, abs=0.3)
    quieter = read(heard(tone(997, 2), {"core"}, gain_db=-6.0), "loudness")[150]
    assert quieter == pytest.approx(-15.0, abs=0.3)
    assert read(heard(tone(40, 2), {"core"}), "loudness")[150] < -12.0


def test_fixed_levels_keep_the_relation_of_stems() -> None:
    for name in ("energy", "mid", "harmonic"):
        loud, quiet = (
            read(heard(tone(440, 2, level), fixed=1.0), name)[100:200].mean() for level in (0.5, 0.05)
        )
        assert quiet < 0.4 * loud
        own = [read(heard(tone(440, 2, level)), name)[100:200].mean() for level in (0.5, 0.05)]
        assert own == pytest.approx([1.0, 1.0], abs=0.1)
    # -6 dB of full scale is 1, -60 is 0
    top = read(heard(tone(440, 2, 10 ** (-3 / 20)), {"core"}, fixed=1.0), "energy")[150]
    assert top == pytest.approx(1.0, abs=0.01)
    louder = read(heard(tone(440, 2, 0.05), {"core"}, fixed=1.0, gain_db=20.0), "energy")[150]
    assert louder == pytest.approx(read(heard(tone(440, 2), {"core"}, fixed=1.0), "energy")[150], abs=0.01)


def test_how_the_decoder_cuts_a_track_changes_nothing() -> None:
    samples = play("rock", bpm=120, seconds=7, parts=("pad",)).samples
    groups = MEASURED | {"band-30-90"}
    whole = measure([samples], groups)
    pieces = measure(np.array_split(samples, [1, 700, 33_000, 33_001, 100_000]), groups)
    for group, curves in whole.items():
        for name, curve in curves.items():
            assert np.array_equal(pieces[group][name], curve), (group, name)


@pytest.mark.parametrize("count", [1, 127, 128, 129, 5000, 256 * 128, 256 * 128 + 1])
def test_short_tracks_have_every_feature(count: int) -> None:
    rng = np.random.default_rng(count)
    for samples in (0.3 * rng.standard_normal(count), np.zeros(count)):
        curves = measure([samples.astype(np.float32)], MEASURED | {"band-20-80"})
        for group in curves.values():
            for curve in group.values():
                assert np.isfinite(curve).all()


def test_librosa_is_not_needed(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, numpy as np\n"
        "from anim_compiler.audio.measure import measure\n"
        "from anim_compiler.audio.groups import STANDARD, sources\n"
        "measure([np.zeros(40000, np.float32)], [g for g in STANDARD if not sources(g)])\n"
        "print([m for m in ('librosa', 'numba', 'torch', 'cv2', 'scipy.signal') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert shown.stdout.strip() == "[]"


def test_a_film_says_what_its_levels_are(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "loud.wav", tone(440, 1), RATE)
    soundfile.write(tmp_path / "quiet.wav", tone(440, 1, 0.05), RATE)
    film = film_of(
        'length = 1s; size = 64x64; prompt { 0s: "a" }\n'
        'audio loud = "loud.wav" { normalize = fixed }\n'
        'audio quiet = "quiet.wav" { normalize = fixed }\n'
        'audio same = "quiet.wav"\n'
        'audio louder = "quiet.wav" { normalize = fixed; gain = 20db }\n',
        tmp_path,
    )
    asked = Asked(film, World(tmp_path, tmp_path))
    loud, quiet, same, louder = (
        asked.curve(f"{name}.energy")[12] for name in ("loud", "quiet", "same", "louder")
    )
    assert quiet < 0.4 * loud
    assert same == pytest.approx(1.0, abs=0.1)
    assert louder == pytest.approx(loud, abs=0.01)
    assert asked.curve("louder.loudness")[12] == pytest.approx(asked.curve("loud.loudness")[12], abs=0.05)


def test_a_note_has_a_number_and_a_name(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(440, 1), RATE)
    head = 'length = 1s; size = 64x64; prompt { 0s: "a" }\naudio song = "a.wav"\n'
    film = film_of(
        head + 'let one = chroma("A")\nlet two = song.chroma(9)\nlet three = chroma("Bb")\n', tmp_path
    )
    asked = Asked(film, World(tmp_path, tmp_path))
    assert np.array_equal(asked.curve("one"), asked.curve("two"))
    assert asked.curve("one")[12] > 0.9
    assert asked.curve("three")[12] < 0.1

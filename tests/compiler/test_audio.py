from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.compiler.audio_tracks import RATE, drums, f_measure, kick, put, write

from anim_compiler.audio import FEATURE_RANGES, FEATURES, Analysis, AudioError, analyse
from anim_compiler.audio.block import HOP
from anim_compiler.audio.decode import blocks
from anim_compiler.audio.groups import STANDARD, groups_for
from anim_compiler.audio.measure import measure

ARGUMENTS = {"band": (20.0, 80.0), "chroma": (9.0,)}
ALL = STANDARD | {"band-20-80"}
BEATS = groups_for("beat")


def listen(path: Path, groups: Collection[str] = ALL, **more: float) -> Analysis:
    bpm, offset = more.get("bpm"), more.get("offset", 0.0)
    return analyse(path, sha256="x", cache=None, groups=groups, bpm=bpm, offset=offset)


def decode(path: Path) -> NDArray[np.float32]:
    return np.concatenate(list(blocks(path)))


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    samples, _ = drums(120, 12, "four", start=0.0)
    return listen(write(tmp_path_factory.mktemp("loop") / "loop.wav", samples))


@pytest.mark.parametrize("pattern", ["kick", "four", "rock"])
@pytest.mark.parametrize("bpm", [90, 120, 128, 174])
def test_beats_are_found(tmp_path: Path, bpm: float, pattern: str) -> None:
    samples, beats = drums(bpm, 20, pattern)
    analysis = listen(write(tmp_path / "track.wav", samples), BEATS)
    assert analysis.tempo == pytest.approx(bpm, abs=0.1)
    heard = analysis.beats[analysis.beats > beats[0] - 0.1]  # the grid is carried on into the silence before
    assert f_measure(beats, heard) >= 0.95


def test_beats_follow_a_tempo_that_changes(tmp_path: Path) -> None:
    steps = np.linspace(0.55, 0.45, 40)
    beats = 0.2 + np.concatenate([[0.0], np.cumsum(steps)])
    track = np.zeros(int((beats[-1] + 0.5) * RATE))
    for beat in beats:
        put(track, kick(), beat)
    analysis = listen(write(tmp_path / "track.wav", track), BEATS)
    assert f_measure(beats, analysis.beats) >= 0.95
    tempo = analysis.feature("tempo", np.array([2.0, 19.0]), step=0.1)
    assert tempo[1] - tempo[0] > 10


def test_a_click_is_where_it_is(tmp_path: Path) -> None:
    for at in (1.0, 1.0023, 1.7041):
        samples = np.zeros(3 * RATE)
        samples[round(at * RATE)] = 1.0
        core = measure([decode(write(tmp_path / "click.wav", samples))], ["core"])["core"]
        for name in ("onset", "treble", "energy"):
            assert int(core[name].argmax()) * HOP / 22_050 == pytest.approx(at, abs=0.004)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, NDArray[np.float64]]:
    """Three minutes of kicks as they are heard, and where they are."""
    samples, beats = drums(128, 180, "kick", start=0.0)
    return listen(write(tmp_path_factory.mktemp("long") / "long.flac", 0.9 * samples), BEATS), beats


@pytest.mark.parametrize("fps", [24_000 / 1001, 24.0, 30_000 / 1001, 60.0])
def test_nothing_drifts_over_three_minutes(long: tuple[Analysis, NDArray[np.float64]], fps: float) -> None:
    analysis, beats = long
    times = np.arange(int(180 * fps)) / fps
    marked = np.flatnonzero(analysis.feature("beat", times, step=1 / fps))
    truth = np.floor(beats * fps + 1e-6)
    assert marked.size == beats.size
    assert np.abs(marked - truth).max() <= 1
    assert np.mean(marked == truth) > 0.9
    # seconds by which the beats' phase is off; a rate taken for its neighbour would be 180 ms late at the end
    off = analysis.feature("beat_phase", times, step=1 / fps) - times * (128 / 60)
    off = (off - np.round(off)) * (60 / 128)
    assert abs(off[times > 120].mean() - off[times < 60].mean()) < 0.001


def test_bass_pulses_with_the_kick(loop: Analysis) -> None:
    for fps in (12, 24, 25, 30):
        times = np.arange(int(11 * fps)) / fps
        bass = loop.feature("bass", times, step=1 / fps)
        since = (times + 1e-6) % 0.5
        on = since < 1 / fps - 1e-5  # the frame that begins with the kick, or the first after it
        before = (since > 0.38) & (since < 0.45)
        assert bass[on].min() > 0.5, fps
        assert bass[before].max() < 0.15, fps


def test_curves_stay_in_their_ranges(loop: Analysis) -> None:
    times = np.linspace(-1, 14, 4001)
    for name in FEATURES:
        values = loop.feature(name, times, step=1 / 24, arguments=ARGUMENTS.get(name, ()))
        low, high = FEATURE_RANGES[name]
        assert values.dtype == np.float64
        assert values.min() >= low, name
        assert values.max() <= high, name
        outside = {"loudness": -70.0, "silence": 1.0}.get(name, 0.0)
        assert (values[(times < 0) | (times >= 12)] == outside).all(), name
    for name in ("bass", "mid", "treble", "energy", "onset"):
        assert np.ptp(loop.feature(name, times, step=1 / 24)) > 0.9, name


def test_bands_tell_low_from_high(tmp_path: Path) -> None:
    time = np.arange(3 * RATE) / RATE
    tones = [np.sin(2 * np.pi * hertz * time) * ((time >= part) & (time < part + 1)) for part, hertz in
             enumerate((80, 1_000, 8_000))]  # fmt: skip
    analysis = listen(write(tmp_path / "tones.wav", 0.5 * np.sum(tones, axis=0)))
    middle = np.array([0.5, 1.5, 2.5])
    for index, name in enumerate(("bass", "mid", "treble")):
        values = analysis.feature(name, middle, step=0.1)
        assert values[index] > 0.9
        assert np.delete(values, index).max() < 0.2
    assert (np.diff(analysis.feature("centroid", middle, step=0.1)) > 0.2).all()


def test_beat_marks_the_frame_that_holds_it(loop: Analysis) -> None:
    times = np.arange(120) / 12
    assert np.flatnonzero(loop.feature("beat", times, step=1 / 12)).tolist() == list(range(0, 120, 6))
    downbeats = np.flatnonzero(loop.feature("downbeat", times, step=1 / 12))
    assert (np.diff(downbeats) == 24).all()
    phase = loop.feature("beat_phase", times[:6], step=1 / 12)
    assert phase == pytest.approx(np.arange(6) / 6, abs=0.02)


def test_silence_is_nothing(tmp_path: Path) -> None:
    analysis = listen(write(tmp_path / "silence.wav", np.zeros(2 * RATE)))
    times = np.arange(0, 2, 0.01)
    assert analysis.duration == pytest.approx(2.0, abs=0.001)
    assert (analysis.tempo, analysis.beats.size) == (0.0, 0)
    for name in FEATURES:
        values = analysis.feature(name, times, step=0.01, arguments=ARGUMENTS.get(name, ()))
        assert (values == {"loudness": -70.0, "silence": 1.0}.get(name, 0.0)).all(), name


def test_a_steady_tone_is_loud_and_still(tmp_path: Path) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 100 * np.arange(4 * RATE) / RATE)
    values = listen(write(tmp_path / "tone.wav", tone)).feature(
        "energy", np.arange(0.5, 3.5, 0.01), step=0.01
    )
    assert values.min() > 0.8


def test_loudness_of_the_file_does_not_matter(tmp_path: Path) -> None:
    samples, _ = drums(100, 8, "four")
    loud, quiet = (listen(write(tmp_path / f"{gain}.wav", samples * gain)) for gain in (0.9, 0.09))
    times = np.arange(0, 8, 0.02)
    for name in ("bass", "mid", "energy", "onset"):
        gap = np.abs(loud.feature(name, times, step=0.02) - quiet.feature(name, times, step=0.02))
        assert gap.max() < 0.05, name


@pytest.mark.parametrize(("bpm", "offset", "start"), [(100, 0.0, 0.37), (100, 0.3, 0.37), (87.5, 0.0, 0.1)])
def test_a_given_tempo_makes_an_even_grid(tmp_path: Path, bpm: float, offset: float, start: float) -> None:
    samples, _ = drums(bpm, 10, "rock", start=start)
    analysis = listen(write(tmp_path / "track.wav", samples), bpm=bpm, offset=offset)
    assert analysis.tempo == bpm
    assert np.diff(analysis.beats) == pytest.approx(60 / bpm)
    behind = (analysis.beats[0] - (offset or start)) / (60 / bpm)
    assert behind == pytest.approx(round(behind), abs=0.01)
    assert analysis.beats[0] < 60 / bpm
    assert analysis.beats[-1] < analysis.duration


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_formats_and_rates_agree(tmp_path: Path, name: str, rate: int) -> None:
    time = np.arange(2 * rate) / rate
    samples = 0.5 * np.sin(2 * np.pi * 440 * time) * (time > 0.5)
    stereo = np.stack([samples, samples], axis=1)
    soundfile.write(tmp_path / name, stereo, rate)
    decoded = decode(tmp_path / name)
    assert decoded.dtype == np.float32
    assert decoded.size == pytest.approx(44_100, abs=1200)  # MP3 pads to whole frames
    assert np.flatnonzero(np.abs(decoded) > 0.2)[0] / 22_050 == pytest.approx(0.5, abs=0.004)


def test_the_sound_of_a_video_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "film.m4a"
    tone = (0.4 * np.sin(2 * np.pi * 330 * np.arange(2 * RATE) / RATE)).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert decode(path).size / 22_050 == pytest.approx(2.0, abs=0.06)


@pytest.mark.parametrize("name", ["song.wav", "song.mp3", "song.ogg", "song.m4a", "song"])
@pytest.mark.parametrize("content", [b"", b"no sound at all " * 99, b"\x00" * 4096])
def test_what_is_no_sound_says_so(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AudioError, match="song") as caught:
        decode(path)
    assert caught.value.message
    assert caught.value.hint


def test_a_missing_file_and_a_picture_say_so(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no file"):
        decode(tmp_path / "nothing.wav")
    import PIL.Image

    PIL.Image.new("RGB", (16, 16)).save(tmp_path / "still.png")
    with pytest.raises(AudioError, match="still"):
        decode(tmp_path / "still.png")


def test_cut_and_damaged_files_never_hang_or_crash(tmp_path: Path) -> None:
    samples, _ = drums(120, 3, "four")
    rng = np.random.default_rng(0)
    for name in ("a.wav", "a.flac", "a.ogg", "a.mp3"):
        whole = write(tmp_path / name, samples * 0.5).read_bytes()
        for _ in range(6):
            data = np.frombuffer(whole, np.uint8).copy()
            data[rng.integers(0, data.size, 40)] = rng.integers(0, 256, 40)
            (tmp_path / name).write_bytes(data[: int(rng.integers(10, data.size))].tobytes())
            with contextlib.suppress(AudioError):
                assert np.isfinite(decode(tmp_path / name)).all()


def test_samples_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    samples, _ = drums(120, 4, "four")
    samples[1000:2000], samples[5000], samples[6000] = np.nan, np.inf, 1e30
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    analysis = listen(tmp_path / "a.wav")
    for curve in analysis.groups["core"].values():
        assert np.isfinite(curve).all()


def test_too_many_samples_a_second_is_said(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(100), 500)
    with pytest.raises(AudioError, match="500 samples a second"):
        decode(tmp_path / "a.wav")


def test_a_track_is_heard_once(tmp_path: Path) -> None:
    samples, _ = drums(120, 5, "four")
    path, cache = write(tmp_path / "a.wav", samples), tmp_path / "cache"
    first = analyse(path, sha256="abc", cache=cache)
    path.unlink()
    again = analyse(path, sha256="abc", cache=cache)
    assert again.beats.tolist() == first.beats.tolist()
    assert again.duration == first.duration
    for group, curves in first.groups.items():
        for name, curve in curves.items():
            assert np.array_equal(again.groups[group][name], curve)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", None])
def test_a_damaged_cache_entry_is_heard_again(tmp_path: Path, damage: bytes | None) -> None:
    samples, _ = drums(120, 5, "four")
    path, cache = write(tmp_path / "a.wav", samples), tmp_path / "cache"
    first = analyse(path, sha256="abc", cache=cache)
    kept = next(each for each in sorted((cache / "audio").iterdir()) if "-core-" in each.name)
    whole = kept.read_bytes()
    kept.write_bytes(damage if damage is not None else whole[: len(whole) // 2] + b"\x00" * 99)
    again = analyse(path, sha256="abc", cache=cache)
    assert again.beats.tolist() == first.beats.tolist()
    assert kept.stat().st_size == len(whole)


def test_a_cache_that_cannot_be_written_does_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    samples, _ = drums(120, 3, "four")
    assert analyse(write(tmp_path / "a.wav", samples), sha256="a", cache=tmp_path / "cache").tempo > 0


def test_the_import_is_light() -> None:
    heavy = "librosa scipy numba soundfile soxr av torch"
    code = f"import sys, anim_compiler.audio; print([m for m in '{heavy}'.split() if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

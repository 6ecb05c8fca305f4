"""The sound of a film: where the track stands, how loud, and where it ends."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from anim_runtime.encode import AudioTrack, EncodeError, encode_video
from anim_runtime.encode.sound import RATE, Sound

FPS = Fraction(24000, 1001)


def write_wav(path: Path, samples: NDArray[np.float64], rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def click(at: float, seconds: float, rate: int = RATE) -> NDArray[np.float64]:
    """Silence with 5 ms of full sound from a moment on."""
    samples = np.zeros(round(seconds * rate))
    start = round(at * rate)
    samples[start : start + rate // 200] = 0.8
    return samples


def onset(samples: NDArray[np.float32]) -> int:
    return int(np.argmax(np.abs(samples[0]) > 0.3))


def decoded(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        stereo = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        parts = [p.to_ndarray() for f in container.decode(audio=0) for p in stereo.resample(f)]
    return np.concatenate(parts, axis=1).astype(np.float32)


def film(path: Path, track: AudioTrack, count: int = 48) -> None:
    grey = (np.full((32, 32, 3), 99, np.uint8) for _ in range(count))
    encode_video(grey, path, fps=FPS, width=32, height=32, audio=track)


@pytest.mark.parametrize(("offset", "lands"), [(0.0, 0.5), (0.2, 0.3), (-0.4, 0.9)])
def test_the_offset_is_the_second_of_the_track_at_film_time_0(
    tmp_path: Path, offset: float, lands: float
) -> None:
    track = AudioTrack(write_wav(tmp_path / "song.wav", click(0.5, 1.0)), offset=offset)
    sound = Sound(track)
    pieces = np.concatenate([sound.read(1000) for _ in range(60)], axis=1)
    assert onset(pieces) == round(lands * RATE)


def test_gain_is_in_decibels_and_clips(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "song.wav", np.full(4800, 0.5))
    halved = Sound(AudioTrack(path, gain_db=-6.0206)).read(2000)
    assert np.abs(halved - 0.25).max() < 1e-3
    assert Sound(AudioTrack(path, gain_db=20)).read(2000).max() == 1.0


def test_other_rates_keep_their_place(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "song.wav", click(0.5, 1.0, 22050), 22050)
    assert onset(Sound(AudioTrack(path)).read(RATE)) == pytest.approx(RATE / 2, abs=24)


def test_after_the_track_there_is_silence(tmp_path: Path) -> None:
    sound = Sound(AudioTrack(write_wav(tmp_path / "song.wav", np.full(100, 0.5))))
    piece = sound.read(300)
    assert piece.shape == (2, 300)
    assert not piece[:, 100:].any()
    assert not sound.read(50).any()


@pytest.mark.parametrize("name", ["film.mp4", "film.mov", "film.mkv", "film.webm"])
@pytest.mark.parametrize("seconds", [0.7, 9.0])
def test_sound_and_picture_end_together(tmp_path: Path, name: str, seconds: float) -> None:
    track = AudioTrack(write_wav(tmp_path / "song.wav", click(0.5, seconds)))
    film(tmp_path / name, track)
    samples = decoded(tmp_path / name)
    wanted = round(48 / FPS * RATE)
    # a lossy codec's last block may be played out: 1,024 samples of silence at most
    assert wanted <= samples.shape[1] <= wanted + 1024
    # 10 ms: the pre-echo of a lossy codec before a click
    assert onset(samples) == pytest.approx(RATE / 2, abs=RATE // 100)


def test_the_mp4_says_equal_durations(tmp_path: Path) -> None:
    film(tmp_path / "film.mp4", AudioTrack(write_wav(tmp_path / "song.wav", click(0.1, 9.0))))
    with av.open(str(tmp_path / "film.mp4")) as container:
        ends = [s.duration * s.time_base for s in container.streams if s.duration and s.time_base]
    assert len(ends) == 2
    assert abs(ends[0] - ends[1]) < Fraction(1, 1000)


def test_prores_has_plain_samples(tmp_path: Path) -> None:
    track = AudioTrack(write_wav(tmp_path / "song.wav", click(0.5, 1.0)))
    grey = (np.full((32, 32, 3), 99, np.uint8) for _ in range(48))
    encode_video(grey, tmp_path / "film.mov", fps=FPS, width=32, height=32, codec="prores", audio=track)
    samples = decoded(tmp_path / "film.mov")
    assert samples.shape[1] == round(48 / FPS * RATE)
    assert onset(samples) == RATE // 2


def test_a_gif_is_silent(tmp_path: Path) -> None:
    film(tmp_path / "film.gif", AudioTrack(write_wav(tmp_path / "song.wav", click(0.1, 1.0))), 4)
    with av.open(str(tmp_path / "film.gif")) as container:
        assert not container.streams.audio


@pytest.mark.parametrize("content", [b"", b"this is not a song" * 40], ids=["empty", "text"])
def test_a_track_that_is_no_sound_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    with pytest.raises(EncodeError, match=r"song\.mp3") as caught:
        film(tmp_path / "film.mp4", AudioTrack(path))
    assert caught.value.hint
    assert [p.name for p in tmp_path.iterdir()] == ["song.mp3"]


def test_a_missing_track_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"gone\.wav"):
        film(tmp_path / "film.mp4", AudioTrack(tmp_path / "gone.wav"))


@pytest.mark.parametrize(
    ("name", "codec", "samples"),
    [
        ("a.mkv", "ffv1", 0),
        ("a.mov", "prores", 0),
        ("a.mp4", None, 240),
        ("b.mov", None, 240),
        ("b.mkv", None, 240),
        ("a.webm", None, 240),
    ],
)
def test_a_click_at_one_second_is_heard_at_one_second(
    tmp_path: Path, name: str, codec: str | None, samples: int
) -> None:
    """By its presentation time: what an encoder puts before the sound is in the file's times. 5 ms for
    lossy codecs, whose pre-echo comes first.
    """
    track = AudioTrack(write_wav(tmp_path / "song.wav", click(1.0, 2.0)))
    grey = (np.full((64, 64, 3), 99, np.uint8) for _ in range(48))
    encode_video(grey, tmp_path / name, fps=Fraction(24), width=64, height=64, codec=codec, audio=track)
    with av.open(str(tmp_path / name)) as container:
        heard = np.zeros(3 * RATE)
        stereo = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        for frame in container.decode(audio=0):
            assert frame.time is not None
            start = round(frame.time * RATE)
            for piece in stereo.resample(frame):
                samples_of = piece.to_ndarray()[0]
                skipped = max(0, -start)
                heard[max(0, start) : max(0, start) + len(samples_of) - skipped] = samples_of[skipped:]
                start += len(samples_of)
    assert int(np.argmax(np.abs(heard) > 0.3)) == pytest.approx(RATE, abs=samples)


@pytest.mark.parametrize("codec", ["prores", "ffv1"])
def test_lossless_sound_has_24_bits(tmp_path: Path, codec: str) -> None:
    """A tone of less than half a step of 16 bits is still there."""
    import soundfile

    quiet = 1e-5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    soundfile.write(tmp_path / "song.wav", quiet, RATE, subtype="FLOAT")
    name = tmp_path / ("a.mov" if codec == "prores" else "a.mkv")
    grey = (np.full((32, 32, 3), 99, np.uint8) for _ in range(24))
    encode_video(
        grey,
        name,
        fps=Fraction(24),
        width=32,
        height=32,
        codec=codec,
        audio=AudioTrack(tmp_path / "song.wav"),
    )
    found = decoded(name)[0][:RATE]
    assert np.abs(found - quiet).max() < 2.0**-23


@pytest.mark.parametrize(("tempo", "off"), [(0.3, 0.05), (0.5, 0.02), (1.5, 1 / 24), (4.0, 1 / 24)])
def test_at_another_tempo_the_pitch_stays(tmp_path: Path, tempo: float, off: float) -> None:
    """A tone of 440 Hz that begins at the second 1 of 3."""
    tone = np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE) * 0.6
    tone[:RATE] = 0.0
    sound = Sound(AudioTrack(write_wav(tmp_path / "song.wav", tone), tempo=tempo))
    heard = sound.read(round(3 / tempo * RATE))[0]
    assert np.argmax(np.abs(heard) > 0.3) / RATE == pytest.approx(1 / tempo, abs=off)
    piece = heard[round(1.2 / tempo * RATE) :][: RATE // 4]
    assert np.argmax(np.abs(np.fft.rfft(piece))) * 4 == pytest.approx(440, abs=8)


def test_at_another_tempo_the_offset_stays_a_second_of_the_track(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE) * 0.6
    tone[: 2 * RATE] = 0.0
    heard = Sound(AudioTrack(write_wav(tmp_path / "song.wav", tone), offset=1.0, tempo=2.0)).read(RATE)[0]
    assert np.argmax(np.abs(heard) > 0.3) / RATE == pytest.approx(0.5, abs=1 / 24)


def test_a_damaged_track_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    import soundfile

    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(3 * RATE) / RATE)
    path = tmp_path / "song.flac"
    soundfile.write(path, tone, RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    piece = Sound(AudioTrack(path)).read(3 * RATE)
    assert np.abs(piece[:, :RATE]).max() > 0.4
    assert not piece[:, 2 * RATE :].any()


def test_six_channels_become_two(tmp_path: Path) -> None:
    samples = np.zeros((RATE, 6))
    samples[:, 0] = click(0.5, 1.0)
    import soundfile

    soundfile.write(tmp_path / "song.wav", samples, RATE)
    piece = Sound(AudioTrack(tmp_path / "song.wav")).read(RATE)
    assert onset(piece) == RATE // 2
    assert np.abs(piece[0]).max() > 2 * np.abs(piece[1]).max()

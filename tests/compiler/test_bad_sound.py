"""Sound that is empty, cut, damaged, silent or none: one clear word each, at the statement, and no crash."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.compiler.audio_tracks import drums
from tests.compiler.sound_files import by_ffmpeg
from tests.staging import staged

from anim_compiler.audio.decode import blocks
from anim_compiler.check import check
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.sound.probe import probe
from anim_compiler.sound.problem import AudioError
from anim_compiler.sound.seconds import in_seconds
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.parse import parse
from anim_dsl.source import Source

RATE = 22_050


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Three seconds of drums by kind of file."""
    folder = tmp_path_factory.mktemp("songs")
    samples = drums(120, 3, "four")[0].astype(np.float32)[::2] * 0.8
    for name in ("a.wav", "a.flac", "a.ogg", "a.mp3"):
        soundfile.write(folder / name, samples, RATE)
    for name in ("a.m4a", "a.mkv"):
        by_ffmpeg(folder / name, "aac", RATE, samples=samples)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def told(folder: Path, name: str) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What checking and compiling say of a film with that track."""
    text = f'size = 64x64\nfps = 12\nlength = 1s\naudio song = "{name}"\nprompt {{ 0s: "a" }}\n'
    text += "camera 2d { zoom = 1 + 0.1 * song.bass }\n"
    document, slips = parse(Source("film.anim", text))
    assert not slips
    world = World(folder, folder, cache=folder / "cache")
    film, found = check(document, world)
    if film is None:
        return list(found), []
    compiled = compile_film(film, world, CompileOptions(model_sha256="0" * 64))
    return list(found), list(compiled.diagnostics)


def one(found: list[Diagnostic]) -> Diagnostic:
    """The only diagnostic, which stands where the path does."""
    (diagnostic,) = found
    assert diagnostic.source.place(diagnostic.span.start).line == 4
    assert diagnostic.hint
    return diagnostic


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("empty.mp3", "E4030", "is empty"),
        ("many.wav", "E4031", "65,535 channels"),
        ("still.wav", "E4031", "0 samples a second"),
        ("slow.wav", "E4031", "500 samples a second"),
        ("hours.flac", "E4032", "5.0 hours"),
        ("clip.mp4", "E4033", "holds no sound"),
        ("none.flac", "E4033", "holds no sound"),
        ("text.mp3", "E4009", "is a text"),
        ("ones.mp3", "E4009", "cannot be read as sound"),
        ("photo.png", "E4009", "is a PNG picture"),
        ("song.mid", "E4009", "is a MIDI file"),
        ("random.mp3", "E4009", "cannot be read as sound"),
        ("zeros.wav", "E4009", "cannot be read as sound"),
        ("folder.wav", "E4003", "is a folder or a device"),
        ("pipe.wav", "E4003", "is a folder or a device"),
        ("link.wav", "E4001", "outside the film's folder"),
        ("proc.wav", "E4001", "outside the film's folder"),
        ("http://127.0.0.1/a.mp3", "E4001", "addresses cannot be read"),
        ("absent.wav", "E4002", "there is no file"),
    ],
)
def test_what_the_header_says_is_told_by_check(name: str, code: str, says: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    for known in ("empty.mp3", "many.wav", "hours.flac", "clip.mp4", "photo.png", "song.mid"):
        (folder / known).write_bytes(staged()[known])
    (folder / "text.mp3").write_text("<!DOCTYPE html> not found: é", encoding="utf-8")
    (folder / "random.mp3").write_bytes(np.random.default_rng(0).bytes(9000))
    (folder / "zeros.wav").write_bytes(bytes(5000))
    (folder / "ones.mp3").write_bytes(b"\xff" * 9000)
    soundfile.write(folder / "none.flac", np.zeros(0), RATE, format="WAV")
    for number, other in ((0, "still.wav"), (500, "slow.wav")):
        data = bytearray(staged()["cut.wav"])
        data[24:28] = struct.pack("<I", number)
        (folder / other).write_bytes(data)
    (folder / "folder.wav").mkdir()
    (tmp_path / "outside.wav").write_bytes(staged()["silent.wav"])
    if os.name == "posix":
        os.mkfifo(folder / "pipe.wav")
        (folder / "link.wav").symlink_to("../outside.wav")
        (folder / "proc.wav").symlink_to("/proc/self/mem")
    elif name in ("pipe.wav", "link.wav", "proc.wav"):
        pytest.skip("links and pipes are POSIX's")
    found, later = told(folder, name)
    assert later == []
    diagnostic = one(found)
    assert (diagnostic.code, says in diagnostic.message) == (code, True), diagnostic.message


@pytest.mark.parametrize(
    ("name", "length"), [("a.wav", 2.25), ("a.mp3", 2.25), ("a.flac", 2.2), ("a.ogg", 2.0)]
)
def test_a_song_that_was_cut_is_told_with_both_lengths(
    name: str, length: float, songs: dict[str, bytes], tmp_path: Path
) -> None:
    whole = songs[name]
    (tmp_path / name).write_bytes(whole[: len(whole) * 3 // 4])
    found, later = told(tmp_path, name)
    diagnostic = one([*found, *later])
    assert diagnostic.code == "W6150"
    # an Ogg stream does not say at its beginning how long it is
    assert ("of 3s are there" in diagnostic.message) == (name != "a.ogg")
    # WAV and MP3 say it in their header, so that nothing need be decoded
    assert bool(found) == (name in ("a.wav", "a.mp3"))
    stream = blocks(tmp_path / name)
    for _ in stream:
        pass
    assert stream.facts.duration == pytest.approx(length, abs=0.5)


@pytest.mark.parametrize("name", ["a.aiff", "a.au", "a.flv"])
def test_a_cut_file_that_only_a_decoder_opens_is_told_with_both_lengths(name: str, tmp_path: Path) -> None:
    samples = drums(120, 3, "four")[0].astype(np.float32)[::2] * 0.8
    path = tmp_path / name
    if name == "a.flv":
        by_ffmpeg(path, "aac", RATE, samples=samples)
    else:
        soundfile.write(path, samples, RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found, later = told(tmp_path, name)
    assert found == []
    says = one(later)
    assert says.code == "W6150"
    assert "of 3" in says.message


def test_a_stream_that_does_not_tell_its_length_is_heard(songs: dict[str, bytes], tmp_path: Path) -> None:
    """As an encoder writes it that was piped: libsndfile takes it for endless and stumbles at its end."""
    data = bytearray(songs["a.flac"])
    data[21:26] = bytes((data[21] & 0xF0, 0, 0, 0, 0))
    (tmp_path / "a.flac").write_bytes(data)
    assert told(tmp_path, "a.flac") == ([], [])
    assert sum(piece.size for piece in blocks(tmp_path / "a.flac")) == pytest.approx(3 * RATE, abs=10)


def test_a_damaged_time_does_not_put_hours_of_silence_into_a_song(tmp_path: Path) -> None:
    samples = drums(120, 3, "four")[0].astype(np.float32)[::2] * 0.8
    path = by_ffmpeg(tmp_path / "a.flv", "aac", RATE, samples=samples)
    whole = sum(piece.size for piece in blocks(path))
    data, at = bytearray(path.read_bytes()), 13
    for _ in range(30):
        at += 15 + int.from_bytes(data[at + 1 : at + 4], "big")
    data[at + 7] = 1  # the highest byte of a tag's milliseconds: 4.7 hours
    path.write_bytes(data)
    assert sum(piece.size for piece in blocks(path)) == pytest.approx(whole, abs=RATE / 10)


def test_a_length_is_told_as_a_film_may_write_it() -> None:
    assert [in_seconds(s) for s in (6, 2.25, 0.00002, 24347.8913)] == ["6s", "2.25s", "0s", "24347.89s"]


@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.m4a"])
def test_a_hole_in_the_middle_does_not_end_the_song(
    name: str, songs: dict[str, bytes], tmp_path: Path
) -> None:
    data = bytearray(songs[name])
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    (tmp_path / name).write_bytes(data)
    found, later = told(tmp_path, name)
    assert found == []
    assert one(later).code == "W6150"
    stream = blocks(tmp_path / name)
    assert sum(piece.size for piece in stream) / RATE == pytest.approx(3.0, abs=0.2)
    assert stream.facts.damaged == 1


def test_less_than_a_second_of_a_damaged_file_is_no_song(songs: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(songs["a.flac"][:9000])
    found, later = told(tmp_path, "a.flac")
    assert found == []
    assert one(later).code == "E4009"


def test_samples_that_are_no_numbers_are_counted(tmp_path: Path) -> None:
    samples = np.tile(drums(120, 1, "four")[0][:, None], 2).astype(np.float32)
    samples[1000:2000, 0], samples[5000], samples[6000, 1] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "a.wav", samples, 44_100, subtype="FLOAT")
    found, later = told(tmp_path, "a.wav")
    assert found == []
    assert one(later).message == "`song` holds 1,002 samples that are no numbers: they count as silence"
    assert all(np.isfinite(piece).all() for piece in blocks(tmp_path / "a.wav"))


def test_an_endlessly_loud_sample_does_not_overflow(tmp_path: Path) -> None:
    samples = np.full((100, 2), 3e38, np.float32)
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    assert np.abs(np.concatenate(list(blocks(tmp_path / "a.wav")))).max() <= 8.0


def test_silence_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(staged()["silent.wav"])
    found, later = told(tmp_path, "a.wav")
    assert found == []
    assert one(later).code == "W6152"


def test_what_was_told_is_told_again_from_the_cache(songs: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(songs["a.flac"][: len(songs["a.flac"]) // 2])
    first, again = told(tmp_path, "a.flac"), told(tmp_path, "a.flac")
    assert [d.message for d in first[1]] == [d.message for d in again[1]]
    assert len(first[1]) == 1


def test_a_file_that_expands_without_end_is_limited(tmp_path: Path) -> None:
    """Twenty minutes of silence take 6 KB; its blocks stay small."""
    path = tmp_path / "bomb.flac"
    with soundfile.SoundFile(path, "w", 8_000, 1) as file:
        for _ in range(20):
            file.write(np.zeros(60 * 8_000, np.int16))
    assert path.stat().st_size < 200_000
    most, count = 0, 0
    for piece in blocks(path):
        most, count = max(most, piece.size), count + piece.size
    assert count == 20 * 60 * RATE
    assert most <= 1 << 18


def test_a_length_that_is_a_lie_is_met_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header that claims a second cannot smuggle hours in."""
    from anim_compiler.sound import limits

    soundfile.write(tmp_path / "a.flac", np.zeros(3 * 8_000), 8_000)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    data[21:26] = bytes((data[21] & 0xF0, 0, 0, 0, 0))
    (tmp_path / "a.flac").write_bytes(data)
    monkeypatch.setattr(limits, "LONGEST", 2)
    with pytest.raises(AudioError) as caught:
        list(blocks(tmp_path / "a.flac"))
    assert caught.value.code == "E4032"
    assert "320,255" not in caught.value.message


def test_mutated_files_never_crash(songs: dict[str, bytes], tmp_path: Path) -> None:
    """Cut, flipped and spliced: an AudioError or samples, from the header as from the decoder."""
    rng = np.random.default_rng(3)
    kinds = sorted(songs)
    world = World(tmp_path, tmp_path)
    ended = set()
    for number in range(36):
        name = kinds[number % len(kinds)]
        data = bytearray(songs[name])
        match number % 4:
            case 0:
                del data[int(rng.integers(1, len(data))) :]
            case 1:
                for place in rng.integers(0, len(data), 30):
                    data[place] = rng.integers(256)
            case 2:
                for place in rng.integers(0, 200, 4):
                    data[place] = rng.integers(256)
            case _:
                other = songs[kinds[int(rng.integers(len(kinds)))]]
                data[int(rng.integers(len(data))) :] = other[int(rng.integers(len(other))) :]
        path = tmp_path / name
        path.write_bytes(data)
        for read in (lambda path: probe(world, path), lambda path: list(blocks(path))):
            try:
                pieces = read(path)
            except AudioError as error:
                ended.add(error.code)
                continue
            if isinstance(pieces, list):
                assert all(np.isfinite(piece).all() for piece in pieces)
                ended.add("")
    assert {"", "E4009"} <= ended

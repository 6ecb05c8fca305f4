"""A click at one second is heard at one second in every kind of file, and in the film's own sound."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from tests.compiler import sound_files
from tests.compiler.sound_files import AT, SECONDS, by_ffmpeg, by_sndfile, onset

from anim_compiler.audio.decode import RATE, blocks
from anim_compiler.audio.facts import Facts
from anim_compiler.sound import header
from anim_compiler.sound.probe import probe
from anim_compiler.world import World

EXACT, LOSSY = 0.001, 0.005


def heard(path: Path) -> tuple[float, Facts]:
    stream = blocks(path)
    return onset(np.concatenate(list(stream)), RATE), stream.facts


FILES: dict[str, tuple[Callable[..., Path], dict[str, Any], float]] = {
    "a.wav": (by_sndfile, {}, EXACT),
    "low.wav": (by_sndfile, {"rate": 8_000, "subtype": "FLOAT"}, EXACT),
    "a.flac": (by_sndfile, {"rate": 96_000}, EXACT),
    "a.ogg": (by_sndfile, {"rate": 48_000}, EXACT),
    "a.mp3": (by_sndfile, {}, LOSSY),
    "a.opus": (by_sndfile, {"rate": 48_000, "subtype": "OPUS"}, LOSSY),
    "a.aiff": (by_sndfile, {"rate": 22_050}, EXACT),
    "untagged.mp3": (by_ffmpeg, {"codec": "libmp3lame", "write_xing": "0"}, LOSSY),
    "a.m4a": (by_ffmpeg, {"codec": "aac"}, LOSSY),
    "bare.aac": (by_ffmpeg, {"codec": "aac"}, LOSSY),
    "a.mp4": (by_ffmpeg, {"codec": "aac", "picture": True}, LOSSY),
    "a.webm": (by_ffmpeg, {"codec": "libopus", "rate": 48_000}, LOSSY),
    "a.mkv": (by_ffmpeg, {"codec": "aac", "picture": True}, LOSSY),
    "a.mov": (by_ffmpeg, {"codec": "pcm_f32le", "picture": True}, EXACT),
    "late.mp4": (by_ffmpeg, {"codec": "aac", "picture": True, "start": 0.5}, LOSSY),
    "late.mkv": (by_ffmpeg, {"codec": "libopus", "rate": 48_000, "picture": True, "start": 0.5}, LOSSY),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sounds")
    for name, (write, options, _) in FILES.items():
        write(made / name, **options)
    return made


@pytest.mark.parametrize("name", FILES)
def test_a_click_stands_where_it_is(name: str, folder: Path) -> None:
    _, options, tolerance = FILES[name]
    late = float(options.get("start", 0.0))
    at, facts = heard(folder / name)
    assert at == pytest.approx(AT + late, abs=tolerance)
    assert facts.duration == pytest.approx(SECONDS + late, abs=0.06)
    assert facts.rate == options.get("rate", 44_100)
    assert (facts.unheard, facts.damaged) == (0, 0)


@pytest.mark.parametrize("name", FILES)
def test_the_header_tells_the_length(name: str, folder: Path) -> None:
    late = float(FILES[name][1].get("start", 0.0))
    told = probe(World(folder, folder), folder / name)
    assert told.seconds is not None
    assert float(told.seconds) == pytest.approx(SECONDS + late, abs=0.06)
    assert told.claimed is None


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "untagged.mp3", "bare.aac", "late.mp4", "a.opus"])
def test_what_is_analysed_is_what_is_heard(name: str, folder: Path) -> None:
    from anim_runtime.encode.sound import RATE as PLAYED
    from anim_runtime.encode.sound import AudioTrack, Sound

    played = Sound(AudioTrack(folder / name)).read(3 * PLAYED)
    assert onset(played[0], PLAYED) == pytest.approx(heard(folder / name)[0], abs=1 / RATE)


def test_a_wrong_ending_does_not_matter(folder: Path, tmp_path: Path) -> None:
    for name, other in (("a.mp3", "b.wav"), ("a.wav", "b.mp3"), ("a.flac", "b.raw"), ("a.m4a", "b.ogg")):
        (tmp_path / other).write_bytes((folder / name).read_bytes())
        assert heard(tmp_path / other)[0] == pytest.approx(AT, abs=LOSSY), name


def test_a_tag_before_the_sound_is_passed_over(folder: Path, tmp_path: Path) -> None:
    tag = b"ID3\x04\x00\x00\x00\x00\x10\x00" + bytes(2048)
    for name in ("a.flac", "a.mp3"):
        (tmp_path / name).write_bytes(tag + (folder / name).read_bytes())
        assert heard(tmp_path / name)[0] == pytest.approx(AT, abs=LOSSY)
        assert header.read(tmp_path / name).seconds == header.read(folder / name).seconds


def test_the_order_of_many_channels_does_not_matter(tmp_path: Path) -> None:
    rate, path = 44_100, tmp_path / "six.wav"
    samples = np.zeros((2 * rate, 6))
    samples[:, 4] = sound_files.click(rate)
    soundfile.write(path, samples, rate)
    at, facts = heard(path)
    assert at == pytest.approx(AT, abs=EXACT)
    assert facts.channels == 6


def test_blocks_are_small_and_their_sizes_mean_nothing(folder: Path) -> None:
    pieces = list(blocks(folder / "a.wav"))
    assert len(pieces) > 1
    assert max(piece.size for piece in pieces) <= 1 << 17
    assert all(piece.dtype == np.float32 and piece.ndim == 1 for piece in pieces)


def test_a_recording_that_was_never_finished_is_read(folder: Path, tmp_path: Path) -> None:
    data = bytearray((folder / "a.wav").read_bytes())
    at = data.index(b"data") + 4
    for claimed in (b"\xff\xff\xff\xff", bytes(4)):
        data[at : at + 4] = claimed
        (tmp_path / "a.wav").write_bytes(data)
        at_heard, facts = heard(tmp_path / "a.wav")
        assert at_heard == pytest.approx(AT, abs=EXACT)
        assert facts.duration == pytest.approx(SECONDS, abs=0.01)
        assert probe(World(tmp_path, tmp_path), tmp_path / "a.wav").seconds == pytest.approx(SECONDS)


_CHECKED = """
import sys
from pathlib import Path
from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source
folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    text = f'audio song = "{name}"\\nprompt {{ 0s: "a" }}\\ncamera 2d {{ zoom = 1 + bass }}\\n'
    document, _ = parse(Source("film.anim", text))
    film, found = check(document, World(folder, folder, cache=folder / "cache"))
    assert film is not None and not found, (name, found)
print(sorted({"numpy", "soundfile", "av", "librosa", "scipy", "zstandard", "soxr"} & set(sys.modules)))
"""


def test_check_loads_no_decoder(folder: Path) -> None:
    """What FFmpeg alone can tell is asked once and remembered by the file's content."""
    world = World(folder, folder, cache=folder / "cache")
    for name in ("a.m4a", "a.mkv", "a.aiff"):
        assert probe(world, folder / name) == probe(world, folder / name)
    names = [
        "a.wav",
        "a.flac",
        "a.ogg",
        "a.mp3",
        "untagged.mp3",
        "a.opus",
        "bare.aac",
        "a.m4a",
        "a.mkv",
        "a.aiff",
    ]
    command = [sys.executable, "-c", _CHECKED, str(folder), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize(
    "damage", [b"", b"[", b'["", 1, 2, "1e99999999", null, 0]', b'["", 0, 0, "1", null, 0]', b"[1]"]
)
def test_a_remembered_header_that_is_damaged_is_asked_for_again(
    damage: bytes, folder: Path, tmp_path: Path
) -> None:
    world = World(folder, folder, cache=tmp_path)
    told = probe(world, folder / "a.m4a")
    (kept,) = (tmp_path / "audio").iterdir()
    kept.write_bytes(damage)
    assert probe(world, folder / "a.m4a") == told

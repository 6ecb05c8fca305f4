"""What was heard, kept: groups in the cache, and `FILM.audio.lock` beside the film."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import zstandard
from numpy.typing import NDArray
from tests.staging import staged

from anim_compiler.audio import store
from anim_compiler.audio.locked import Noting
from anim_compiler.audio.packed import pack, unpack
from anim_compiler.check import check
from anim_compiler.compile import Compiled, CompileOptions, compile_film
from anim_compiler.sound.lock import AudioLock, LockedTrack, lock_path, lock_text, read_lock
from anim_compiler.sound.tracks import locked_place
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

FILM = """\
size = 64x64
fps = 12
audio song = "media/song.ogg"
audio voice = "media/voice.ogg"
prompt { 0s: "a"; 2beats: "b" }
clock = song
length = 2s
camera 2d { zoom = 1 + 0.1 * song.bass + 0.1 * voice.energy + 0.01 * song.beat_phase }
"""
OPTIONS = CompileOptions(model_sha256="0" * 64)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which both tracks were heard."""
    folder = tmp_path_factory.mktemp("known")
    laid(folder)
    compiled(folder, folder / "cache")
    return folder / "cache"


def laid(folder: Path) -> None:
    (folder / "media").mkdir()
    for name in ("song.ogg", "voice.ogg"):
        (folder / "media" / name).write_bytes(staged()[name])


def compiled(
    folder: Path, cache: Path | None, text: str = FILM, **more: object
) -> tuple[list[str], Compiled]:
    """The codes that checking and compiling give, and what compiling made."""
    document, slips = parse(Source("film.anim", text))
    world = World(folder, folder, cache=cache)
    film, found = check(document, world)
    assert film is not None, found
    made = compile_film(film, world, replace(OPTIONS, **more))  # type: ignore[arg-type]
    return [d.code for d in (*slips, *found, *made.diagnostics)], made


def lock(folder: Path, cache: Path, text: str = FILM) -> Path:
    """Writes the film's lock as `anim compile --audio-lock` does."""
    noted: dict[str, Noting] = {}
    document, _ = parse(Source("film.anim", text))
    world = World(folder, folder, cache=cache)
    film, _ = check(document, world)
    assert film is not None
    compile_film(film, world, replace(OPTIONS, noted=noted))
    tracks = {
        locked_place(world, world.root / track.path): noted[track.name].locked(track.seconds)
        for track in film.tracks
    }
    path = lock_path(folder, "film.anim")
    path.write_text(lock_text(tracks), encoding="utf-8")
    return path


def same(one: Compiled, other: Compiled) -> bool:
    """Whether two compiles made the same plan, to the last bit of every curve."""
    assert one.plan is not None
    names = one.columns.keys() == other.columns.keys()
    return (
        one.plan == other.plan
        and names
        and all(np.array_equal(one.columns[n], other.columns[n]) for n in one.columns)
    )


# --- bytes ---


def test_curves_come_back_bit_by_bit() -> None:
    rng = np.random.default_rng(0)
    curves: dict[str, NDArray[np.float32] | NDArray[np.float64]] = {
        "levels": (np.rint(rng.random(5000) * 2**14) / 2**14).astype(np.float32),
        "hertz": (np.rint(rng.random(300) * 11_000 * 2**14) / 2**14).astype(np.float32),
        "far": np.array([0.0, -(2.0**29), 2.0**29], np.float32),
        "times": np.sort(rng.random(70)),
        "nothing": np.zeros(0, np.float32),
    }
    found = unpack(pack(curves))
    assert found.keys() == curves.keys()
    for name, curve in curves.items():
        assert (found[name].dtype, found[name].tobytes()) == (curve.dtype, curve.tobytes()), name
    assert pack(curves) == pack({name: curves[name] for name in reversed(curves)})


def test_a_curve_of_three_minutes_is_small() -> None:
    hops = np.arange(int(180 * 172.3))
    level = np.exp(-(hops % 86) / 20.0) + 0.02 * np.random.default_rng(0).random(hops.size)
    curve = (np.rint(level * 2**14) / 2**14).astype(np.float32)
    assert len(pack({"bass": curve})) < 60_000


@pytest.mark.parametrize("curve", [[np.nan], [np.inf], [1e38], [[1.0]]])
def test_what_is_no_curve_is_not_kept(curve: list[float]) -> None:
    with pytest.raises(ValueError):
        pack({"bass": np.array(curve, np.float32)})


def forged(facts: object, body: bytes = b"") -> bytes:
    """Bytes with a right digest and whatever content."""
    import hashlib

    said = json.dumps(facts).encode()
    data = zstandard.ZstdCompressor().compress(len(said).to_bytes(4, "little") + said + body)
    return b"anim\x00\x01" + hashlib.blake2b(data, digest_size=16).digest() + data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        pack({"a": np.ones(9, np.float32)})[:-1],
        pack({"a": np.ones(9, np.float32)}) + b"x",
        forged({}),
        forged([["a", "f8", 1]], np.array([np.nan]).tobytes()),
        forged([["a", "i2", 10**15]]),
        forged([["a", "i2", -1]]),
        forged([["a", "O", 1]], bytes(8)),
        forged([["../a", "f8", 1]], bytes(8)),
        forged([["a", "f8", 1]], bytes(9)),
        forged([[1, 2]]),
        forged([["a", "f8", True]], bytes(8)),
    ],
)
def test_forged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(data)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    with pytest.raises(ValueError, match="too large"):
        unpack(forged([["a", "i2", 1]], bytes(1 << 20)), most=1 << 19)


def test_an_entry_that_was_damaged_is_none(tmp_path: Path) -> None:
    curves = {"a": np.ones(99, np.float32)}
    store.save(tmp_path, "f" * 64, "band-20-80.5", 3, curves)
    (path,) = (tmp_path / "audio").iterdir()
    kept = store.load(tmp_path, "f" * 64, "band-20-80.5", 3)
    assert kept is not None
    assert kept["a"].tolist() == curves["a"].tolist()
    assert store.load(tmp_path, "f" * 64, "band-20-80.5", 4) is None
    data = bytearray(path.read_bytes())
    for place in range(0, len(data), 5):
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        assert store.load(tmp_path, "f" * 64, "band-20-80.5", 3) is None
    path.unlink()
    path.mkdir()
    assert store.load(tmp_path, "f" * 64, "band-20-80.5", 3) is None


# --- the lock ---


def test_the_plan_is_the_same_with_cache_and_lock_and_without(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    codes, fresh = compiled(tmp_path, None)
    assert codes == []
    assert same(fresh, compiled(tmp_path, known)[1])
    path = lock(tmp_path, known)
    assert path.stat().st_size < 20_000
    codes, locked = compiled(tmp_path, None)
    assert codes == []
    assert same(fresh, locked)


def test_a_lock_needs_neither_the_tracks_nor_a_decoder(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    _, fresh = compiled(tmp_path, known)
    lock(tmp_path, known)
    (tmp_path / "media" / "song.ogg").unlink()
    (tmp_path / "media" / "voice.ogg").unlink()
    codes, locked = compiled(tmp_path, tmp_path / "other-cache")
    assert codes == []
    assert same(fresh, locked)


def test_the_length_of_a_locked_track_is_the_films(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    text = FILM.replace("length = 2s\n", "")
    lock(tmp_path, known, text)
    (tmp_path / "media" / "song.ogg").unlink()
    _, made = compiled(tmp_path, known, text)
    assert made.plan is not None
    assert made.plan.frames == 48


def test_lengths_in_beats_of_a_song_are_told_by_its_lock(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    text = (
        FILM.replace("length = 2s", "length = 6beats")
        .replace("0.01 * song.beat_phase", "0")
        .replace("2beats", "1s")
    )
    lock(tmp_path, known, text)
    for track in (tmp_path / "media").iterdir():
        track.unlink()
    codes, made = compiled(tmp_path, tmp_path / "none", text)
    assert codes == []
    assert made.plan is not None
    assert made.plan.frames == 36


def test_writing_a_lock_twice_gives_the_same_bytes(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    first = lock(tmp_path, known).read_bytes()
    assert lock(tmp_path, tmp_path / "fresh").read_bytes() == first
    kept = json.loads(first)["tracks"]
    assert set(kept) == {"media/song.ogg", "media/voice.ogg"}
    assert "beats" not in kept["media/voice.ogg"]["groups"]


def test_a_changed_track_is_told_and_heard_anew(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    lock(tmp_path, known)
    (tmp_path / "media" / "song.ogg").write_bytes(staged()["voice.ogg"])
    document, _ = parse(Source("film.anim", FILM))
    _, found = check(document, World(tmp_path, tmp_path, cache=known))
    (diagnostic,) = found
    assert diagnostic.code == "W6153"
    assert diagnostic.message == "`media/song.ogg` has changed since `film.audio.lock` was written"
    assert "anim compile FILM --audio-lock" in diagnostic.hint
    codes, with_lock = compiled(tmp_path, known)
    lock_path(tmp_path, "film.anim").unlink()
    assert same(with_lock, compiled(tmp_path, known)[1])
    assert codes.count("W6153") == 1


def test_what_the_lock_lacks_is_heard_and_told(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    lock(tmp_path, known)
    more = FILM.replace("voice.energy", "voice.treble")
    codes, made = compiled(tmp_path, known, more)
    assert codes == ["W6154"]
    lock_path(tmp_path, "film.anim").unlink()
    assert same(made, compiled(tmp_path, known, more)[1])


def test_a_missing_track_whose_lock_lacks_something_says_so(known: Path, tmp_path: Path) -> None:
    laid(tmp_path)
    lock(tmp_path, known)
    (tmp_path / "media" / "voice.ogg").unlink()
    codes, made = compiled(tmp_path, tmp_path / "cache", FILM.replace("voice.energy", "voice.treble"))
    assert codes == ["E4034"]
    assert made.plan is None
    (diagnostic,) = made.diagnostics
    assert "`voice.ogg`" in diagnostic.message
    assert diagnostic.source.place(diagnostic.span.start).line == 4


def changed(change: Callable[[dict[str, object]], object]) -> Callable[[str], bytes]:
    """A lock whose first track was changed."""

    def changing(text: str) -> bytes:
        whole = json.loads(text)
        change(whole["tracks"]["media/song.ogg"])
        return json.dumps(whole).encode()

    return changing


def rebeaten(times: list[float]) -> Callable[[str], bytes]:
    """A lock whose beats are at these seconds."""

    def change(track: dict[str, object]) -> None:
        import base64

        group = track["groups"]["beats"]  # type: ignore[index]
        curves = unpack(base64.b64decode(group["curves"])) | {"times": np.array(times)}
        group["curves"] = base64.b64encode(pack(curves)).decode()

    return changed(change)


def regrouped(**curves: list[float]) -> Callable[[str], bytes]:
    """A lock whose group `core` holds these curves."""

    def change(track: dict[str, object]) -> None:
        import base64

        data = pack({name: np.array(curve, np.float32) for name, curve in curves.items()})
        track["groups"]["core"]["curves"] = base64.b64encode(data).decode()  # type: ignore[index]

    return changed(change)


@pytest.mark.parametrize(
    "forge",
    [
        lambda text: b"",
        lambda text: b"\xff\xfe",
        lambda text: b"[" * 100_000,
        lambda text: b"[]",
        lambda text: text.replace('"format": 1', '"format": 2').encode(),
        lambda text: b'{"format": 1, "tracks": 7}',
        lambda text: b'{"format": 1, "tracks": {"media/song.ogg": 7}}',
        changed(lambda track: track.update(seconds="1e999999999")),
        changed(lambda track: track.update(seconds="1/0")),
        changed(lambda track: track.update(seconds="99999999")),
        changed(lambda track: track.update(sha256=7)),
        changed(lambda track: track["groups"].update(core=[1])),  # type: ignore[attr-defined]
        changed(lambda track: track["groups"]["core"].update(curves="\x00")),  # type: ignore[index]
        changed(lambda track: track["groups"]["core"].update(curves="00000")),  # type: ignore[index]
        changed(lambda track: track["groups"]["core"].update(version=99)),  # type: ignore[index]
        changed(lambda track: track["groups"].pop("track")),  # type: ignore[attr-defined]
        rebeaten([2.0, 1.5, 1.0, 0.5]),
        rebeaten([0.5, 1.0, 1e250]),
        rebeaten([0.01 * number for number in range(400)]),
        regrouped(bass=[], bass_scale=[]),
        regrouped(bass=[0.0], bass_scale=[]),
        regrouped(bass=[0.0]),
        regrouped(),
    ],
)
def test_a_forged_lock_is_told_and_not_used(
    forge: Callable[[str], bytes], known: Path, tmp_path: Path
) -> None:
    laid(tmp_path)
    _, fresh = compiled(tmp_path, known)
    path = lock(tmp_path, known)
    path.write_bytes(forge(path.read_text(encoding="utf-8")))
    codes, made = compiled(tmp_path, known)
    assert set(codes) == {"W6154"}
    assert same(fresh, made)


def test_a_lock_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.audio.lock"
    with path.open("wb") as file:
        file.truncate(1 << 27)
    found = read_lock(path)
    assert found is not None
    assert "64 MiB" in found.fault


def test_a_lock_says_what_it_was_told(tmp_path: Path) -> None:
    track = LockedTrack("a" * 64, Fraction(22, 3), {"core": (3, b"\x00\xffcurves")})
    path = lock_path(tmp_path, "films/rain.v2.anim")
    assert path.name == "rain.v2.audio.lock"
    path.write_text(lock_text({"ö/song \u2028.ogg": track}), encoding="utf-8")
    assert read_lock(path) == AudioLock(path.name, {"ö/song \u2028.ogg": track})
    assert read_lock(tmp_path / "none.audio.lock") is None


_BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"soundfile", "librosa", "scipy", "numba", "soxr", "av", "sklearn"}:
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
from pathlib import Path
from tests.compiler.test_audio_lock import compiled
codes, made = compiled(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
assert codes == [] and made.plan is not None, codes
"""


def test_neither_lock_nor_cache_needs_a_library_of_sound(known: Path, tmp_path: Path) -> None:
    """One process that compiles from the lock, then from the cache, with those libraries out of reach."""
    laid(tmp_path)
    lock(tmp_path, known)
    other = tmp_path / "other"
    other.mkdir()
    laid(other)
    again = f"compiled(Path({str(other)!r}), Path({str(known)!r}))"
    code = _BLOCKED + again
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

"""Videos, GIFs and sequences: read back, they are what was asked for."""

from __future__ import annotations

import errno
import hashlib
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from anim_compiler.file_kinds import CODEC_FACTS, ENDINGS
from anim_runtime.encode import (
    CODECS,
    DiskFull,
    EncodedFile,
    EncodeError,
    check_output,
    encode_video,
    write,
)

FILM = Fraction(24000, 1001)
RED, GREY = (255, 0, 0), (128, 128, 128)


def frames(count: int, width: int = 64, height: int = 48) -> Iterator[NDArray[np.uint8]]:
    """A bar that grows by a column a frame."""
    for number in range(count):
        frame = np.full((height, width, 3), 40, np.uint8)
        frame[:, : number + 1] = 220
        yield frame


def solid(color: tuple[int, int, int], count: int, width: int, height: int) -> Iterator[NDArray[np.uint8]]:
    for _ in range(count):
        yield np.broadcast_to(np.array(color, np.uint8), (height, width, 3)).copy()


def encode(path: Path, count: int = 12, fps: Fraction = FILM, codec: str | None = None) -> EncodedFile:
    return encode_video(frames(count), path, fps=fps, width=64, height=48, codec=codec)


@pytest.mark.parametrize(
    ("name", "codec", "stream"),
    [
        ("film.mp4", None, "h264"),
        ("film.mp4", "h265", "hevc"),
        ("film.MOV", None, "h264"),
        ("film.mov", "prores", "prores"),
        ("film.mkv", "ffv1", "ffv1"),
        ("film.webm", None, "vp9"),
    ],
)
def test_a_video_has_the_frames_rate_and_codec(
    tmp_path: Path, name: str, codec: str | None, stream: str
) -> None:
    path = tmp_path / "out" / name
    made = encode(path, codec=codec)
    assert (made.path, made.frames, made.seconds) == (path, 12, 12 / FILM)
    assert made.bytes == path.stat().st_size
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.codec_context.name.startswith(stream)
        assert video.average_rate == FILM
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video)]
    assert len(pictures) == 12
    for number, picture in enumerate(pictures):
        assert (picture[24, :, 1] > 130).sum() == pytest.approx(number + 1, abs=1)
    assert [p.name for p in path.parent.iterdir()] == [name]


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(25), Fraction(60), Fraction(12)])
def test_mp4_times_are_exact(tmp_path: Path, fps: Fraction) -> None:
    path = tmp_path / "film.mp4"
    encode(path, 10, fps)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.time_base is not None
        times = [frame.pts * video.time_base for frame in container.decode(video) if frame.pts is not None]
        assert video.duration is not None
        assert video.duration * video.time_base == 10 / fps
    assert times == [number / fps for number in range(10)]


@pytest.mark.parametrize(
    ("color", "yuv"),
    [
        (RED, (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        (GREY, (126, 128, 128)),
    ],
)
def test_colours_are_converted_as_they_are_tagged(
    tmp_path: Path, color: tuple[int, int, int], yuv: tuple[int, int, int]
) -> None:
    """ITU-R BT.709, limited range: Y = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B), and so on."""
    path = tmp_path / "film.mp4"
    encode_video(solid(color, 3, 64, 48), path, fps=FILM, width=64, height=48, quality=1)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        tags = (context.colorspace, context.color_primaries, context.color_trc, context.color_range)
        planes = next(container.decode(video=0)).to_ndarray(format="yuv420p")
    assert tags == (1, 1, 1, 1)
    found = planes[20, 30], planes[48 + 5, 8], planes[48 + 12 + 5, 8]
    assert found == pytest.approx(yuv, abs=1)


def test_odd_sizes_are_filled_up_with_their_edge(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    encode_video(solid(RED, 3, 35, 21), path, fps=FILM, width=35, height=21)
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture.shape == (22, 36, 3)
    assert np.abs(picture.astype(int) - RED).max() < 12


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", None),
        ("b.mp4", "h265"),
        ("c.mp4", "av1"),
        ("a.mkv", None),
        ("a.webm", None),
        ("a.gif", None),
        ("a.apng", None),
        ("a.webp", None),
        ("a.mov", "prores"),
        ("b.mov", "prores4444"),
        ("b.mkv", "ffv1"),
    ],
)
def test_the_same_frames_are_the_same_bytes(tmp_path: Path, name: str, codec: str | None) -> None:
    digests = set()
    for _ in range(3):
        encode(tmp_path / name, codec=codec)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_index_of_an_mp4_comes_first(tmp_path: Path) -> None:
    encode(tmp_path / "film.mp4")
    content = (tmp_path / "film.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("extra", [{}, {"recipe": "1f2e"}])
def test_metadata_is_readable(tmp_path: Path, extra: dict[str, str]) -> None:
    tags = {"title": "Küste", "comment": "two words", **extra}
    path = tmp_path / "film.mp4"
    encode_video(frames(3), path, fps=FILM, width=64, height=48, metadata=tags)
    with av.open(str(path)) as container:
        assert tags.items() <= container.metadata.items()


def test_lower_quality_numbers_are_better(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (6, 48, 64, 3), dtype=np.uint8)
    sizes = [
        encode_video(
            iter(noise), tmp_path / f"{quality}.mp4", fps=FILM, width=64, height=48, quality=quality
        ).bytes
        for quality in (10, 30, 45)
    ]
    assert sizes[0] > sizes[1] > sizes[2]


def test_a_gif_plays_every_frame_at_about_its_time(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    made = encode(path, 24)
    assert made.codec == "gif"
    with av.open(str(path)) as container:
        pictures = list(container.decode(video=0))
    assert len(pictures) == 24
    times = [float(picture.time) for picture in pictures if picture.time is not None]
    # GIF counts in hundredths of a second: no frame may be off by more than half of one
    assert times == pytest.approx([float(number / FILM) for number in range(24)], abs=0.0051)
    bar = pictures[9].to_ndarray(format="rgb24")[24, :, 1]
    assert (bar > 130).sum() == 10


def test_ffv1_is_lossless(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    noise = np.random.default_rng(2).integers(0, 256, (4, 33, 51, 3), dtype=np.uint8)
    encode_video(iter(noise), path, fps=FILM, width=51, height=33, codec="ffv1")
    with av.open(str(path)) as container:
        found = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert np.array_equal(np.stack(found), noise)


def test_a_sequence_is_one_png_a_frame(tmp_path: Path) -> None:
    from PIL import Image

    made = encode(tmp_path / "frames" / "shot-{frame:04}.png", 3)
    assert made.frames == 3
    names = sorted(path.name for path in (tmp_path / "frames").iterdir())
    assert names == ["shot-0000.png", "shot-0001.png", "shot-0002.png"]
    for number, (name, frame) in enumerate(zip(names, frames(3), strict=True)):
        assert np.array_equal(np.asarray(Image.open(tmp_path / "frames" / name)), frame), number


@pytest.mark.parametrize(
    ("name", "codec", "quality", "says"),
    [
        ("film.avi", None, None, "no ending"),
        ("film", None, None, "no ending"),
        ("film.webm", "h264", None, "cannot hold"),
        ("film.mp4", "prores", None, "cannot hold"),
        ("film.mp4", None, 80, "within 0 and 51"),
        ("film.png", None, None, "one picture"),
        ("{frame}-{frame}.png", None, None, "one picture"),
        ("{frame.__class__}.png", None, None, "one picture"),
    ],
)
def test_outputs_that_cannot_be_written_say_why(
    tmp_path: Path, name: str, codec: str | None, quality: int | None, says: str
) -> None:
    with pytest.raises(EncodeError, match=says) as caught:
        encode_video(frames(1), tmp_path / name, fps=FILM, width=64, height=48, codec=codec, quality=quality)
    assert caught.value.hint
    assert caught.value.exit_code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("extension", ENDINGS)
def test_every_ending_has_a_codec(extension: str) -> None:
    assert check_output(Path("{frame}" + extension)).codec.encoder in av.codecs_available


@pytest.mark.parametrize("name", CODEC_FACTS)
def test_every_codec_has_its_bits_and_an_encoder(name: str) -> None:
    assert set(CODECS[name].pixels) == set(CODEC_FACTS[name].bits)
    assert CODECS[name].encoder in av.codecs_available


def test_no_frames_are_no_film(tmp_path: Path) -> None:
    for name in ("film.mp4", "{frame}.png"):
        with pytest.raises(EncodeError, match="no frames"):
            encode_video(iter(()), tmp_path / name, fps=FILM, width=64, height=48)
    assert not list(tmp_path.iterdir())


def test_a_frame_that_breaks_off_leaves_nothing_and_no_thread(tmp_path: Path) -> None:
    def broken() -> Iterator[NDArray[np.uint8]]:
        yield from frames(5)
        raise RuntimeError("frame 5 is lost")

    before = threading.active_count()
    with pytest.raises(RuntimeError, match="frame 5"):
        encode_video(broken(), tmp_path / "film.mp4", fps=FILM, width=64, height=48)
    assert not list(tmp_path.iterdir())
    assert threading.active_count() == before


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a frame is"):
        encode_video(frames(2, 32, 32), tmp_path / "film.mp4", fps=FILM, width=64, height=48)


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    encode(path, 4)
    older = path.read_bytes()

    def broken() -> Iterator[NDArray[np.uint8]]:
        yield from frames(2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        encode_video(broken(), path, fps=FILM, width=64, height=48)
    assert path.read_bytes() == older


def test_lost_frames_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that comes out short, as FFmpeg leaves it on a full disk, never gets its name."""

    def cut(part: Path, fps: Fraction) -> int:
        content = part.read_bytes()
        part.write_bytes(content[: len(content) - 400])
        return counted(part, fps)

    counted = write.count_frames_of
    monkeypatch.setattr(write, "count_frames_of", cut)
    noise = np.random.default_rng(3).integers(0, 256, (9, 48, 64, 3), dtype=np.uint8)
    with pytest.raises(EncodeError, match="of 9 frames"):
        encode_video(iter(noise), tmp_path / "film.mkv", fps=FILM, width=64, height=48)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_is_exit_code_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(part: Path, path: Path) -> None:
        raise OSError(code, "no room")

    monkeypatch.setattr(write, "settle", full)
    with pytest.raises(DiskFull) as caught:
        encode(tmp_path / "film.mp4")
    assert caught.value.exit_code == 4
    assert not list(tmp_path.iterdir())


def test_a_file_beyond_the_systems_limit_is_exit_code_4(tmp_path: Path) -> None:
    """The real thing, where the system can limit the size of files: 64 KB."""
    resource = pytest.importorskip("resource")
    import signal

    noise = np.random.default_rng(4).integers(0, 256, (40, 96, 96, 3), dtype=np.uint8)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, limits[1]))
    try:
        with pytest.raises(DiskFull):
            encode_video(iter(noise), tmp_path / "film.mp4", fps=FILM, width=96, height=96, quality=0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, previous)
    assert not list(tmp_path.iterdir())


def test_a_moving_webp_keeps_its_time_though_equal_frames_become_one(tmp_path: Path) -> None:
    from PIL import Image

    steps = (np.full((64, 64, 3), 40 * (number // 4), np.uint8) for number in range(24))
    made = encode_video(steps, tmp_path / "a.webp", fps=Fraction(24), width=64, height=64)
    assert made.frames == 24
    with Image.open(tmp_path / "a.webp") as image:
        assert image.n_frames == 6  # type: ignore[attr-defined]
        assert image.info["loop"] == 0


@pytest.mark.parametrize(("ending", "again", "once"), [("gif", 0, None), ("apng", 0, 1), ("webp", 0, 1)])
def test_moving_pictures_say_whether_they_play_again(
    tmp_path: Path, ending: str, again: int, once: int | None
) -> None:
    from PIL import Image

    for loop, says in ((None, again), (True, again), (False, once)):
        path = tmp_path / f"{loop}.{ending}"
        encode_video(frames(3), path, fps=FILM, width=64, height=48, loop=loop)
        with Image.open(path) as image:
            assert image.info.get("loop") == says


@pytest.mark.parametrize("fps", [Fraction(240), Fraction(60000, 1001), Fraction(1, 2)])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm", "a.apng"])
def test_unusual_rates_keep_their_times(tmp_path: Path, fps: Fraction, name: str) -> None:
    encode(tmp_path / name, 7, fps)
    with av.open(str(tmp_path / name)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    # Matroska counts thousandths of a second
    assert [t for t in times if t is not None] == pytest.approx([float(n / fps) for n in range(7)], abs=6e-4)


@pytest.mark.parametrize("codec", ["h264", "h265", "vp9", "av1"])
@pytest.mark.parametrize(("width", "height"), [(16, 16), (17, 33), (72, 128)])
def test_small_odd_and_upright_pictures_are_written(
    tmp_path: Path, codec: str, width: int, height: int
) -> None:
    path = tmp_path / "film.mkv"
    made = encode_video(
        solid(GREY, 1, width, height), path, fps=FILM, width=width, height=height, codec=codec
    )
    assert made.frames == 1
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture.shape == (height + height % 2, width + width % 2, 3)
    assert np.abs(picture.astype(int) - 128).max() < 4

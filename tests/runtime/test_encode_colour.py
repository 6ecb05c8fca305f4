"""A colour chart through every codec, read again by other decoders than the one that wrote it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from anim_runtime.encode import encode_video
from anim_runtime.encode.levels import dithered, linear, rounded, to_8_bit, to_yuv

PATCHES = (
    (0, 0, 0),
    (65535, 65535, 65535),
    (32896, 32896, 32896),
    (65535, 0, 0),
    (0, 65535, 0),
    (0, 0, 65535),
    (50000, 20000, 12000),
    (4000, 20000, 40000),
    (60000, 52000, 9000),
    (30000, 61000, 30000),
    (10000, 3000, 20000),
    (23456, 45678, 34567),
)
SIDE = 32


def patch(number: int, margin: int = 6) -> tuple[slice, slice]:
    top, left = number // 4 * SIDE, number % 4 * SIDE
    return slice(top + margin, top + SIDE - margin), slice(left + margin, left + SIDE - margin)


def chart() -> NDArray[np.uint16]:
    picture = np.zeros((3 * SIDE, 4 * SIDE, 3), np.uint16)
    for number, colour in enumerate(PATCHES):
        picture[patch(number, 0)] = colour
    return picture


def charts(count: int = 3) -> Iterator[NDArray[np.uint16]]:
    return (chart() for _ in range(count))


def farthest(picture: NDArray[Any], top: float) -> float:
    """How far the mean of a patch is from what was meant at most, in levels of 8 bits."""
    found = [picture[patch(n)].astype(float).mean(axis=(0, 1)) * 255 / top for n in range(len(PATCHES))]
    return float(np.abs(np.array(found) - np.array(PATCHES) / 257).max())


def write(folder: Path, name: str, **how: Any) -> Path:
    path = folder / name
    encode_video(charts(), path, fps=Fraction(24), width=4 * SIDE, height=3 * SIDE, **how)
    return Path(str(path).replace("{frame}", "0"))


def by_the_standard(frame: av.VideoFrame) -> NDArray[np.float64]:
    """RGB 0..1 of YUV planes by ITU-R BT.709, limited range; chroma repeated."""
    bits = 10 if "10" in frame.format.name else 12 if "12" in frame.format.name else 8
    planes = []
    for plane in frame.planes:
        memory: Any = plane
        rows = np.frombuffer(memory, np.uint16 if bits > 8 else np.uint8).reshape(plane.height, -1)
        whole = rows[:, : plane.width].astype(np.float64) / 2 ** (bits - 8)
        across, down = frame.width // plane.width, frame.height // plane.height
        planes.append(np.repeat(np.repeat(whole, down, axis=0), across, axis=1))
    luma, blue, red = (planes[0] - 16) / 219, (planes[1] - 128) / 224, (planes[2] - 128) / 224
    r, b = luma + 1.5748 * red, luma + 1.8556 * blue
    return np.dstack([r, (luma - 0.2126 * r - 0.0722 * b) / 0.7152, b])


VIDEOS: list[tuple[str, dict[str, Any], str]] = [
    ("a.mp4", {}, "yuv420p"),
    ("b.mp4", {"bits": 10}, "yuv420p10le"),
    ("c.mp4", {"codec": "h265"}, "yuv420p10le"),
    ("d.mkv", {"codec": "h265", "bits": 8}, "yuv420p"),
    ("e.mp4", {"codec": "av1"}, "yuv420p10le"),
    ("f.webm", {"codec": "av1", "bits": 8}, "yuv420p"),
    ("g.webm", {}, "yuv420p"),
    ("h.mov", {"codec": "prores"}, "yuv422p10le"),
    ("i.mov", {"codec": "prores4444"}, "yuv444p12le"),
]


@pytest.mark.parametrize(("name", "how", "pixels"), VIDEOS)
def test_videos_hold_the_colours_and_say_which(
    tmp_path: Path, name: str, how: dict[str, Any], pixels: str
) -> None:
    path = write(tmp_path, name, **how)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        frame = next(container.decode(video=0))
        tags = (context.colorspace, context.color_primaries, context.color_trc, context.color_range)
    assert tags == (1, 1, 1, 1)
    # ProRes 4444 is written with 10 bits and read with 12
    assert frame.format.name == pixels
    assert farthest(by_the_standard(frame), 1.0) < 1.3


@pytest.mark.parametrize(("name", "how", "pixels"), [row for row in VIDEOS if "av1" not in row[1].values()])
def test_opencv_sees_the_same_colours(tmp_path: Path, name: str, how: dict[str, Any], pixels: str) -> None:
    """OpenCV brings an FFmpeg of its own; its quick conversion to RGB is 2 levels off by itself."""
    reader = cv2.VideoCapture(str(write(tmp_path, name, **how)))
    found = []
    while (read := reader.read())[0]:
        found.append(read[1][..., ::-1])
    assert len(found) == 3
    assert farthest(found[0], 255.0) < 2.8
    inner = np.concatenate([found[0][patch(n)].reshape(-1, 3) for n in range(12)]).astype(float)
    meant = np.concatenate([chart()[patch(n)].reshape(-1, 3) for n in range(12)]) / 257
    assert 10 * np.log10(255**2 / np.mean((inner - meant) ** 2)) > 45


@pytest.mark.parametrize("bits", [8, 10, 16])
def test_ffv1_is_exact_at_every_depth(tmp_path: Path, bits: int) -> None:
    path = write(tmp_path, "a.mkv", codec="ffv1", bits=bits)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        frame = next(container.decode(video=0))
        assert (context.color_primaries, context.color_trc, context.color_range) == (1, 13, 2)
    if bits == 8:
        assert np.array_equal(frame.to_ndarray(format="rgb24"), to_8_bit(chart()))
        return
    planes: list[Any] = list(frame.planes)
    green, blue, red = (np.frombuffer(p, np.uint16).reshape(p.height, -1)[:, : p.width] for p in planes)
    top = 2**bits - 1
    assert np.array_equal(np.dstack([red, green, blue]), np.round(chart() / 65535 * top).astype(np.uint16))


@pytest.mark.parametrize(
    ("name", "how", "allowed"),
    [
        ("a.gif", {}, 0.51),
        ("a.apng", {}, 0.51),
        ("a.png", {"codec": "apng"}, 0.51),
        ("a.webp", {"quality": 0}, 0.51),
        ("a.webp", {}, 2.0),
        ("{frame}.png", {}, 0.51),
        ("{frame}.tif", {"bits": 8}, 0.51),
        ("{frame}.jpg", {}, 1.6),
        ("{frame}.webp", {}, 2.0),
    ],
)
def test_pillow_sees_the_same_colours(tmp_path: Path, name: str, how: dict[str, Any], allowed: float) -> None:
    from PIL import Image

    with Image.open(write(tmp_path, name, **how)) as image:
        assert farthest(np.asarray(image.convert("RGB")), 255.0) < allowed


@pytest.mark.parametrize("name", ["{frame}.png", "{frame}.tiff"])
def test_pictures_of_16_bits_are_the_stored_ones(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(3).integers(0, 65536, (40, 50, 3), dtype=np.uint16)
    encode_video(iter([noise]), tmp_path / name, fps=Fraction(24), width=50, height=40, bits=16)
    found = cv2.imread(str(tmp_path / name.replace("{frame}", "0")), cv2.IMREAD_UNCHANGED)
    assert found is not None
    assert np.array_equal(found[..., ::-1], noise)


def test_an_apng_of_16_bits_keeps_them(tmp_path: Path) -> None:
    with av.open(str(write(tmp_path, "a.apng", bits=16))) as container:
        frame = next(container.decode(video=0))
    assert np.array_equal(frame.to_ndarray(format="rgb48le"), chart())


@pytest.mark.parametrize(("bits", "kind"), [(16, np.float16), (32, np.float32)])
def test_exr_is_linear_light(tmp_path: Path, bits: int, kind: type[np.floating[Any]]) -> None:
    found = read_exr(write(tmp_path, "{frame}.exr", bits=bits).read_bytes(), kind)
    assert np.allclose(found, linear(chart()), rtol=1e-3 if bits == 16 else 1e-6, atol=1e-7)
    # mid grey of sRGB, IEC 61966-2-1
    assert found[SIDE // 2, 2 * SIDE + 9] == pytest.approx(0.2159, abs=2e-4)


def read_exr(data: bytes, kind: type[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """A reader of scan-line files with ZIP blocks of 16 lines, after the OpenEXR file layout: `[H,W,3]`."""
    assert struct.unpack("<I", data[:4])[0] == 20000630
    at, about = 8, {}
    while data[at]:
        name, at = text_at(data, at)
        _, at = text_at(data, at)
        (length,) = struct.unpack_from("<I", data, at)
        about[name], at = data[at + 4 : at + 4 + length], at + 4 + length
    at += 1
    left, top, right, bottom = struct.unpack("<4i", about["dataWindow"])
    width, height = right - left + 1, bottom - top + 1
    assert about["compression"][0] == 3
    assert [about["channels"][place : place + 1] for place in (0, 18, 36)] == [b"B", b"G", b"R"]
    rows = []
    for offset in struct.unpack_from(f"<{-(-height // 16)}Q", data, at):
        line, size = struct.unpack_from("<iI", data, offset)
        count = min(16, height - line)
        packed = data[offset + 8 : offset + 8 + size]
        wanted = count * width * 3 * np.dtype(kind).itemsize
        block = packed if size == wanted else unshuffled(zlib.decompress(packed))
        rows.append(np.frombuffer(block, kind).reshape(count, 3, width))
    return np.concatenate(rows).transpose(0, 2, 1)[..., ::-1]


def text_at(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(b"\0", at)
    return data[at:end].decode(), end + 1


def unshuffled(block: bytes) -> bytes:
    """Differences summed up, and the two halves put together again, byte by byte."""
    steps = np.frombuffer(block, np.uint8).astype(np.int64)
    steps[1:] -= 128
    summed = (np.cumsum(steps) % 256).astype(np.uint8)
    half = (len(summed) + 1) // 2
    whole = np.empty_like(summed)
    whole[0::2], whole[1::2] = summed[:half], summed[half:]
    return whole.tobytes()


def test_levels_are_rounded_to_the_nearest() -> None:
    levels = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1).repeat(3, axis=2)
    assert np.array_equal(to_8_bit(levels), np.round(levels / 257.0).astype(np.uint8))


def test_a_slow_gradient_keeps_its_mean_and_has_no_bands() -> None:
    """Over 512 columns the grey rises by two levels of 8 bits: rounded it is three flat bands."""
    grey = np.linspace(100.0, 102.0, 512)
    picture = np.broadcast_to(np.round(grey * 257)[None, :, None], (64, 512, 3)).astype(np.uint16)
    luma, _, _ = to_yuv(picture, True, True)
    eight = dithered(luma)
    meant = 16 + 219 * grey / 255
    by_columns = eight.astype(float).mean(axis=0).reshape(-1, 8).mean(axis=1)
    assert np.abs(by_columns - meant.reshape(-1, 8).mean(axis=1)).max() < 0.06
    assert np.array_equal(eight, dithered(luma.copy()))
    assert np.abs(rounded(luma, 10) / 4 - meant).max() <= 0.13


def test_chroma_stands_on_every_other_column() -> None:
    """A chroma ramp stays a ramp: its samples are those of columns 0, 2, 4, …"""
    ramp = np.zeros((4, 64, 3), np.uint16)
    ramp[..., 2] = np.arange(64) * 800
    whole, small = to_yuv(ramp, False, False)[1], to_yuv(ramp, True, True)[1]
    assert small.shape == (2, 32)
    assert np.abs(small[0, 1:].astype(int) - whole[0, 2::2]).max() <= 1


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "h265"), ("a.mov", "prores"), ("a.mov", "prores4444")])
def test_ten_bits_are_not_made_of_eight(tmp_path: Path, name: str, codec: str) -> None:
    """A ramp over 8 levels of 8 bits has about four times as many of 10."""
    grey = np.round(np.linspace(100.0, 108.0, 256) * 257).astype(np.uint16)
    ramp = np.ascontiguousarray(np.broadcast_to(grey[None, :, None], (64, 256, 3)))
    encode_video(iter([ramp]), tmp_path / name, fps=Fraction(24), width=256, height=64, codec=codec)
    with av.open(str(tmp_path / name)) as container:
        found = by_the_standard(next(container.decode(video=0)))
    levels = np.unique(np.round(found[32, :, 0] * 219 * 4))
    assert 24 <= len(levels) <= 32
    assert np.abs(found[32, 8:-8, 0] * 255 - grey[8:-8] / 257).max() < 0.5


@pytest.mark.parametrize("count", [1, 2])
def test_films_of_few_frames_in_h265_have_times_to_be_decoded_at(tmp_path: Path, count: int) -> None:
    """x265 tells none of what it would reorder; MP4 is refused by chance then, and Matroska shows it."""
    picture = np.full((64, 128, 3), 30_000, np.uint16)
    path = tmp_path / "a.mkv"
    encode_video(iter([picture] * count), path, fps=Fraction(24), width=128, height=64, codec="h265")
    with av.open(str(path)) as container:
        times = [packet.dts for packet in container.demux(video=0) if packet.size]
    assert times[0] == 0
    assert len(times) == count
    assert None not in times

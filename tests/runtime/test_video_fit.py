"""A frame as a picture: colours by matrix, range and depth; turned, cropped, framed, transparent."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.runtime.video_files import video

from anim_runtime.pictures import load_image
from anim_runtime.video_fit import fitted, own_size
from anim_runtime.video_planes import Placing, scaled
from anim_runtime.video_reader import VideoReader

_COLOURS = np.array(
    [
        *([255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255], [255, 0, 255]),
        *([0, 0, 0], [255, 255, 255], [128, 128, 128], [200, 60, 30], [20, 90, 160], [240, 200, 170]),
    ],
    np.uint8,
)
CHART = np.repeat(np.repeat(_COLOURS.reshape(3, 4, 3), 16, axis=0), 16, axis=1)
SIZE = (64, 48)


def shown(path: Path, width: int = 64, height: int = 48, fit: str = "cover") -> NDArray[np.float32]:
    """The first frame, float32 `[H,W,3]`, 0..255."""
    reader = VideoReader(path, path.name, lambda said: None)
    frame = reader.at(0.0).frame
    return fitted(frame, reader.shape, width, height, fit).transpose(1, 2, 0) * np.float32(255.0)


def patches(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The middles of the chart's patches: chroma of half the size melts at their edges."""
    middles: NDArray[np.float32] = picture.reshape(3, 16, 4, 16, 3)[:, 5:11, :, 5:11].mean(axis=(1, 3))
    return middles.reshape(-1, 3)


def chart(path: Path, **how: object) -> Path:
    return video(path, 2, size=SIZE, pixels=lambda n: CHART, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p", "yuv422p10le", "yuv420p10le"])
@pytest.mark.parametrize("space", [1, 5, 9], ids=["709", "601", "2020"])
@pytest.mark.parametrize("reach", [1, 2], ids=["limited", "full"])
def test_a_chart_comes_back_whatever_it_was_encoded_in(
    tmp_path: Path, pix_fmt: str, space: int, reach: int
) -> None:
    path = chart(tmp_path / "a.mkv", codec="ffv1", pix_fmt=pix_fmt, bars=(space, reach))
    assert np.abs(patches(shown(path)) - _COLOURS).max() < 2.5


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mov", "png", "rgb24"),
        ("a.mkv", "ffv1", "bgr0"),
        ("b.mkv", "ffv1", "rgb48le"),
        ("a.avi", "mjpeg", "yuvj444p"),
        ("a.mp4", "libx264", "yuv444p"),
    ],
)
def test_other_orders_of_the_same_colours(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    options = {"mjpeg": {"qmin": "1", "qmax": "1"}, "libx264": {"qp": "0"}}.get(codec)
    path = chart(tmp_path / name, codec=codec, pix_fmt=pix_fmt, options=options)
    assert np.abs(patches(shown(path)) - _COLOURS).max() < 2.5


@pytest.mark.parametrize(("space", "height"), [(5, 48), (1, 720)])
def test_an_untagged_small_video_is_bt601_and_a_large_one_bt709(
    tmp_path: Path, space: int, height: int
) -> None:
    picture = np.empty((height, 64, 3), np.uint8)
    picture[:] = (20, 200, 60)
    path = tmp_path / "a.mkv"
    video(
        path,
        1,
        size=(64, height),
        pixels=lambda n: picture,
        codec="ffv1",
        pix_fmt="yuv444p",
        bars=(space, 1),
    )
    reader = VideoReader(path, "a", lambda said: None)
    frame = reader.at(0.0).frame
    frame.colorspace = 2
    made = fitted(frame, reader.shape, 32, 32).mean(axis=(1, 2)) * 255
    assert np.abs(made - (20, 200, 60)).max() < 2.5


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_video_is_seen_as_another_decoder_shows_it(tmp_path: Path, turned: int) -> None:
    path = chart(tmp_path / "a.mp4", codec="libx264", pix_fmt="yuv444p", options={"qp": "0"}, turned=turned)
    there, other = cv2.VideoCapture(str(path)).read()
    assert there
    mine = shown(path, other.shape[1], other.shape[0])
    assert np.abs(mine - other[..., ::-1]).mean() < 1.0


def test_wide_pixels_are_made_square(tmp_path: Path) -> None:
    narrow = CHART[:, ::2]
    path = video(
        tmp_path / "a.mp4",
        2,
        size=(32, 48),
        pixels=lambda n: narrow,
        codec="libx264",
        pix_fmt="yuv444p",
        options={"qp": "0"},
        aspect=Fraction(2, 1),
    )
    assert np.abs(patches(shown(path)) - _COLOURS).max() < 2.5


def test_odd_sizes_keep_their_edges(tmp_path: Path) -> None:
    ramp = np.zeros((47, 63, 3), np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 63)[None]
    ramp[..., 1] = np.linspace(255, 0, 47)[:, None]
    path = video(tmp_path / "a.mkv", 2, size=(63, 47), pixels=lambda n: ramp, codec="ffv1", bars=(5, 1))
    assert np.abs(shown(path, 63, 47) - ramp).mean() < 1.5


def test_a_video_is_cropped_and_scaled_as_an_image_is(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    picture = np.asarray(
        Image.fromarray(rng.integers(0, 255, (9, 16, 3), dtype=np.uint8)).resize(
            (90, 160), Image.Resampling.BICUBIC
        )
    )
    Image.fromarray(picture).save(tmp_path / "a.png")
    path = video(
        tmp_path / "a.mov", 1, size=(90, 160), pixels=lambda n: picture, codec="png", pix_fmt="rgb24"
    )
    for width, height in ((64, 36), (128, 128), (32, 64)):
        still = load_image(tmp_path / "a.png", width, height)[0].permute(1, 2, 0).numpy() * 255.0
        assert np.abs(shown(path, width, height) - still).max() < 0.01


def test_all_of_a_tall_video_is_seen_in_a_wide_film(tmp_path: Path) -> None:
    white = np.full((160, 90, 3), 255, np.uint8)
    path = video(tmp_path / "a.mov", 1, size=(90, 160), pixels=lambda n: white, codec="png", pix_fmt="rgb24")
    made = shown(path, 128, 64, "contain")
    bright = made.mean(axis=(0, 2)) > 128
    assert bright.sum() == 36
    assert np.flatnonzero(bright).tolist() == list(range(46, 82))
    assert (shown(path, 128, 64) > 254).all()


def test_small_pictures_of_fine_lines_are_their_mean(tmp_path: Path) -> None:
    lines = np.zeros((96, 128, 3), np.uint8)
    lines[:, ::2] = 255
    path = video(tmp_path / "a.mov", 1, size=(128, 96), pixels=lambda n: lines, codec="png", pix_fmt="rgb24")
    assert np.abs(shown(path, 16, 12)[2:-2, 2:-2] - 127.5).max() < 3.0


def test_transparent_parts_are_black_and_stay_known_at_its_own_size(tmp_path: Path) -> None:
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[:, :16] = (200, 100, 50, 255)
    pixels[:, 16:] = (200, 100, 50, 0)
    Image.fromarray(pixels, "RGBA").save(
        tmp_path / "a.apng", format="PNG", save_all=True, append_images=[Image.fromarray(pixels, "RGBA")]
    )
    reader = VideoReader(tmp_path / "a.apng", "a", lambda said: None)
    frame = reader.at(0.0).frame
    made = fitted(frame, reader.shape, 32, 32) * 255
    assert np.abs(made[:, :, :12].mean(axis=(1, 2)) - (200, 100, 50)).max() < 1.0
    assert made[:, :, 20:].max() == 0.0
    whole = own_size(frame, reader.shape)
    assert whole.shape == (4, 32, 32)
    assert whole[3, 0, [0, 31]].tolist() == [1.0, 0.0]
    assert np.abs(whole[:3, :, :16].mean(axis=(1, 2)) * 255 - (200, 100, 50)).max() < 0.5


def test_a_video_with_an_alpha_plane_is_seen_over_black(tmp_path: Path) -> None:
    pixels = np.empty((48, 64, 4), np.uint8)
    pixels[..., :3] = (200, 100, 50)
    pixels[:, :32, 3], pixels[:, 32:, 3] = 255, 128
    path = tmp_path / "a.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("prores_ks", rate=Fraction(24), options={"profile": "4444"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuva444p10le"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgba")))
        container.mux(stream.encode())
    made = shown(path)
    assert np.abs(made[:, 4:28].mean(axis=(0, 1)) - (200, 100, 50)).max() < 2.0
    assert np.abs(made[:, 36:60].mean(axis=(0, 1)) - (100.4, 50.2, 25.1)).max() < 2.0


def test_what_is_transparent_does_not_colour_edges(tmp_path: Path) -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:] = (0, 255, 0, 0)
    pixels[:, :31] = (255, 0, 0, 255)
    frames = [Image.fromarray(pixels, "RGBA")] * 2
    frames[0].save(tmp_path / "a.apng", format="PNG", save_all=True, append_images=frames[1:])
    reader = VideoReader(tmp_path / "a.apng", "a", lambda said: None)
    made = fitted(reader.at(0.0).frame, reader.shape, 16, 16)
    assert made[1].max() < 0.01
    assert 0.3 < made[0, 8, 7] < 0.9


def test_a_plane_of_its_own_size_is_not_touched() -> None:
    plane = np.arange(48, dtype=np.uint8).reshape(6, 8)
    assert (scaled(plane, Placing((0.0, 0.0, 8, 6), 8, 6)) == plane).all()

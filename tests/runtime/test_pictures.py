"""Pictures read, cropped, rounded, stored and laid out on a sheet."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from anim_runtime import pictures
from anim_runtime.pictures import (
    PictureError,
    contact_sheet,
    from_u16,
    load_image,
    save_png,
    to_u16,
    to_uint8,
)

torch.set_num_threads(1)


def noise(height: int, width: int, seed: int = 1) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_a_picture_of_the_right_size_comes_as_it_is(tmp_path: Path) -> None:
    pixels = noise(24, 32)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    image = load_image(tmp_path / "a.png", 32, 24)
    assert image.shape == (1, 3, 24, 32)
    assert image.dtype == torch.float32
    assert np.array_equal(to_uint8(image), pixels)


@pytest.mark.parametrize(("width", "height"), [(40, 40), (80, 20), (20, 60), (100, 100)])
def test_the_middle_covers_the_size(tmp_path: Path, width: int, height: int) -> None:
    """A ramp tells where each pixel comes from: the middle stays, the scale is the same both ways."""
    wide, tall = 80, 40
    across = np.linspace(0.1, 0.9, wide)[None, :].repeat(tall, 0)
    down = np.linspace(0.1, 0.9, tall)[:, None].repeat(wide, 1)
    pixels = np.stack([across, down, np.full_like(down, 0.5)], -1)
    Image.fromarray((pixels * 255).round().astype(np.uint8)).save(tmp_path / "a.png")
    image = load_image(tmp_path / "a.png", width, height)[0]
    assert float(image[0].mean()) == pytest.approx(0.5, abs=0.005)
    assert float(image[1].mean()) == pytest.approx(0.5, abs=0.005)
    scale = max(width / wide, height / tall)
    step_x = float((image[0, :, -4] - image[0, :, 3]).mean()) / (width - 7)
    step_y = float((image[1, -4] - image[1, 3]).mean()) / (height - 7)
    assert step_x == pytest.approx(0.8 / (wide - 1) / scale, rel=0.05)
    assert step_y == pytest.approx(0.8 / (tall - 1) / scale, rel=0.05)


def test_a_photo_is_turned_upright(tmp_path: Path) -> None:
    pixels = np.zeros((20, 30, 3), np.uint8)
    pixels[:, :15, 0] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held a quarter turn: left of the data is the top
    Image.fromarray(pixels).save(tmp_path / "a.png", exif=exif)
    image = load_image(tmp_path / "a.png", 20, 30)[0]
    assert float(image[0, :14].min()) > 0.99
    assert float(image[0, 16:].max()) < 0.01


def test_transparent_parts_are_black(tmp_path: Path) -> None:
    pixels = np.full((8, 8, 4), 255, np.uint8)
    pixels[:, :4, 3] = 0
    pixels[:, 4:, 3] = 128
    Image.fromarray(pixels).save(tmp_path / "a.png")
    image = load_image(tmp_path / "a.png", 8, 8)
    assert float(image[..., :4].max()) == 0
    assert torch.allclose(image[..., 4:], torch.tensor(128 / 255))


def test_sixteen_bits_are_read_as_such(tmp_path: Path) -> None:
    levels = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    Image.fromarray(levels).save(tmp_path / "a.png")
    image = load_image(tmp_path / "a.png", 8, 8)
    np.testing.assert_allclose(image[0, 1].numpy(), levels / 65535.0, atol=1e-6)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK"])
def test_other_modes_become_rgb(tmp_path: Path, mode: str) -> None:
    Image.new("RGB", (6, 4), (255, 255, 255)).convert(mode).save(tmp_path / "a.tiff")
    image = load_image(tmp_path / "a.tiff", 6, 4)
    assert image.shape == (1, 3, 4, 6)
    assert float(image.min()) > 0.99


def test_a_picture_beyond_the_limit_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (101, 100)).save(tmp_path / "a.png")
    monkeypatch.setattr(pictures, "LARGEST_PX", 10_000)
    with pytest.raises(PictureError, match="megapixels") as caught:
        load_image(tmp_path / "a.png", 8, 8)
    assert caught.value.exit_code == 3


def test_a_compression_bomb_is_refused(tmp_path: Path) -> None:
    """A PNG that claims 60,000 x 60,000 px in a few bytes."""
    import struct
    import zlib

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(PictureError) as caught:
        load_image(tmp_path / "a.png", 8, 8)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n and then nothing"])
def test_what_is_no_picture_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PictureError, match=r"a\.png") as caught:
        load_image(tmp_path / "a.png", 8, 8)
    assert caught.value.exit_code == 2
    assert caught.value.hint


def test_a_cut_picture_is_told(tmp_path: Path) -> None:
    Image.fromarray(noise(64, 64)).save(tmp_path / "whole.jpg")
    (tmp_path / "a.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:2000])
    with pytest.raises(PictureError, match=r"a\.jpg"):
        load_image(tmp_path / "a.jpg", 8, 8)


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no picture"):
        load_image(tmp_path / "gone.png", 8, 8)


def test_to_uint8_rounds_and_clips() -> None:
    values = torch.tensor([-1.0, 0.0, 0.4 / 255, 0.6 / 255, 254.6 / 255, 2.0, float("nan")])
    image = values.reshape(1, 1, 1, 7).expand(1, 3, 1, 7)
    assert to_uint8(image)[0, :, 0].tolist() == [0, 0, 0, 1, 255, 255, 0]


def test_a_carry_is_handed_on_as_stored() -> None:
    every = np.arange(65536, dtype=np.uint16).repeat(3).reshape(256, 256, 3)
    assert np.array_equal(to_u16(from_u16(every)), every)
    image = torch.rand(1, 3, 5, 7)
    assert (from_u16(to_u16(image)) - image).abs().max() <= 0.5 / 65535 + 1e-7


def test_planes_keep_their_places() -> None:
    image = torch.zeros(1, 3, 4, 6)
    image[0, 2, 1, 5] = 1.0
    assert to_uint8(image)[1, 5].tolist() == [0, 0, 255]
    assert torch.equal(from_u16(to_u16(image)), image)


def test_save_png_writes_what_it_is_given_and_nothing_else(tmp_path: Path) -> None:
    pixels = noise(9, 13)
    path = tmp_path / "deep" / "a.png"
    save_png(pixels, path)
    assert np.array_equal(np.asarray(Image.open(path)), pixels)
    assert [p.name for p in path.parent.iterdir()] == ["a.png"]


def sheet(texts: list[str], columns: int) -> Image.Image:
    frames = [(number * 12, text, noise(48, 64, number)) for number, text in enumerate(texts)]
    return contact_sheet(frames, columns, fps=Fraction(12), cell_width=160)


def test_a_sheet_has_its_pictures_in_rows() -> None:
    one = sheet(["dawn"], 4)
    six = sheet(["dawn"] * 6, 3)
    assert six.width == pytest.approx(3 * one.width, abs=3 * 12)
    assert six.height == pytest.approx(2 * one.height, abs=2 * 12)
    first = np.asarray(one.convert("RGB"))[12 : 12 + 120, 12 : 12 + 160]
    expected = np.asarray(Image.fromarray(noise(48, 64, 0)).resize((160, 120), Image.Resampling.LANCZOS))
    assert np.array_equal(first, expected)


def test_each_picture_tells_its_number_time_and_text() -> None:
    with_text, without = np.asarray(sheet(["a coast at dawn"], 1)), np.asarray(sheet([""], 1))
    first_line, below = slice(136, 151), slice(151, 180)
    assert without[first_line].max() > 200
    assert np.array_equal(with_text[first_line], without[first_line])
    assert without[below].max() < 30
    assert with_text[below].max() > 120


def test_a_long_text_stays_in_its_cell() -> None:
    long = sheet(["golden hour film grain " * 20, ""], 2)
    second = np.asarray(long)[136:, 12 + 160 + 6 :]
    alone = np.asarray(sheet(["", ""], 2))[136:, 12 + 160 + 6 :]
    assert np.array_equal(second, alone)
    assert sheet(["x" * 500], 1).size == sheet(["x"], 1).size


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([], 3, fps=Fraction(12))

"""Pictures of layers as they are read from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from anim_runtime.cutouts import load_cutout, premultiplied
from anim_runtime.pictures import PictureError


def test_colours_are_multiplied_by_the_alpha(tmp_path: Path) -> None:
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[0] = (255, 51, 0, 51)
    pixels[1] = (10, 20, 30, 0)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    made = load_cutout(tmp_path / "a.png")
    assert made.shape == (1, 4, 2, 3)
    assert made.is_contiguous()
    assert made[0, :, 0, 1].tolist() == pytest.approx([0.2, 0.04, 0.0, 0.2], abs=1e-6)
    assert float(made[:, :, 1].abs().max()) == 0.0


@pytest.mark.parametrize("mode", ["RGB", "L", "I;16", "P", "1", "CMYK"])
def test_pictures_without_transparency_are_opaque(tmp_path: Path, mode: str) -> None:
    shades: dict[str, int | tuple[int, ...]] = {
        "RGB": (255, 255, 255),
        "I;16": 65535,
        "CMYK": (0, 0, 0, 0),
    }
    white = shades.get(mode, 255)
    image = Image.new("RGB", (4, 2), "white").convert("P") if mode == "P" else Image.new(mode, (4, 2), white)
    image.save(tmp_path / "a.tif")
    assert torch.allclose(load_cutout(tmp_path / "a.tif"), torch.ones((1, 4, 2, 4)))


def test_a_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = Image.new("P", (4, 2), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "a.gif", transparency=0)
    made = load_cutout(tmp_path / "a.gif")
    assert float(made[0, 3].sum()) == 1.0
    assert made[0, :, 0, 1].tolist() == [0.0, 1.0, 0.0, 1.0]


def test_a_picture_is_turned_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (6, 2), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.jpg", exif=exif)
    assert load_cutout(tmp_path / "a.jpg").shape == (1, 4, 6, 2)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"no picture"])
def test_a_file_that_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(PictureError, match=r"a\.png"):
        load_cutout(tmp_path / "a.png")


def test_video_frames_with_alpha_are_multiplied_too() -> None:
    frame = torch.full((1, 4, 1, 1), 0.5)
    assert premultiplied(frame).flatten().tolist() == [0.25, 0.25, 0.25, 0.5]
    image = torch.ones((1, 3, 1, 1))
    assert premultiplied(image) is image

"""What is on the screen as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.studio.tui.stands import version_of

from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice
from anim_studio.tui.export import beside, export_picture, export_screen, provenance


def noise(seed: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (20, 30, 3), dtype=np.uint8)


def test_a_picture_is_written_as_it_is_with_its_texts(tmp_path: Path) -> None:
    texts = {"parameters": "neon rain, ネオン\nSeed: 7", "anim": '{"frame": 62}'}
    path = export_picture(tmp_path / "out", "night", 62, noise(), texts)
    assert path == tmp_path / "out" / "night-f0062.png"
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), noise())
        assert {name: image.info[name] for name in texts} == texts
        assert "srgb" in image.info


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    for seed in range(3):
        export_picture(tmp_path, "night", 5, noise(seed), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "night-f0005-2.png",
        "night-f0005-3.png",
        "night-f0005.png",
    ]
    with Image.open(tmp_path / "night-f0005.png") as image:
        assert np.array_equal(np.asarray(image), noise(0))


def test_the_screen_is_written_beside_it(tmp_path: Path) -> None:
    assert export_screen(tmp_path, "night", 62, "<svg/>").read_text(encoding="utf-8") == "<svg/>"
    assert export_screen(tmp_path, "night", 62, "<svg/>").name == "night-f0062-screen-2.svg"


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match="out"):
        export_picture(tmp_path / "out", "night", 1, noise(), {})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_versions_are_one_picture() -> None:
    before = np.full((10, 15, 3), 50, np.uint8)
    both = beside(before, np.full((20, 30, 3), 200, np.uint8))
    assert both.shape == (20, 68, 3)
    assert (both[:, :30] == 50).all()
    assert (both[:, 38:] == 200).all()


def test_a_picture_says_how_it_was_made(tmp_path: Path) -> None:
    film = tmp_path / "night.anim"
    film.write_text('size = 96x64\nfps = 12\nseed = 7\nlength = 2s\nprompt = "rain"\n', encoding="utf-8")
    version = version_of(film, tmp_path, 3, Choice())
    texts = provenance(version, Tier.DRAFT, 6, "neon rain")
    record = json.loads(texts["anim"])
    assert version.good is not None
    assert (record["frame"], record["time"], record["tier"]) == (6, "1/2", "draft")
    assert (record["seed"], record["film sha256"]) == (7, version.good.film.sha256)
    assert texts["parameters"].startswith("neon rain\nSeed: 7, Size: 96x64")

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from anim_studio.cli.exits import Stop
from anim_studio.previewing.fitting import Manner, first_manner, fitted, smaller
from anim_studio.previewing.pictures import Shot, labelled, shown_size

FPS = Fraction(24)


@pytest.fixture(scope="module")
def shots() -> list[Shot]:
    noise = np.random.default_rng(1).integers(0, 255, (12, 96, 160, 3), dtype=np.uint8)
    return [Shot(pixels, frame) for frame, pixels in enumerate(noise)]


def as_they_are(pixels, frame):
    return pixels


def test_what_is_seen_least_goes_first() -> None:
    manner = first_manner((320, 192), FPS, gif=False)
    assert manner == Manner((320, 192), 1, 23)
    manner = smaller(manner, FPS, 0.5)
    assert manner == Manner((320, 192), 1, 29)
    manner = smaller(manner, FPS, 0.1)
    assert manner == Manner((320, 192), 1, 34)
    manner = smaller(manner, FPS, 0.5)
    assert manner == Manner((320, 192), 2, 34)
    assert smaller(Manner((320, 192), 4, 34), FPS, 0.25) == Manner((156, 94), 4, 34)
    assert smaller(Manner((320, 192), 4, 34), FPS, 0.01) == Manner((96, 58), 4, 34)
    assert smaller(Manner((96, 58), 4, 34), FPS, 0.25) is None


def test_a_gif_has_fewer_pictures_from_the_start() -> None:
    assert first_manner((320, 192), FPS, gif=True) == Manner((320, 192), 2, None)
    assert first_manner((320, 192), Fraction(12), gif=True).every == 1


@pytest.mark.parametrize(("name", "most"), [("a.mp4", 30_000), ("a.gif", 45_000)])
def test_a_file_is_as_small_as_it_must_be(tmp_path: Path, shots, name: str, most: int) -> None:
    written, manner = fitted(shots, tmp_path / name, FPS, most, as_they_are)
    assert written.bytes <= most
    assert (tmp_path / name).stat().st_size == written.bytes
    assert manner != first_manner((160, 96), FPS, gif=name.endswith("gif"))
    assert float(written.seconds) == pytest.approx(0.5, abs=0.2)


def test_what_does_not_fit_is_told_and_leaves_nothing(tmp_path: Path, shots) -> None:
    with pytest.raises(Stop) as stop:
        fitted(shots, tmp_path / "a.gif", FPS, 200, as_they_are)
    assert "does not fit into 200 B" in stop.value.message
    assert list(tmp_path.iterdir()) == []


def test_labels_stand_in_the_lower_left(shots) -> None:
    plain = np.full((96, 160, 3), 200, dtype=np.uint8)
    shown = labelled(plain, 30, FPS)
    changed = np.argwhere((shown != plain).any(axis=2))
    assert changed[:, 0].min() > 60
    assert changed[:, 1].min() == 0
    assert changed[:, 1].max() < 159
    assert not np.array_equal(shown, labelled(plain, 31, FPS))


@pytest.mark.parametrize(
    ("made", "shown"),
    [((1920, 1080), (480, 270)), ((128, 88), (384, 264)), ((320, 192), (320, 192)), ((90, 160), (180, 320))],
)
def test_sizes(made: tuple[int, int], shown: tuple[int, int]) -> None:
    assert shown_size(*made) == shown

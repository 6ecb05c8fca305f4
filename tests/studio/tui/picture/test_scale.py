"""Pictures to another size."""

from __future__ import annotations

import numpy as np
import pytest

from anim_studio.tui.picture.scale import U8, fitted, scaled


def grey(*rows: list[int]) -> U8:
    return np.repeat(np.array(rows, np.uint8)[..., None], 3, axis=-1)


@pytest.mark.parametrize("size", [(1, 1), (3, 7), (40, 24), (97, 101)])
@pytest.mark.parametrize("level", [0, 1, 17, 128, 254, 255])
def test_one_colour_stays_itself_at_any_size(size: tuple[int, int], level: int) -> None:
    picture = np.full((12, 16, 3), level, np.uint8)
    assert (scaled(picture, *size) == level).all()


def test_smaller_is_the_mean_of_the_light_and_not_of_the_levels() -> None:
    half_lit = grey([0, 255], [255, 0])
    # half of the light of white is level 188 of sRGB
    assert scaled(half_lit, 1, 1).tolist() == [[[188, 188, 188]]]


def test_each_pixel_counts_by_the_area_that_it_shares() -> None:
    # three columns to two: the middle one goes to both halves, a third of the light of each
    third = round(255 * (1.055 * (1 / 3) ** (1 / 2.4) - 0.055))
    assert scaled(grey([0, 255, 0]), 2, 1)[0, :, 0].tolist() == [third, third]


def test_larger_runs_straight_between_the_pixels() -> None:
    wide = scaled(grey([0, 255]), 8, 1)[0, :, 0].astype(int)
    assert wide[0] == 0
    assert wide[-1] == 255
    assert (np.diff(wide) >= 0).all()
    assert len(set(wide.tolist())) > 4


def test_the_same_size_is_the_same_picture() -> None:
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert scaled(picture, 4, 4) is picture


@pytest.mark.parametrize(
    ("size", "room", "aspect", "found"),
    [
        ((768, 512), (60, 100), 1.0, (60, 40)),
        ((768, 512), (200, 40), 1.0, (60, 40)),
        ((512, 512), (80, 48), 1.0, (48, 48)),
        ((512, 512), (80, 48), 0.8, (60, 48)),
        ((4000, 10), (30, 30), 1.0, (30, 1)),
        ((10, 4000), (30, 30), 1.0, (1, 30)),
    ],
)
def test_a_picture_keeps_its_proportions(
    size: tuple[int, int], room: tuple[int, int], aspect: float, found: tuple[int, int]
) -> None:
    assert fitted(size, room, aspect) == found

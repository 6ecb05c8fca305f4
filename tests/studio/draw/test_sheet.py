import numpy as np
import pytest
from PIL import Image

from anim_studio.cli.sheets import blended
from anim_studio.draw.font import shortened, width_of, wrapped
from anim_studio.draw.sheet import Tile, chosen_frames, columns_for, draw_sheet
from anim_studio.draw.strips import PALETTE, Strip, Strips, strips_height


def test_frames_are_spread_from_the_first_to_the_last() -> None:
    assert chosen_frames(240, 4) == (0, 80, 159, 239)
    assert chosen_frames(3, 12) == (0, 1, 2)
    assert chosen_frames(1, 12) == (0,)
    assert chosen_frames(0, 12) == ()


@pytest.mark.parametrize(
    ("count", "aspect", "columns"), [(12, 1.0, 4), (12, 1.5, 4), (12, 0.56, 6), (1, 1.0, 1)]
)
def test_the_sheet_is_wider_than_high(count: int, aspect: float, columns: int) -> None:
    assert columns_for(count, aspect) == columns


def test_every_tile_is_on_the_sheet_in_reading_order() -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
    tiles = [Tile(Image.new("RGB", (64, 48), c), f, f / 24, "a lake at dawn") for f, c in enumerate(colours)]
    pixels = np.asarray(draw_sheet("film", "4 frames", tiles))
    places = []
    for colour in colours:
        rows, columns = np.nonzero((pixels == np.array(colour)).all(axis=2))
        assert rows.size >= 0.98 * 256 * 192
        places.append((int(rows.min()), int(columns.min())))
    assert places == sorted(places)


def test_captions_are_cut_to_the_room() -> None:
    long = "a wide mountain lake at golden hour with a little red boat and a very long story about it"
    lines = wrapped(long, 12, 150, 2)
    assert len(lines) == 2
    assert all(width_of(line, 12) <= 150 for line in lines)
    assert lines[1].endswith("…")
    assert shortened("short", 12, 150) == "short"
    assert wrapped("", 12, 150, 2) == ()


def test_a_blend_is_a_line_a_text_with_its_part_the_heaviest_first() -> None:
    assert blended({"a forest": 0.25, "a sea": 0.75}) == "75% a sea\n25% a forest"
    assert blended({"a forest": 3.0, "a sea": 1.0, "fog": 0.0}) == "75% a forest\n25% a sea"
    assert blended({"a forest": 1.0, "a sea": -1.0}) == "50% a forest\n-50% a sea"
    assert blended({"a forest": 0.4}) == "a forest"
    assert blended({"a forest": 0.0}) == "a forest"
    assert blended({}) == ""


def test_every_text_of_a_blend_has_its_line_on_the_sheet() -> None:
    def height(caption: str) -> int:
        return draw_sheet("film", "", [Tile(Image.new("RGB", (64, 64)), 0, 0.0, caption)]).height

    assert height("one") == height("one\ntwo") < height("one\ntwo\nthree")
    assert height("") < height("one")


def test_curves_stand_under_the_frames() -> None:
    tiles = [Tile(Image.new("RGB", (64, 64), (9, 9, 9)), f, f / 24) for f in (0, 12, 23)]
    rising = np.linspace(1.0, 2.0, 24)
    gap = np.where(np.arange(24) < 12, rising, np.nan)
    strips = Strips([Strip("camera.zoom", rising), Strip("pump", gap)], scenes=(12,), shown=(0, 12, 23))
    plain, drawn = draw_sheet("film", "", tiles), draw_sheet("film", "", tiles, strips=strips)
    assert drawn.height == plain.height + strips_height(strips)
    below = np.asarray(drawn)[plain.height - 14 :]
    first, second = (np.argwhere((below == np.array(colour)).all(axis=2)) for colour in PALETTE[:2])
    # a line that rises goes up from left to right
    assert first[first[:, 1].argmin(), 0] > first[first[:, 1].argmax(), 0] + 25
    assert second[:, 1].max() < first[:, 1].max() - 100
    assert first[:, 0].max() < second[:, 0].min()


def test_a_sheet_without_curves_is_as_it_was() -> None:
    tiles = [Tile(Image.new("RGB", (64, 64)), 0, 0.0)]
    assert draw_sheet("film", "", tiles).size == draw_sheet("film", "", tiles, strips=Strips(())).size
    assert strips_height(Strips([Strip("a", np.zeros(1))], shown=(0,))) > 0
    draw_sheet("film", "", tiles, strips=Strips([Strip("a", np.array([np.nan]))], shown=(0,)))

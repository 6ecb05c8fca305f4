"""The keys that write what is on the screen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.studio.live.paint.painting import plan_of
from tests.studio.tui.stands import FILM, Stand, sky, until

from anim_studio.live.paint.full_size import StoredFrame
from anim_studio.live.tier import Tier
from anim_studio.tui.acts import exporting

pytestmark = pytest.mark.asyncio

LARGE = 'size = 640x48; fps = 12; length = 1s; model = "null"\nprompt = "rain"\n'


def written(stand: Stand) -> list[Path]:
    return sorted((stand.film.parent / "out").glob("*"))


async def test_o_writes_the_picture_that_is_shown_and_never_over_another(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        await pilot.press("o")
        assert written(stand) == [], "there is no picture yet"
        stand.paint(Tier.DRAFT, range(120))
        await until(pilot, lambda: stand.app.shown.at(1, Tier.DRAFT) is not None)
        await pilot.press("right", "o", "o")
        await until(pilot, lambda: len(written(stand)) == 2)
    assert [path.name for path in written(stand)] == ["night-drive-f0001-2.png", "night-drive-f0001.png"]
    with Image.open(written(stand)[1]) as image:
        assert np.array_equal(np.asarray(image), sky(1, Tier.DRAFT))
        assert image.info["parameters"].startswith("golden hour, a quiet street\nSeed: ")
        record = json.loads(image.info["anim"])
    assert (record["frame"], record["tier"], record["time"]) == (1, "draft", "1/12")


async def test_while_two_versions_are_compared_both_are_written(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        stand.paint(Tier.DRAFT, range(120))
        await pilot.pause()
        stand.save(FILM.replace("1.2", "1.4"))
        await until(pilot, lambda: stand.app.shown.version == 2)
        stand.paint(Tier.DRAFT, range(120), tint=30)
        await pilot.press("a", "o")
        await until(pilot, lambda: len(written(stand)) == 1)
    with Image.open(written(stand)[0]) as image:
        both = np.asarray(image)
    assert np.array_equal(both[:, :96], sky(0, Tier.DRAFT))
    assert np.array_equal(both[:, -96:], sky(0, Tier.DRAFT, 30))


async def test_the_whole_screen_is_written_with_the_picture(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        await pilot.press("O")
        await until(pilot, lambda: len(written(stand)) == 1)
    assert written(stand)[0].name == "night-drive-f0000-screen.svg"
    assert "night-drive.anim" in written(stand)[0].read_text("utf-8").replace("&#160;", " ")


@pytest.mark.parametrize("stored", [True, False])
async def test_a_frame_of_the_film_is_written_at_its_own_size_where_it_is_stored(
    stored: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes: list[StoredFrame] = []
    large = np.full((48, 640, 3), 7, np.uint8)

    def whole(wanted: StoredFrame) -> NDArray[np.uint8] | None:
        wishes.append(wanted)
        return large if stored else None

    monkeypatch.setattr(exporting, "whole_picture", whole)
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        stand.app.plans = (replace(plan_of(LARGE, Tier.FINAL), version=1),)
        stand.paint(Tier.FINAL, range(120))
        await until(pilot, lambda: stand.app.shown.at(0, Tier.FINAL) is not None)
        await pilot.press("o")
        await until(pilot, lambda: len(written(stand)) == 1)
    assert [(wanted.frame, wanted.device, wanted.cache) for wanted in wishes] == [(0, "cpu", stand.cache)]
    with Image.open(written(stand)[0]) as image:
        assert np.array_equal(np.asarray(image), large if stored else sky(0, Tier.FINAL))


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    (tmp_path / "out").write_text("a file", "utf-8")
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        await pilot.press("O")
        await until(pilot, lambda: any("nothing can be written" in line for line in stand.app.lines))

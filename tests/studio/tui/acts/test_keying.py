"""Keys set by hand on the screen: what each key does to the file, and that the screen follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.studio.tui.stands import FILM, Stand, until
from textual.pilot import Pilot
from textual.widgets import Input

from anim_studio.tui.timeline.timeline import Timeline

pytestmark = pytest.mark.asyncio

ZOOM = "  zoom = 0s: 1.0, 4s: 1.2, 10s: 1.0\n"


async def chosen(stand: Stand, pilot: Pilot[Any], lane: str = "camera.zoom", key: int | None = None) -> None:
    await stand.settle(pilot)
    stand.app.choose_lane(lane)
    stand.app.key = key
    await pilot.pause()


async def becomes(stand: Stand, pilot: Pilot[Any], before: str, after: str) -> None:
    """The file's line is replaced, and the screen shows that file."""
    wanted = FILM.replace(before, after)
    assert wanted != FILM

    def shown() -> bool:
        version = stand.app.version
        return (
            stand.film.read_text("utf-8") == wanted and version is not None and version.source.text == wanted
        )

    await until(pilot, shown)


async def test_a_key_is_added_with_the_value_that_is_there_and_chosen(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot)
        stand.app.seek(24)
        await pilot.press("i")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("4s:", "2s: 1.1, 4s:"))
        await until(pilot, lambda: stand.app.key == 1)
        assert "added key 2 of `camera.zoom` at 2s: 1.1" in stand.app.lines[-1]
        await pilot.press("u")
        await until(pilot, lambda: stand.film.read_text("utf-8") == FILM)
        await pilot.press("U")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("4s:", "2s: 1.1, 4s:"))


async def test_what_was_chosen_is_never_another_key_after_an_undo_or_a_save(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot)
        stand.app.seek(24)
        await pilot.press("i")
        await until(pilot, lambda: stand.app.key == 1)
        await pilot.press("u")
        await until(pilot, lambda: stand.app.key is None)
        stand.app.key = 1
        await becomes_saved(stand, pilot, ZOOM.replace("4s:", "1s: 1.1, 4s:"))
        assert stand.app.key == 2
        await becomes_saved(stand, pilot, ZOOM.replace("4s:", "1s: 1.1, 5s:"))
        assert stand.app.key == 2
        await becomes_saved(stand, pilot, ZOOM.replace("4s: 1.2, ", ""))
        assert stand.app.key is None
        # the only one that is new is the one that has gone, whatever its number
        stand.app.key = 1
        await becomes_saved(stand, pilot, "  zoom = 0.5s: 1.0, 0.6s: 1.0\n")
        assert stand.app.key is None
        stand.app.key = 1
        await becomes_saved(stand, pilot, "  zoom = 0.1s: 1.0, 0.5s: 1.0\n")
        assert stand.app.key == 0


async def becomes_saved(stand: Stand, pilot: Pilot[Any], line: str) -> None:
    """Somebody saves the film with another line, and the screen shows it."""
    text = FILM.replace(ZOOM, line)
    stand.film.write_text(text, "utf-8")
    stand.app.reread()
    await until(pilot, lambda: stand.app.version is not None and stand.app.version.source.text == text)


async def test_the_chosen_key_moves_and_the_playhead_goes_with_it(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, key=1)
        await pilot.press(">", ".", ">")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("4s:", "4.25s:"))
        assert stand.app.head == 51
        await pilot.press("<")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("4s:", "4s2f:"))


async def test_a_key_is_dragged(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot)
        timeline = stand.app.query_one(Timeline)
        cells = [(x, y) for y in range(timeline.size.height) for x in range(timeline.size.width)]
        x, y = next(at for at in cells if (timeline.hit(*at).lane, timeline.hit(*at).key) == ("prompts", 1))
        to = next(x for x, row in cells if row == y and timeline.hit(x, y).frame == 72)
        y += timeline.content_region.y - timeline.region.y
        await pilot.mouse_down(timeline, offset=(x, y))
        await pilot.hover(timeline, offset=(x + 1, y))
        await pilot.hover(timeline, offset=(to, y))
        await pilot.mouse_up(timeline, offset=(to, y))
        await becomes(stand, pilot, '5s: "neon', '6s: "neon')
        await until(pilot, lambda: (stand.app.lane, stand.app.key, stand.app.head) == ("prompts", 1, 72))


async def test_quick_nudges_are_one_step_to_take_back(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, key=1)
        await pilot.press("ctrl+up", "ctrl+up", "ctrl+down", "ctrl+up", "shift+up")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("1.2", "1.32"))
        await pilot.press("u")
        await until(pilot, lambda: stand.film.read_text("utf-8") == FILM)
        await pilot.press("shift+down")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("1.2", "1.1"))


async def test_a_value_is_typed_over_the_one_that_is_there(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, key=1)
        await pilot.press("=")
        await pilot.pause()
        line = stand.app.screen.query_one(Input)
        assert line.value == "1.2"
        line.value = "1.5 +"
        await pilot.press("enter")
        assert stand.film.read_text("utf-8") == FILM
        line.value = "1.5 + 0.1 * sine(1s)"
        await pilot.press("enter")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("1.2", "1.5 + 0.1 * sine(1s)"))


async def test_a_typed_value_makes_a_key_where_there_is_none(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot)
        stand.app.seek(72)
        await pilot.press("=")
        await pilot.pause()
        await pilot.press(*"1.7", "enter")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("10s", "6s: 1.7, 10s"))


async def test_keys_are_deleted_down_to_a_constant(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, key=2)
        await pilot.press("delete")
        await becomes(stand, pilot, ", 10s: 1.0", "")
        assert stand.app.key is None
        await chosen(stand, pilot, key=1)
        await pilot.press("delete")
        await becomes(stand, pilot, ZOOM, "  zoom = 1.0\n")
        assert stand.app.board.lane("camera.zoom") is None
        await pilot.press("u", "u")
        await until(pilot, lambda: stand.film.read_text("utf-8") == FILM)


async def test_a_key_is_copied_and_cut_and_pasted(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, key=1)
        await pilot.press("y")
        stand.app.seek(72)
        await pilot.press("p")
        await becomes(stand, pilot, ZOOM, ZOOM.replace("10s", "6s: 1.2, 10s"))
        await until(pilot, lambda: stand.app.key == 2)
        await pilot.press("x")
        await until(pilot, lambda: stand.film.read_text("utf-8") == FILM)


async def test_all_keys_at_the_playhead_are_cut_and_pasted_together(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        stand.app.lane = None
        await pilot.press("y")
        stand.app.seek(12)
        await pilot.press("p")
        wanted = FILM.replace(ZOOM, ZOOM.replace("4s", "1s: 1.0, 4s")).replace(
            "  5s:", '  1s: "golden hour, a quiet street"\n  5s:'
        )
        await until(pilot, lambda: stand.film.read_text("utf-8") == wanted)


async def test_a_setting_without_keys_gets_its_first(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        stand.app.seek(36)
        await pilot.press("i")
        await pilot.pause()
        await pilot.press(*"exposure", "enter")
        added = "scene dusk 4s { grade {\n  exposure = 0s: 0, 3s: 0\n} }"
        await until(pilot, lambda: "exposure = 0s: 0, 3s: 0" in stand.film.read_text("utf-8"))
        assert stand.film.read_text("utf-8").count("{") == FILM.count("{") + 1, added
        await until(pilot, lambda: stand.app.board.lane("grade.exposure") is not None)
        await until(pilot, lambda: stand.app.lane == "grade.exposure" and stand.app.key == 1)


async def test_what_cannot_be_done_says_why_and_leaves_the_file(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, "prompts", 1)
        await pilot.press("ctrl+up")
        await until(pilot, lambda: "nothing to nudge" in "".join(stand.app.lines))
        await pilot.press("u")
        await until(pilot, lambda: "nothing to undo" in "".join(stand.app.lines))
        await chosen(stand, pilot, "scenes")
        await pilot.press("i")
        await until(pilot, lambda: "`scenes` is no setting" in "".join(stand.app.lines))
        await pilot.press("delete")
        await until(pilot, lambda: "there is no key here" in "".join(stand.app.lines))
        assert stand.film.read_text("utf-8") == FILM


async def test_an_edit_is_made_of_the_file_as_it_is_now(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await chosen(stand, pilot, key=1)
        saved = FILM.replace("golden hour", "blue hour")
        stand.film.write_text(saved, "utf-8")
        await pilot.press("ctrl+up")
        await until(pilot, lambda: stand.film.read_text("utf-8") == saved.replace("1.2", "1.21"))
        stand.film.write_text(saved.replace("4s: 1.2", "3s: 1.3"), "utf-8")
        stand.app.key = 1
        await pilot.press("ctrl+up")
        await until(pilot, lambda: "has changed in the file" in "".join(stand.app.lines))
        assert stand.film.read_text("utf-8") == saved.replace("4s: 1.2", "3s: 1.3")

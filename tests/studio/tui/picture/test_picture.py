"""The picture in an app: what is on the screen after which change, and how little of it is written anew."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from anim_studio.tui.picture.images import Images
from anim_studio.tui.picture.picture import Picture

pytestmark = pytest.mark.asyncio


def plain(level: int, size: tuple[int, int] = (48, 32)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), level, np.uint8)


class Shows(App[None]):
    """A picture in a frame, as it stands in `anim live`."""

    CSS = """
    Screen { layers: default above; }
    Container { border: round white; }
    Picture { background: #000000; }
    #above { layer: above; }
    """

    def __init__(self, **shown: object) -> None:
        super().__init__()
        self.first = shown
        self.pressed = 0

    def compose(self) -> ComposeResult:
        with Container():
            yield Picture()

    def on_mount(self) -> None:
        for name, value in self.first.items():
            setattr(self.picture, name, value)

    def on_picture_pressed(self) -> None:
        self.pressed += 1

    @property
    def picture(self) -> Picture:
        return self.query_one(Picture)


def rows(app: Shows) -> list[Strip]:
    """The picture's rows as they are on the screen."""
    region = app.picture.content_region
    return [strip.crop(region.x, region.right) for strip in app.screen._compositor.render_strips()][
        region.y : region.bottom
    ]


def ground(strip: Strip, column: int) -> tuple[int, int, int]:
    cell = next(iter(strip.crop(column, column + 1)))
    assert cell.style is not None
    assert cell.style.bgcolor is not None
    red, green, blue = cell.style.bgcolor.get_truecolor()
    return red, green, blue


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()


async def test_the_picture_comes_onto_the_screen() -> None:
    app = Shows(picture=plain(200), shape=(768, 512))
    async with app.run_test(size=(62, 32)) as pilot:
        await settled(pilot)
        assert ground(rows(app)[15], 30) == (200, 200, 200)
        assert ground(rows(app)[0], 30) == (0, 0, 0), "above it is the theme's ground"


async def test_another_picture_takes_its_place() -> None:
    app = Shows(picture=plain(200))
    async with app.run_test(size=(62, 32)) as pilot:
        await settled(pilot)
        app.picture.picture = plain(40)
        await settled(pilot)
        assert ground(rows(app)[15], 30) == (40, 40, 40)


async def test_only_rows_that_look_different_are_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shows(picture=plain(200))
    async with app.run_test(size=(62, 22)) as pilot:
        await settled(pilot)
        written: list[Region] = []
        refresh = app.picture.refresh

        def heard(*regions: Region, **more: bool) -> Picture:
            written.extend(regions)
            refresh(*regions, **more)
            return app.picture

        monkeypatch.setattr(app.picture, "refresh", heard)
        before = rows(app)
        changed = plain(200)
        changed[16] = 10
        app.picture.picture = changed
        await settled(pilot)
        after = rows(app)
        told = {region.y for region in written}
        assert told == {y for y in range(20) if before[y] != after[y]}
        assert 0 < len(told) <= 2
        app.picture.picture = changed.copy()
        await settled(pilot)
        assert len(written) == len(told), "the same picture again writes nothing"


async def test_a_smaller_preview_stands_in_the_same_place() -> None:
    app = Shows(picture=plain(200, (512, 341)), shape=(768, 512))
    async with app.run_test(size=(80, 30)) as pilot:
        await settled(pilot)
        before = [[ground(row, column) for column in range(0, 78, 3)] for row in rows(app)]
        app.picture.picture = plain(200, (100, 66))
        await settled(pilot)
        assert before == [[ground(row, column) for column in range(0, 78, 3)] for row in rows(app)]


async def test_two_versions_stand_beside_each_other_under_their_names() -> None:
    app = Shows(picture=plain(200), other=plain(40), caption="draft · frame 62")
    async with app.run_test(size=(102, 26)) as pilot:
        await settled(pilot)
        shown = [row.text for row in rows(app)]
        assert any("before" in text and "now" in text for text in shown)
        assert any("draft · frame 62" in text for text in shown)
        assert (ground(rows(app)[12], 20), ground(rows(app)[12], 80)) == ((40,) * 3, (200,) * 3)
        app.picture.other = None
        await settled(pilot)
        assert not any("before" in row.text for row in rows(app))


async def test_comparing_with_a_version_that_has_no_picture_says_so() -> None:
    app = Shows(picture=plain(200), compared=True, waiting="painting …")
    async with app.run_test(size=(102, 26)) as pilot:
        await settled(pilot)
        shown = [row.text for row in rows(app)]
        assert any("before" in text and "now" in text for text in shown)
        assert any("painting …" in text[:50] for text in shown)


async def test_while_there_is_nothing_it_says_what_is_going_on() -> None:
    app = Shows(waiting="the painter starts …", shape=(1, 1))
    async with app.run_test(size=(42, 14)) as pilot:
        await settled(pilot)
        assert sum("the painter starts …" in row.text for row in rows(app)) == 1
        app.picture.picture = plain(99)
        await settled(pilot)
        assert not any("painter" in row.text for row in rows(app))


async def test_off_shows_no_picture_and_says_how_to_have_one() -> None:
    app = Shows(picture=plain(200), images=Images.OFF)
    async with app.run_test(size=(62, 22)) as pilot:
        await settled(pilot)
        assert any("--images half" in row.text for row in rows(app))
        assert "▀" not in "".join(row.text for row in rows(app))


@pytest.mark.parametrize("images", list(Images))
async def test_a_picture_of_the_screen_has_the_picture_whatever_the_terminal_draws(images: Images) -> None:
    app = Shows(picture=plain(200), images=images, caption="frame 1")
    async with app.run_test(size=(62, 22)) as pilot:
        await settled(pilot)
        svg = app.export_screenshot()
        assert ("#c8c8c8" in svg) == (images is not Images.OFF)
        assert "\x1b" not in svg


async def test_it_follows_its_size_and_the_theme() -> None:
    app = Shows(picture=plain(200))
    async with app.run_test(size=(62, 22)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(42, 30)
        await settled(pilot)
        assert len(rows(app)) == 28
        assert ground(rows(app)[14], 20) == (200, 200, 200)
        app.picture.styles.background = "#102030"
        await settled(pilot)
        assert ground(rows(app)[0], 20) == (16, 32, 48)


async def test_what_stands_over_it_leaves_the_rest_as_it_is() -> None:
    app = Shows(picture=plain(200))
    async with app.run_test(size=(62, 42)) as pilot:
        await settled(pilot)
        above = Static("hello", id="above")
        above.styles.width, above.styles.height, above.styles.offset = 5, 1, (20, 20)
        await app.mount(above)
        await settled(pilot)
        row = next(row for row in rows(app) if "hello" in row.text)
        assert ground(row, 2) == ground(row, 50) == (200, 200, 200)


async def test_a_border_of_its_own_stands_around_it() -> None:
    app = Shows(picture=plain(200))
    async with app.run_test(size=(62, 22)) as pilot:
        app.picture.styles.border = ("heavy", "red")
        await settled(pilot)
        strips = app.screen._compositor.render_strips()
        assert strips[1].text[1] == "┏"
        assert ground(rows(app)[8], 28) == (200, 200, 200)


async def test_a_click_is_told() -> None:
    app = Shows(picture=plain(200))
    async with app.run_test(size=(62, 22)) as pilot:
        await settled(pilot)
        await pilot.click(Picture)
        await settled(pilot)
        assert app.pressed == 1


def reads(app: Shows, word: str, *, own: bool) -> bool:
    """Whether a word stands out from its ground; `own`: both are the terminal's own colours."""
    row = next(row for row in rows(app) if word in row.text)
    place = row.text.index(word)
    style = next(iter(row.crop(place, place + 1))).style
    if style is None or style.color is None or style.bgcolor is None:
        return False
    if own:
        return style.bgcolor.is_default and style.color.is_system_defined
    ink, ground = style.color.get_truecolor(), style.bgcolor.get_truecolor()
    return max(abs(a - b) for a, b in zip(ink, ground, strict=True)) > 50


class Themed(Shows):
    """On the ground of the theme."""

    CSS = "Screen { layers: default above; }"


async def test_its_texts_can_be_read_in_every_theme() -> None:
    app = Themed(compared=True, other=plain(90), caption="draft · frame 62", waiting="painting …")
    async with app.run_test(size=(62, 22)) as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await settled(pilot)
            for word in ("before", "draft", "painting"):
                assert reads(app, word, own=theme.startswith("ansi")), (theme, word)

"""Pixels for terminals that draw them: what is sent is read back as such a terminal reads it."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from anim_studio.tui.picture.canvas import Canvas, Colours, Labelled, painted
from anim_studio.tui.picture.graphics import Graphics, PixelStrip
from anim_studio.tui.picture.halfblocks import CellStrip
from anim_studio.tui.picture.images import Images
from anim_studio.tui.picture.scale import scaled
from anim_studio.tui.picture.stage import Box

CONSOLE = Console(color_system="truecolor")
SIZE = (48, 32)


def gradient(turn: int = 0) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:32, 0:48]
    picture = np.stack([x * 5, y * 8, np.full_like(x, 90)], -1).astype(np.uint8)
    return np.roll(picture, turn, axis=2)


def drawn(
    graphics: Graphics, images: Images, *pictures: NDArray[np.uint8]
) -> tuple[list[CellStrip], tuple[Box, ...]]:
    """The rows of a widget of 40 by 16 cells."""
    sides = [Labelled(picture, SIZE, f"side {number}") for number, picture in enumerate(pictures)]
    rows, stage = painted(Canvas((40, 16), Colours(), whole=True), sides, "the caption", "")
    shown = [(side.picture, place) for side, place in zip(sides, stage.places, strict=True)]
    return graphics.strips(rows, shown, images), stage.places


def written(strips: list[CellStrip]) -> str:
    return "".join(strip.render(CONSOLE) for strip in strips)


@dataclass
class Kitty:
    """The part of kitty's protocol that is used, as its documentation tells it."""

    images: dict[int, NDArray[np.uint8]] = field(default_factory=dict)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    _open: dict[str, str] | None = None
    _data: str = ""

    def read(self, text: str) -> str:
        """Takes commands out of a text; what is left is shown."""
        for keys, data in re.findall(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\", text):
            self._take(dict(pair.split("=") for pair in keys.split(",")), data)
        return re.sub(r"\x1b_G[^\x1b]*\x1b\\", "", text)

    def _take(self, keys: dict[str, str], data: str) -> None:
        if keys.get("a") == "d":
            assert keys["d"] == "I"
            del self.images[int(keys["i"])], self.places[int(keys["i"])]
        elif keys.get("a") == "p":
            assert keys["U"] == "1"
            assert int(keys["i"]) in self.images, "placed before it was whole"
            self.places[int(keys["i"])] = (int(keys["c"]), int(keys["r"]))
        else:
            assert len(data) <= 4096
            if self._open is None:
                self._open, self._data = keys, ""
            self._data += data
            if keys["m"] == "0":
                head, self._open = self._open, None
                pixels = zlib.decompress(base64.standard_b64decode(self._data))
                shape = (int(head["v"]), int(head["s"]), 3)
                self.images[int(head["i"])] = np.frombuffer(pixels, np.uint8).reshape(shape)


def stands(text: str) -> dict[int, set[int]]:
    """The rows of each picture that letters stand for, by the picture's name."""
    from textual_image.renderable.tgp import _NUMBER_TO_DIACRITIC as MARKS

    found: dict[int, set[int]] = {}
    for colour, cells in re.findall(r"\x1b\[38;2;(\d+;\d+;\d+)m((?:\U0010eeee...)+)", text):
        red, green, blue = map(int, colour.split(";"))
        row, _, high = (MARKS.index(ord(mark)) for mark in cells[1:4])
        found.setdefault(high << 24 | red << 16 | green << 8 | blue, set()).add(row)
    return found


def test_kitty_is_given_the_picture_and_letters_that_stand_for_it() -> None:
    terminal, picture = Kitty(), np.random.default_rng(4).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    strips, (place,) = drawn(Graphics({}), Images.KITTY, picture)
    left = terminal.read(written(strips))
    ((name, got),) = terminal.images.items()
    assert np.array_equal(got, picture)
    assert terminal.places == {name: (place.width, place.height // 2)}
    assert stands(left) == {name: set(range(place.height // 2))}
    assert "the caption" in left


def test_kitty_keeps_the_picture_before_until_the_next_one_and_no_more() -> None:
    terminal, graphics = Kitty(), Graphics({})
    for turn in range(6):
        strips, _ = drawn(graphics, Images.KITTY, gradient(turn))
        left = terminal.read(written(strips))
        (name,) = stands(left)
        assert np.array_equal(terminal.images[name], gradient(turn))
        assert len(terminal.images) <= 2


def test_two_versions_are_two_pictures() -> None:
    terminal = Kitty()
    strips, _ = drawn(Graphics({}), Images.KITTY, gradient(0), gradient(1))
    left = terminal.read(written(strips))
    assert len(stands(left)) == len(terminal.images) == 2
    assert "side 0" in left
    assert "side 1" in left


def test_a_picture_is_not_sent_again_for_another_caption() -> None:
    graphics, picture = Graphics({}), gradient()
    first, _ = drawn(graphics, Images.KITTY, picture)
    again, _ = drawn(graphics, Images.KITTY, picture)
    assert all(one.same(other) for one, other in zip(first, again, strict=True))
    other, _ = drawn(graphics, Images.KITTY, gradient(1))
    assert not any(
        one.same(two) for one, two in zip(first, other, strict=True) if isinstance(one, PixelStrip)
    )


def test_through_tmux_commands_are_wrapped() -> None:
    strips, _ = drawn(Graphics({"TMUX": "/tmp/tmux"}), Images.KITTY, gradient())
    text = written(strips)
    wrapped = re.findall(r"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\", text)
    assert wrapped
    assert text.count("_G") == len(wrapped)
    plain = "".join(wrapped).replace("\x1b\x1b", "\x1b")
    terminal = Kitty()
    terminal.read(plain)
    assert [np.array_equal(got, gradient()) for got in terminal.images.values()] == [True]


def unsixelled(data: str) -> NDArray[np.uint8]:
    """The pixels of a sixel picture (DEC STD 070)."""
    body = data[data.index("q") + 1 : data.rindex("\x1b\\")]
    size = re.match(r'"\d+;\d+;(\d+);(\d+)', body)
    assert size is not None
    width, height = int(size[1]), int(size[2])
    pixels = np.zeros((height + 6, width, 3), np.uint8)
    palette: dict[int, tuple[int, ...]] = {}
    x = y = colour = 0
    times = 1
    for number, levels, count, sign in re.findall(r"#(\d+)((?:;\d+)*)|!(\d+)|([?-~$-])", body[size.end() :]):
        if number:
            colour = int(number)
            if levels:
                palette[colour] = tuple(round(int(level) * 2.55) for level in levels.split(";")[2:])
        elif count:
            times = int(count)
        elif sign in "$-":
            x, y = 0, y + 6 * (sign == "-")
        else:
            for bit in range(6):
                if ord(sign) - 63 >> bit & 1:
                    pixels[y + bit, x : x + times] = palette[colour]
            x, times = x + times, 1
    return pixels[:height]


def test_sixels_show_the_picture_at_the_size_of_its_cells() -> None:
    strips, (place,) = drawn(Graphics({}), Images.SIXEL, gradient())
    last = strips[place.bottom // 2 - 1].render(CONSOLE)
    found = re.search(r"\x1b7\x1b\[(\d+)A(\x1bP.*?\x1b\\)\x1b8", last, re.DOTALL)
    assert found is not None
    assert int(found[1]) == place.height // 2 - 1
    pixels = unsixelled(found[2])
    assert pixels.shape == (place.height * 10, place.width * 10, 3)
    wanted = scaled(gradient(), place.width * 10, place.height * 10)
    assert np.abs(pixels.astype(int) - wanted).mean() < 8


def test_the_cursor_passes_over_the_cells_of_sixels() -> None:
    strips, (place,) = drawn(Graphics({}), Images.SIXEL, gradient())
    for row in range(place.top // 2, place.bottom // 2):
        assert f"\x1b[{place.width}C" in strips[row].render(CONSOLE)
        assert strips[row].cell_length == 40


@pytest.mark.parametrize("images", [Images.KITTY, Images.SIXEL])
def test_what_others_see_of_the_rows_are_half_blocks(images: Images) -> None:
    strips, (place,) = drawn(Graphics({}), images, gradient())
    row = strips[place.top // 2 + 1]
    assert len(row.text) == 40
    assert "▀" in row.text
    part = row.crop(place.left, place.left + 4)
    assert "\x1b_G" not in part.render(CONSOLE)
    assert "\x1bP" not in part.render(CONSOLE)

"""Lines of half-blocks: what goes to the terminal, and what Textual sees of it."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from anim_studio.tui.picture.halfblocks import CellStrip, Line, lettered, lines, written
from anim_studio.tui.picture.shades import Codes, Shades, coded, colour_at, own

RED, GREEN, BLUE = 0xFF0000, 0x00FF00, 0x0000FF


def codes(*rows: list[int]) -> Codes:
    return np.array(rows, np.int32)


def line(upper: list[int], lower: list[int], shades: Shades = Shades.TRUE) -> Line:
    return lines(codes(upper, lower), shades)[0]


def shown(text: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What a terminal makes of a row: each cell's sign, its colour and its ground."""
    cells: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    state: dict[str, tuple[str, ...]] = {"3": (), "4": ()}
    for codes_, sign in re.findall(r"\x1b\[([\d;]*)m|(.)", text):
        if sign:
            cells.append((sign, state["3"], state["4"]))
            continue
        parts = codes_.split(";")
        while parts:
            part = parts.pop(0)
            if part == "0":
                state = {"3": (), "4": ()}
            elif part in ("38", "48"):
                length = 4 if parts[0] == "2" else 2
                state[part[0]], parts = tuple(parts[:length]), parts[length:]
            else:
                kind = "3" if part.startswith(("3", "9")) else "4"
                state[kind] = (part,)
    return cells


def test_two_pixels_a_cell() -> None:
    assert written(line([RED], [BLUE])) == "\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[0m"


def test_a_cell_of_one_colour_needs_no_sign() -> None:
    assert written(line([RED, RED], [RED, RED])) == "\x1b[48;2;255;0;0m  \x1b[0m"


def test_a_colour_is_named_only_where_it_changes() -> None:
    text = written(line([RED, RED, GREEN], [BLUE, BLUE, BLUE]))
    assert text == "\x1b[38;2;255;0;0;48;2;0;0;255m▀▀\x1b[38;2;0;255;0m▀\x1b[0m"


@pytest.mark.parametrize("shades", [Shades.TRUE, Shades.XTERM, Shades.ANSI, Shades.GREY])
def test_the_terminal_shows_every_pixel_of_a_picture(shades: Shades) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (8, 40, 3), dtype=np.uint8)
    picture[2:4, 5:20] = picture[0, 0]
    picture[::2, 30:] = picture[1::2, 30:]
    drawn = coded(picture, shades)
    for row, each in enumerate(lines(drawn, shades)):
        for column, (sign, colour, ground) in enumerate(shown(written(each))):
            upper, lower = drawn[2 * row : 2 * row + 2, column].tolist()
            assert ground == name(lower, shades, 10)
            assert sign == ("▀" if upper != lower else " ")
            assert sign == " " or colour == name(upper, shades, 0)


def name(code: int, shades: Shades, more: int) -> tuple[str, ...]:
    if shades is Shades.ANSI:
        return (str((30 if code < 8 else 82) + code + more),)
    if shades is Shades.XTERM:
        return ("5", str(code))
    return ("2", *(str(part) for part in colour_at(code, shades)))


def test_without_colours_brightness_is_written_in_letters() -> None:
    ramp = np.linspace(0, 255, 30).astype(np.uint8)
    grey = np.repeat(np.stack([ramp, ramp])[..., None], 3, axis=-1)
    text = written(lines(coded(grey, Shades.LETTERS), Shades.LETTERS)[0])
    assert text.isascii()
    assert "\x1b" not in text
    assert (text[0], text[-1]) == (" ", "@")
    assert list(dict.fromkeys(text)) == list(" .,:;i1tfLCG08@")


def test_textual_sees_the_same_colours_as_the_terminal() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (2, 24, 3), dtype=np.uint8)
    strip = CellStrip(lines(coded(picture, Shades.TRUE), Shades.TRUE)[0])
    console = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True)
    by_rich = Strip(list(strip), strip.cell_length)
    assert strip.cell_length == 24 == len(strip.text)
    assert shown(strip.render(console)) == shown(by_rich.render(console))


def test_what_another_widget_leaves_of_a_row_is_the_row() -> None:
    strip = CellStrip(line([RED, GREEN, BLUE], [0, 0, 0]))
    left, middle, right = strip.divide([1, 2, 3])
    console = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True)
    parts = [cell for part in (left, middle, right) for cell in shown(part.render(console))]
    assert parts == shown(strip.render(console))
    assert shown(strip.crop(1, 3).render(console)) == shown(strip.render(console))[1:]
    assert Strip.join([strip, Strip([Segment("x")])]).text == "▀▀▀x"


def test_rows_that_look_alike_are_told_apart_from_others() -> None:
    assert CellStrip(line([RED], [BLUE])).same(CellStrip(line([RED], [BLUE])))
    assert not CellStrip(line([RED], [BLUE])).same(CellStrip(line([RED], [GREEN])))
    text = lettered(line([RED], [BLUE]), 0, "x", RED, BLUE)
    assert not CellStrip(line([RED], [BLUE])).same(CellStrip(text))


def test_a_text_takes_the_cells_that_it_needs_and_no_more() -> None:
    row = line([RED] * 6, [BLUE] * 6)
    assert lettered(row, 1, "ab", GREEN, 0).signs == ["▀", "a", "b", "▀", "▀", "▀"]
    assert lettered(row, 4, "abc", GREEN, 0).signs[4:] == ["a", "b"]
    assert lettered(row, 6, "abc", GREEN, 0).signs == row.signs
    assert lettered(row, 1, "ab", GREEN, 7).grounds.tolist() == [BLUE, 7, 7, BLUE, BLUE, BLUE]


def test_wide_signs_take_two_cells_and_half_of_one_is_left_out() -> None:
    row = line([RED] * 5, [BLUE] * 5)
    assert lettered(row, 0, "雨の", GREEN, 0).signs == ["雨", "", "の", "", "▀"]
    assert lettered(row, 0, "雨の夜", GREEN, 0).signs == ["雨", "", "の", "", " "]
    assert CellStrip(lettered(row, 0, "雨の", GREEN, 0)).cell_length == 5


def test_marks_stay_on_their_letters_and_control_signs_are_left_out() -> None:
    row = line([RED] * 4, [BLUE] * 4)
    assert lettered(row, 0, "e\u0301x", GREEN, 0).signs[:2] == ["e\u0301", "x"]
    assert lettered(row, 0, "a\x1b[2Jb", GREEN, 0).signs == ["a", "[", "2", "J"]


@pytest.mark.parametrize("shades", [Shades.TRUE, Shades.XTERM, Shades.ANSI, Shades.GREY])
def test_the_terminals_own_colours_are_named_as_its_own(shades: Shades) -> None:
    row = lines(codes([own(-1), own(-1)], [own(-1), own(-1)]), shades)[0]
    row = lettered(row, 1, "x", own(10), own(-1))
    assert written(row) == "\x1b[49m \x1b[92mx\x1b[0m"
    first, second = list(CellStrip(row))
    assert first.style is not None
    assert first.style.bgcolor is not None
    assert first.style.bgcolor.is_default
    assert second.style is not None
    assert second.style.color is not None
    assert second.style.color.number == 10

"""The colours of terminals that have few."""

from __future__ import annotations

import numpy as np
import pytest
from rich.color import Color, ColorSystem

from anim_studio.tui.picture.shades import Shades, code_of, coded, colour_at, shades_of, xterm


def flat(*colour: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((8, 8, 3), colour, np.uint8)


@pytest.mark.parametrize(
    ("colours", "no_colour", "term", "shades"),
    [
        ("truecolor", False, "xterm-256color", Shades.TRUE),
        ("256", False, "screen-256color", Shades.XTERM),
        ("standard", False, "linux", Shades.ANSI),
        ("windows", False, "", Shades.ANSI),
        ("truecolor", True, "xterm-256color", Shades.GREY),
        ("standard", False, "vt100", Shades.LETTERS),
        ("truecolor", True, "dumb", Shades.LETTERS),
        (None, False, "", Shades.TRUE),
    ],
)
def test_what_a_terminal_shows(colours: str | None, no_colour: bool, term: str, shades: Shades) -> None:
    assert shades_of(colours, no_colour=no_colour, environ={"TERM": term}) is shades


def test_true_colours_are_themselves() -> None:
    assert (coded(flat(1, 2, 3), Shades.TRUE) == 0x010203).all()
    assert colour_at(0x010203, Shades.TRUE) == (1, 2, 3)


def test_grey_is_as_bright_as_the_colour() -> None:
    code = int(coded(flat(0, 255, 0), Shades.GREY)[0, 0])
    assert colour_at(code, Shades.GREY) == (182, 182, 182)


def test_xterms_colours_are_those_that_rich_has() -> None:
    for number in range(16, 256):
        assert tuple(xterm()[number].tolist()) == tuple(Color.from_ansi(number).get_truecolor())


@pytest.mark.parametrize("number", [16, 21, 46, 196, 231, 232, 243, 255])
def test_a_colour_of_xterm_finds_itself(number: int) -> None:
    red, green, blue = colour_at(number, Shades.XTERM)
    found = int(coded(flat(red, green, blue), Shades.XTERM, mixed=False)[0, 0])
    assert colour_at(found, Shades.XTERM) == (red, green, blue)


@pytest.mark.parametrize("shades", [Shades.XTERM, Shades.ANSI])
def test_neighbours_take_turns_so_that_their_mean_is_the_colour(shades: Shades) -> None:
    wanted = np.array([110, 120, 115])
    codes = coded(flat(*wanted.tolist()), shades)
    found = np.array([colour_at(code, shades) for code in codes.ravel().tolist()]).mean(axis=0)
    assert len(np.unique(codes)) > 1
    assert np.abs(found - wanted).max() < 25


def test_of_sixteen_colours_a_code_stays_one_of_sixteen() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    codes = coded(noise, Shades.ANSI)
    assert codes.min() >= 0
    assert codes.max() < 16
    assert len(np.unique(codes)) == 16


@pytest.mark.parametrize(
    ("shades", "system"), [(Shades.XTERM, ColorSystem.EIGHT_BIT), (Shades.ANSI, ColorSystem.STANDARD)]
)
def test_a_plain_ground_is_the_one_that_rich_takes_around_it(shades: Shades, system: ColorSystem) -> None:
    for colour in ((18, 18, 18), (46, 52, 64), (250, 244, 237), (0, 0, 0)):
        assert code_of(colour, shades) == Color.from_rgb(*colour).downgrade(system).number

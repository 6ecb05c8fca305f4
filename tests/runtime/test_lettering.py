"""Texts as pictures: their boxes, lines, outlines and shadows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from anim_runtime.lettering import Style, drawn
from anim_runtime.problems import RenderProblem

torch.set_num_threads(1)

STYLE = Style(
    font=None,
    size=20.0,
    color="white",
    align="left",
    line_height=1.2,
    outline=0.0,
    outline_color="black",
    shadow=0.0,
    shadow_color="black",
    width=0.0,
    inset=10,
)


def ink(picture: Tensor) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what can be seen."""
    rows, columns = (picture[0, 3] > 0.05).nonzero(as_tuple=True)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_it_is_premultiplied_and_in_its_colour() -> None:
    made = drawn("Rain", replace(STYLE, color="#ff800080"))
    assert made.shape[1] == 4
    assert float(made[:, 3].max()) == pytest.approx(128 / 255, abs=1e-3)
    assert torch.allclose(made[:, 0], made[:, 3], atol=1e-6)
    assert torch.allclose(made[:, 1], made[:, 3] * (128 / 255), atol=1e-6)
    assert float(made[:, 2].max()) == 0.0


def test_the_box_does_not_depend_on_which_letters_a_line_holds() -> None:
    heights = {drawn(text, STYLE).shape[2] for text in ("aaa", "gpq", "ÁÊ", "...", "")}
    assert len(heights) == 1
    digits = {drawn(text, STYLE).shape[3] for text in ("11:11", "00:00", "88:88")}
    assert len(digits) == 1, "a counter does not jump"


def test_lines_stand_under_each_other() -> None:
    one, two = drawn("H", STYLE), drawn("H\nH", STYLE)
    assert two.shape[2] - one.shape[2] == 24
    assert ink(two)[3] - ink(one)[3] == 24


@pytest.mark.parametrize(("align", "left"), [("left", 10), ("center", 60), ("right", 110)])
def test_lines_are_aligned_in_the_box(align: str, left: int) -> None:
    made = drawn("I", replace(STYLE, align=align, width=106.0))
    assert made.shape[3] == 106 + 20
    assert ink(made)[0] == pytest.approx(left, abs=3)


def test_lines_are_broken_between_words_where_they_are_too_wide() -> None:
    style = replace(STYLE, width=60.0)
    whole, broken = drawn("one two three", STYLE), drawn("one two three", style)
    assert broken.shape[3] == 80
    assert broken.shape[2] > whole.shape[2]
    long = drawn("incomprehensibility", style)
    assert long.shape[2] == whole.shape[2], "a word is not cut"


def test_an_outline_lies_around_and_below_the_letters() -> None:
    plain, made = drawn("H", STYLE), drawn("H", replace(STYLE, outline=3.0, outline_color="red"))
    assert made.shape == plain.shape
    assert ink(made)[0] == ink(plain)[0] - 3
    assert ink(made)[2] == ink(plain)[2] + 3
    solid = plain[0, 3] == 1.0
    assert solid.any()
    assert torch.equal(made[0, :, solid], plain[0, :, solid])
    assert float((made[0, 0] - made[0, 1]).max()) == pytest.approx(1.0)


def test_a_shadow_falls_to_the_lower_right() -> None:
    plain, made = drawn("H", STYLE), drawn("H", replace(STYLE, shadow=6.0, shadow_color="blue"))
    left, _, right, bottom = ink(made)
    assert right > ink(plain)[2] + 2
    assert bottom > ink(plain)[3] + 2
    assert left >= ink(plain)[0] - 2
    assert float(made[0, 2].sum()) > float(made[0, 0].sum())


def test_fractions_of_a_size_are_drawn() -> None:
    widths = [drawn("mmmmmmmm", replace(STYLE, size=size)).shape[3] for size in (20.0, 20.5, 21.0)]
    assert widths == sorted(set(widths))


def test_accents_and_other_scripts_have_letters() -> None:
    box = drawn("\U0010fffe", STYLE)
    for letter in "éßøЖλ€“—♪":
        assert not torch.equal(drawn(letter, STYLE), box), letter


def test_a_text_that_is_too_large_is_refused() -> None:
    with pytest.raises(RenderProblem, match="too large to draw"):
        drawn("x" * 500, replace(STYLE, size=2000.0))
    assert drawn("x" * 100_000, replace(STYLE, size=2.0)).shape[3] < 40_000


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"nothing")
    with pytest.raises(RenderProblem, match="cannot be read as a font"):
        drawn("x", replace(STYLE, font=tmp_path / "a.ttf"))

"""Where pictures and texts stand, as rows of cells."""

from __future__ import annotations

import numpy as np
import pytest

from anim_studio.tui.picture.canvas import Canvas, Colours, Labelled, painted
from anim_studio.tui.picture.halfblocks import Line
from anim_studio.tui.picture.shades import Shades
from anim_studio.tui.picture.stage import staged

FILM = (768, 512)


def plain(level: int, size: tuple[int, int] = (48, 32)) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((size[1], size[0], 3), level, np.uint8)


def canvas(columns: int, rows: int, **more: object) -> Canvas:
    return Canvas((columns, rows), Colours(), **more)  # type: ignore[arg-type]


def texts(drawn: list[Line]) -> list[str]:
    return ["".join(line.signs).replace("▀", " ").rstrip() for line in drawn]


def test_one_picture_stands_in_the_middle_with_its_proportions() -> None:
    drawn, stage = painted(canvas(62, 30), [Labelled(plain(200), FILM)], "", "")
    place = stage.places[0]
    assert (place.width, place.height) == (62, 41)
    assert abs(place.top - (60 - place.bottom)) <= 3
    rows = [int(line.grounds[31]) for line in drawn]
    assert rows[0] == rows[-1] == 0x121212
    assert rows[15] == 0xC8C8C8


def test_the_caption_stands_beneath_the_picture_where_a_row_is_free() -> None:
    drawn, stage = painted(canvas(60, 30), [Labelled(plain(200), FILM)], "draft · frame 62", "")
    assert stage.caption_row is not None
    assert 2 * stage.caption_row >= stage.places[0].bottom
    assert texts(drawn)[stage.caption_row] == " draft · frame 62"


def test_else_it_stands_on_the_pictures_foot_over_its_darkened_colour() -> None:
    drawn, stage = painted(canvas(60, 20), [Labelled(plain(200), FILM)], "draft · frame 62", "")
    assert stage.caption_row == 19
    assert texts(drawn)[19] == " draft · frame 62"
    bar = int(drawn[19].grounds[30])
    assert bar == 0x3C3C3C, "three tenths of the picture's light"
    assert int(drawn[18].grounds[30]) == 0xC8C8C8


def test_pixels_of_the_terminal_keep_whole_cells_and_the_caption_off_them() -> None:
    for columns in range(20, 70):
        stage = staged([FILM], (columns, 20), aspect=1.0, captioned=True, whole=True)
        place = stage.places[0]
        assert place.top % 2 == place.height % 2 == 0
        assert stage.caption_row is not None
        assert place.bottom <= 2 * stage.caption_row < 40


def test_a_long_caption_is_cut() -> None:
    caption = "final · frame 1 · " + "a very long prompt " * 9
    drawn, stage = painted(canvas(40, 20), [Labelled(plain(1), FILM)], caption, "")
    assert stage.caption_row is not None
    assert texts(drawn)[stage.caption_row] == " final · frame 1 · a very long prompt…"


def test_two_wide_versions_stand_beside_each_other_where_that_shows_them_larger() -> None:
    sides = [Labelled(plain(50), FILM, "before"), Labelled(plain(200), FILM, "now")]
    drawn, stage = painted(canvas(121, 24), sides, "", "")
    before, now = stage.places
    assert before.top == now.top
    assert before.left + before.width < now.left
    assert before.width == now.width == 60
    row = texts(drawn)[before.label_row]
    assert (row.index("before"), row.index("now")) == (before.left, now.left)
    assert int(drawn[12].grounds[before.left]) == 0x323232
    assert int(drawn[12].grounds[now.left]) == 0xC8C8C8


def test_or_above_each_other_in_a_high_room() -> None:
    sides = [Labelled(plain(50), FILM, "before"), Labelled(None, FILM, "now")]
    drawn, stage = painted(canvas(40, 40), sides, "", "painting …")
    before, now = stage.places
    assert before.bottom <= now.top
    assert texts(drawn)[now.label_row].strip() == "now"
    assert any("painting …" in text for text in texts(drawn)[now.top // 2 :])


def test_an_empty_frame_says_in_its_middle_what_is_waited_for() -> None:
    drawn, stage = painted(
        canvas(40, 13), [Labelled(None, FILM)], "", "painting the first frames\nin a moment"
    )
    place = stage.places[0]
    found = [row for row, text in enumerate(texts(drawn)) if text]
    assert [texts(drawn)[row].strip() for row in found] == ["painting the first frames", "in a moment"]
    assert abs(found[0] + 1 - (place.top + place.bottom) / 4) <= 1
    assert int(drawn[found[0]].grounds[place.left + 1]) == 0x1E1E1E


def test_what_is_waited_for_is_wrapped_to_the_frame() -> None:
    waiting = "the film has mistakes; they are told on the right"
    drawn, stage = painted(canvas(24, 12), [Labelled(None, FILM)], "", waiting)
    found = [text.strip() for text in texts(drawn) if text]
    assert " ".join(found) == waiting
    assert all(len(text) <= stage.places[0].width - 2 for text in found)


@pytest.mark.parametrize("shades", list(Shades))
@pytest.mark.parametrize("room", [(1, 1), (2, 1), (1, 5), (3, 2), (7, 3), (200, 2), (2, 90)])
def test_no_room_is_too_small(room: tuple[int, int], shades: Shades) -> None:
    sides = [Labelled(plain(50), FILM, "before"), Labelled(None, (1, 9), "now")]
    for shown in (sides, sides[:1], sides[1:]):
        drawn, _ = painted(Canvas(room, Colours(), shades), shown, "a caption", "waiting for it")
        assert [len(line.signs) for line in drawn] == [room[0]] * room[1]
        assert [len(line.grounds) for line in drawn] == [room[0]] * room[1]


def test_signs_that_would_move_the_cursor_are_written_out() -> None:
    drawn, stage = painted(canvas(60, 20), [Labelled(plain(1), FILM)], "a\x1b[2Jb", "")
    assert stage.caption_row is not None
    assert texts(drawn)[stage.caption_row].strip() == "a\\x1b[2Jb"

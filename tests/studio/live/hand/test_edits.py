"""What the screen asks of keys, done to the file as it is: seen on an older board, and taken back."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.studio.live.hand.desk import FILM, Desk

from anim_compiler.world import World
from anim_studio.live.hand.edits import Aim, Done, Edits
from anim_studio.live.hand.script import Refused

EXAMPLES = Path(__file__).parents[4] / "examples"


def test_edits_find_their_key_while_the_screen_is_behind(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    aim = desk.aim("camera.zoom", 1)
    assert desk.edits.nudge(aim, 5).says == "set key 2 of `camera.zoom` 2 → 2.05"
    assert desk.edits.nudge(aim, 5).says == "set key 2 of `camera.zoom` 2 → 2.1"
    done = desk.edits.move_by(aim, -3)
    assert (done.frame, done.number, done.lane) == (45, 1, "camera.zoom")
    assert desk.edits.move_by(aim, -3).frame == 42
    assert "zoom = 0s: 1, 1.75s: 2.1\n" in desk.text


def test_a_key_is_known_by_any_of_what_edits_in_a_row_made_of_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.aim("camera.zoom", 1)
    desk.edits.nudge(first, 1)
    desk.look()
    shown = desk.aim("camera.zoom", 1)
    for _ in range(3):
        desk.edits.nudge(first, 1)
    # the screen shows the first of them while the file holds the last
    desk.edits.nudge(shown, 1)
    desk.edits.nudge(shown, 1)
    assert "zoom = 0s: 1, 2s: 2.06\n" in desk.text


def test_steps_up_and_down_that_cancel_each_other_change_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    before = desk.text
    assert desk.edits.nudge(desk.aim("camera.zoom", 1), 0).says == "`camera.zoom` stays as it is"
    assert desk.text == before


def test_a_key_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    aim = desk.aim("camera.angle", 1)
    desk.path.write_bytes(desk.text.replace("0s: 5deg", "0s: 4deg, 1s: 5deg").encode())
    assert "set key 3" in desk.edits.nudge(aim, 1).says
    desk.path.write_bytes(desk.text.replace("2s: 7deg", "2s: 9deg").encode())
    with pytest.raises(Refused, match="has changed in the file"):
        desk.edits.nudge(aim, 1)


def test_a_constant_that_is_shown_as_a_key_is_a_value(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILM.replace('prompt = "a"', 'prompt {\n  0s: "a"\n  negative = "n"\n}'))
    aim = desk.aim("negative", 0)
    assert desk.edits.set(aim, '"m"').says == 'set `prompt.negative` "n" → "m"'
    with pytest.raises(Refused, match="one value, and has no keys"):
        desk.edits.move_by(aim, 1)
    with pytest.raises(Refused, match="one value, and has no keys"):
        desk.edits.delete([aim])
    desk.edits.copy([aim])
    desk.edits.paste(24, "negative", desk.marks)
    assert '  negative = 0s: "m", 1s: "m"\n' in desk.text


def test_a_film_that_was_not_read_yet_is_not_edited(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(Refused, match="not read yet"):
        Edits(desk.path).nudge(desk.aim("camera.zoom", 0), 1)


def test_a_cut_that_fails_keeps_what_was_copied(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.edits.copy([desk.aim("camera.angle", 1)])
    aim = desk.aim("camera.zoom", 1)
    before = desk.text
    desk.path.unlink()
    with pytest.raises(Refused, match="cannot be read"):
        desk.edits.cut([aim])
    desk.path.write_bytes(before.encode())
    desk.edits.paste(24, "camera.angle", desk.marks)
    assert "angle = 0s: 5deg, 1s: 6deg, 2s: 6deg, 4s: 7deg" in desk.text


def test_a_value_is_put_where_a_lane_has_a_key_or_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert "added key 2" in desk.edits.put("camera.zoom", desk.marks, 24, "1.7").says
    assert "zoom = 0s: 1, 1s: 1.7, 2s: 2" in desk.text
    assert desk.edits.put("grade.contrast", desk.marks, 24, "1.2").says == "wrote `grade.contrast` = 1.2"


def test_a_text_that_is_typed_elsewhere_leaves_the_one_of_the_whole_film(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    done = desk.edits.put("prompts", desk.marks, 24, '"b"')
    assert done.says == '`prompt` has keys now: "b" at 1s'
    assert 'prompt = 0s: "a", 1s: "b"\n' in desk.text
    assert (done.frame, done.number) == (24, 1)


def test_a_key_steps_over_those_that_stand_in_its_way(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    aim = desk.aim("camera.angle", 0)
    assert desk.edits.move_by(aim, 48).frame == 49
    assert "angle = 2s: 6deg, 2s1f: 5deg, 4s: 7deg" in desk.text
    assert desk.edits.move_by(aim, -1).frame == 47
    with pytest.raises(Refused, match="outside the film"):
        desk.edits.move_by(aim, 49)


def test_a_text_may_be_typed_without_its_quotes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILM.replace('prompt = "a"', 'prompt = 0s: "a", 2s: "b"'))
    desk.edits.set(desk.aim("prompts", 0), "dark woods, at night")
    desk.edits.put("prompts", desk.marks, 24, "lake")
    assert 'prompt = 0s: "dark woods, at night", 1s: "lake", 2s: "b"\n' in desk.text
    with pytest.raises(Refused, match="nothing here is called"):
        desk.edits.set(desk.aim("camera.zoom", 0), "dark woods")


@pytest.mark.parametrize("name", ["day-trip.anim", "lyrics.anim", "orbit.anim", "kaleido.anim"])
def test_everything_can_be_taken_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    draw = random.Random(name)
    text = (EXAMPLES / name).read_text("utf-8").replace("\n", "\r\n")
    desk = Desk(tmp_path, text, World.open(EXAMPLES / name, cache=tmp_path / "cache"))
    made = 0
    for _ in range(10):
        board = desk.look()
        lane = draw.choice([lane for lane in board.lanes if any(key.editable for key in lane.keys)])
        number = draw.choice([n for n, key in enumerate(lane.keys) if key.editable])
        made += _edit(desk, desk.aim(lane.name, number), draw)
        desk.time += 10
    assert made >= 3
    after = desk.text
    for _ in range(made):
        desk.edits.undo()
    assert desk.text == text
    for _ in range(made):
        desk.edits.redo()
    assert desk.text == after
    desk.look()


def _edit(desk: Desk, aim: Aim, draw: random.Random) -> bool:
    frame = draw.randrange(desk.board.frames)
    edits: tuple[Callable[[], Done], ...] = (
        lambda: desk.edits.insert(aim.lane, desk.marks, frame),
        lambda: desk.edits.move_to(aim, frame),
        lambda: desk.edits.delete([aim]),
        lambda: desk.edits.nudge(aim, 3),
    )
    before = desk.text
    try:
        draw.choice(edits)()
    except Refused:
        assert desk.text == before
        return False
    assert desk.text != before
    assert desk.text.count("\n") == desk.text.count("\r\n")
    return True

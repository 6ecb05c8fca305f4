"""Edits written into a file, taken back and made again, beside somebody else's saves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anim_studio.live.hand.edited import Edited
from anim_studio.live.hand.film_file import read_file, write_if_unchanged
from anim_studio.live.hand.merged import merged
from anim_studio.live.hand.script import Refused
from anim_studio.live.hand.steps import Steps
from anim_studio.live.hand.where import Where

TEXT = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n"


class Desk:
    """A file with a hand over it, and a clock that is turned by hand."""

    def __init__(self, folder: Path, text: str = TEXT) -> None:
        self.path = folder / "film.anim"
        self.path.write_bytes(text.encode())
        self.time = 0.0
        self.judged: list[tuple[str, str]] = []
        self.hand = Steps(
            self.path, lambda before, after: self.judged.append((before, after)), lambda: self.time
        )

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def save(self, before: str, after: str) -> None:
        assert before in self.text
        self.path.write_bytes(self.text.replace(before, after).encode())

    def turn(self, before: str, after: str, about: str | None = None) -> str:
        def make(text: str) -> Edited:
            if before not in text:
                raise Refused("it has gone")
            return Edited(text.replace(before, after), f"{before} → {after}", Where((), "a"), 0)

        return self.hand.edit(make, about).says


def test_edits_are_taken_back_and_made_again_byte_for_byte(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.turn("b = 2", "b = 7")
    desk.turn("c = 3", "c = 8")
    both = desk.text
    assert desk.hand.undo() == "c = 3 → c = 8"
    assert desk.hand.undo() == "b = 2 → b = 7"
    assert desk.text == TEXT
    with pytest.raises(Refused, match="nothing to undo"):
        desk.hand.undo()
    desk.hand.redo()
    desk.hand.redo()
    assert desk.text == both
    with pytest.raises(Refused, match="nothing to redo"):
        desk.hand.redo()
    desk.hand.undo()
    desk.turn("a = 1", "a = 9")
    with pytest.raises(Refused, match="nothing to redo"):
        desk.hand.redo()


def test_what_was_saved_since_in_other_lines_stays(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.turn("e = 5", "e = 6")
    desk.save("a = 1", "# new\n# lines\na = 1")
    desk.hand.undo()
    assert desk.text == TEXT.replace("a = 1", "# new\n# lines\na = 1")
    assert desk.judged == [(desk.text.replace("e = 5", "e = 6"), desk.text)]
    desk.hand.redo()
    assert desk.text == TEXT.replace("a = 1", "# new\n# lines\na = 1").replace("e = 5", "e = 6")


def test_where_the_same_lines_were_saved_nothing_is_taken_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.turn("e = 5", "e = 6")
    desk.turn("c = 3", "c = 4")
    desk.save("c = 4", "c = 44")
    saved = desk.text
    with pytest.raises(Refused, match="changed since"):
        desk.hand.undo()
    assert desk.text == saved
    # the edits before it are not out of reach by that
    desk.hand.undo()
    assert desk.text == saved.replace("e = 6", "e = 5")


def test_an_undo_that_would_break_the_film_is_not_made(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    def judge(before: str, after: str) -> None:
        raise Refused("worse")

    hand = Steps(desk.path, judge)
    hand.edit(lambda text: Edited(text.replace("a = 1", "a = 2"), "", Where((), "a"), 0))
    desk.save("e = 5", "e = 6")
    with pytest.raises(Refused, match="worse"):
        hand.undo()
    assert "a = 2" in desk.text


def test_an_edit_is_made_of_the_text_that_is_there_now(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    seen: list[str] = []

    def make(text: str) -> Edited:
        if not seen:
            # somebody saves while the edit is being worked out
            desk.save("e = 5", "e = 50")
        seen.append(text)
        return Edited(text.replace("a = 1", "a = 2"), "", Where((), "a"), 0)

    desk.hand.edit(make)
    assert len(seen) == 2
    assert desk.text == TEXT.replace("a = 1", "a = 2").replace("e = 5", "e = 50")


def test_nudges_of_one_key_close_together_are_one_step(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in (1, 2, 3):
        desk.time += 0.5
        says = desk.turn(f"a = {number}", f"a = {number + 1}", "nudge a")
    assert says == "a = 1 → a = 4"
    desk.turn("b = 2", "b = 3", "nudge b")
    desk.time += 5
    desk.turn("b = 3", "b = 4", "nudge b")
    for expected in ("b = 3", "b = 2"):
        desk.hand.undo()
        assert expected in desk.text
        assert "a = 4" in desk.text
    desk.hand.undo()
    assert desk.text == TEXT


def test_a_nudge_there_and_back_leaves_no_step(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.turn("a = 1", "a = 2", "nudge")
    desk.turn("a = 2", "a = 1", "nudge")
    with pytest.raises(Refused, match="nothing to undo"):
        desk.hand.undo()


def test_mark_mode_and_links_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "real.anim", tmp_path / "link.anim"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\n")
    path.chmod(0o640)
    link.symlink_to(path)
    before = read_file(link)
    assert before.text == "a = 1\r\n"
    assert write_if_unchanged(link, before, before.with_text("a = 2\r\n"))
    assert path.read_bytes() == b"\xef\xbb\xbfa = 2\r\n"
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.anim", "real.anim"]
    assert not write_if_unchanged(path, before, before.with_text("a = 3"))


def test_a_file_with_two_names_keeps_both(tmp_path: Path) -> None:
    path, other = tmp_path / "a.anim", tmp_path / "b.anim"
    path.write_bytes(b"a = 1\n")
    os.link(path, other)
    before = read_file(path)
    assert write_if_unchanged(path, before, before.with_text("a = 2\n"))
    assert other.read_bytes() == b"a = 2\n"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_file(tmp_path / "none.anim")
    (tmp_path / "latin.anim").write_bytes(b"\xff\xe4")
    with pytest.raises(Refused, match="UTF-8"):
        read_file(tmp_path / "latin.anim")


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        ("a\nB\nc\nd\ne\n", "a\nb\nc\nd\ne\n", "a\nB\nc\nd\ne\n"),
        ("a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "a\nB\nc\nd\nE\n"),
        ("a\nb\nc\nd\ne\nf\n", "x\na\nb\nc\nd\ne\n", "x\na\nb\nc\nd\ne\nf\n"),
        ("a\nb\nc\ne\n", "A\nb\nc\nd\ne\n", "A\nb\nc\ne\n"),
        ("a\nB\nc\nd\ne\n", "a\nX\nc\nd\ne\n", None),
        ("a\nB\nc\nd\ne\n", "a\nb\nX\nc\nd\ne\n", None),
        ("a\nB\nc\nd\ne\n", "", None),
    ],
)
def test_two_changes_become_one_where_they_are_apart(ours: str, theirs: str, both: str | None) -> None:
    assert merged("a\nb\nc\nd\ne\n", ours, theirs) == both

from pathlib import Path

import pytest

from anim_studio.completing.line import Line, split


@pytest.mark.parametrize(
    ("text", "done", "current"),
    [
        ("anim", (), "anim"),
        ("anim ", (), ""),
        ("anim ren", (), "ren"),
        ("anim render ", ("render",), ""),
        ("anim render 'my film.anim' --sc", ("render", "my film.anim"), "--sc"),
        ("anim render my\\ fi", ("render",), "my fi"),
        ("anim render --scene=ra", ("render",), "--scene=ra"),
        ("anim render ''", ("render",), ""),
    ],
)
def test_a_line_is_taken_apart_as_a_shell_does(text: str, done: tuple[str, ...], current: str) -> None:
    found = split(text)
    if text == "anim":
        assert found.done == ()
        return
    assert found == Line(done, current)


def test_a_quote_that_is_open_is_remembered() -> None:
    assert split('anim render "my fi') == Line(("render",), "my fi", '"', 0)
    assert split("anim render --out='my fo") == Line(("render",), "--out=my fo", "'", 6)
    assert split("anim render 'my film.anim' fi").quote == ""


def test_the_film_is_the_first_that_is_there(tmp_path: Path) -> None:
    film = tmp_path / "b.anim"
    film.write_text("")
    assert Line(("render", "gone.anim", str(film)), "").film == film
    assert Line(("render", "gone.anim"), "").film is None

"""Lists made constants and constants made lists, minimally."""

from __future__ import annotations

from textwrap import dedent

import pytest

from anim_dsl.diagnostic import has_errors
from anim_dsl.edit import NotThereError, add_statement, drop_last_easing, set_value, take_key, written
from anim_dsl.parse import parse
from anim_dsl.source import Source


def film(text: str) -> Source:
    return Source("film.anim", dedent(text))


def same(text: str, expected: str) -> None:
    assert text == dedent(expected)
    assert not has_errors(parse(Source("film.anim", text))[1])


@pytest.mark.parametrize(
    ("before", "path", "name", "number", "after"),
    [
        ("zoom = 0s: 1, 4s: 2  # in\n", (), "zoom", 0, "zoom = 2  # in\n"),
        ("zoom = 0s: 1, 4s: 2 with ease_in\n", (), "zoom", 1, "zoom = 1\n"),
        ("zoom = 0s: 1 hold, 4s: 2\n", (), "zoom", 1, "zoom = 1\n"),
        ("zoom = 0s: 1\n", (), "zoom", 0, "zoom = 1\n"),
        ("zoom { 0s: 1; 4s: 2 }\n", (), "zoom", 0, "zoom = 2\n"),
        ("let a = 0s: 1, 4s: 2\n", (), "a", 0, "let a = 2\n"),
        ("let a { 0s: 1\n 4s: 2 }\n", (), "a", 1, "let a = 1\n"),
        ("let a = 0s: 1, 4s: 2, 5s: 3\n", (), "a", 2, "let a = 0s: 1, 4s: 2\n"),
        ("camera.zoom = 0s: 1, 4s: 2\n", ("camera",), "zoom", 0, "camera.zoom = 2\n"),
        ("zoom = 0s: 1 hold, 4s: 2 ease_in, 6s: 3\n", (), "zoom", 2, "zoom = 0s: 1 hold, 4s: 2\n"),
        ("a = 1\nprompt { 0s: \"x\" }\nb = 2\n", ("prompt",), "", 0, "a = 1\nb = 2\n"),
        ('prompt {\n  0s: "x"\n  negative = "y"\n}\n', ("prompt",), "", 0, 'prompt {\n  negative = "y"\n}\n'),
        ('prompt {\n  0s: "x"\n  4s: "y"\n}\n', ("prompt",), "", 0, 'prompt {\n  4s: "y"\n}\n'),
        ('prompt { 0s: "x" } # stays\na = 1\n', ("prompt",), "", 0, " # stays\na = 1\n"),
    ],
)  # fmt: skip
def test_a_key_is_taken(before: str, path: tuple[str, ...], name: str, number: int, after: str) -> None:
    same(take_key(film(before), path, name, number), after)


def test_comments_of_a_list_that_becomes_a_constant_stay() -> None:
    same(
        take_key(film("zoom = 0s: 1,  # begins\n       4s: 2   # ends\n"), (), "zoom", 0),
        "# begins\nzoom = 2   # ends\n",
    )


def test_what_is_not_there_is_said() -> None:
    for number in (-1, 2):
        with pytest.raises(NotThereError):
            take_key(film("zoom = 0s: 1, 4s: 2\n"), (), "zoom", number)
    with pytest.raises(NotThereError):
        take_key(film("zoom = 1\n"), (), "zoom", 0)
    with pytest.raises(NotThereError):
        set_value(film("zoom = 1\n"), (), "angle", "2")


def test_values_are_found_and_set_in_settings_and_lets() -> None:
    text = "let a = 1\ncamera 2d { zoom = 0s: 1, 2s: 3 with hold }\nzoom = 2\nzoom += 0s: 0, 1s: 1\n"
    found = written(film(text), ("camera 2d",), "zoom")
    assert found is not None
    assert found.is_list
    assert film(text).slice(found.value) == "0s: 1, 2s: 3 with hold"
    assert written(film(text), (), "b") is None
    added = written(film(text), (), "zoom")
    assert added is not None
    assert film(text).slice(added.value) == "0s: 0, 1s: 1"
    same(set_value(film(text), (), "a", "0s: 1, 2s: 2"), text.replace("a = 1", "a = 0s: 1, 2s: 2"))


def test_an_easing_that_ends_a_list_is_dropped() -> None:
    same(drop_last_easing(film("a = 0s: 1, 2s: 3 ease_in # c\n"), (), "a"), "a = 0s: 1, 2s: 3 # c\n")
    kept = "a = 0s: 1 hold, 2s: 3 with ease_in\n"
    same(drop_last_easing(film(kept), (), "a"), kept)


def test_a_statement_is_added_to_a_block() -> None:
    same(
        add_statement(film('prompt {\n  negative = "x"\n}\n'), ("prompt",), '0s: "y"'),
        'prompt {\n  negative = "x"\n  0s: "y"\n}\n',
    )

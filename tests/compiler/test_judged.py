"""What people who tried the language stumbled over: a wrong result, or a message that led elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import checked, compiled, film_of
from tests.staging import staged

from anim_compiler.check import check
from anim_compiler.compile import compile_film
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

HEAD = 'size = 64x64; fps = 10; length = 2s; prompt { 0s: "a" }\n'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("roll += 10deg * u; roll = 3deg * u", "roll = 3deg * u; roll += 10deg * u"),
        ("rotation_3d_z += 10deg * u; roll = 3deg * u", "roll = 3deg * u; rotation_3d_z += 10deg * u"),
        ("roll *= 2; roll = 3deg * u", "roll = 3deg * u; roll *= 2"),
    ],
)
def test_what_is_added_counts_wherever_it_stands(first: str, second: str) -> None:
    one, other = (film_of(HEAD + f"camera 3d {{ {text} }}") for text in (first, second))
    a, b = (compiled(HEAD + f"camera 3d {{ {text} }}") for text in (first, second))
    assert one.shots[0].camera is not None
    assert other.shots[0].camera is not None
    assert a.columns.keys() == b.columns.keys()
    assert all(np.array_equal(a.columns[name], b.columns[name]) for name in a.columns)
    plain = compiled(HEAD + "camera 3d { roll = 3deg * u }")
    assert any(not np.array_equal(a.columns[name], plain.columns[name]) for name in a.columns)


@pytest.mark.parametrize("text", ['prompt { 0s: "z" }\n', 'prompt = "z"\n', ""])
def test_a_variants_prompt_stands_in_the_place_of_the_films(tmp_path: Path, text: str) -> None:
    head = 'size = 64x64; fps = 10; length = 2s\nvariant { prompt = ["a fox", "an owl"] }\n'
    document, slips = parse(Source("film.anim", head + text))
    assert not slips
    world = World(tmp_path, tmp_path)
    _, found = check(document, world)
    assert found == ()
    film, found = check(document, world, 1)
    assert film is not None, found
    (key,) = film.shots[0].prompts.positive
    assert key.value[0].parts == ("an owl",)
    assert compile_film(film, world).plan is not None


def test_variants_whose_names_would_be_alike_get_names_of_their_own() -> None:
    film = film_of(HEAD + 'variant { prompt = ["a b", "a_b", "a-b"] }')
    names = [variant.name for variant in film.variants]
    assert len(set(names)) == 3
    assert names[0] == "prompta_b"


def test_music_that_ends_before_the_film_is_told(tmp_path: Path) -> None:
    (tmp_path / "song.ogg").write_bytes(staged()["song.ogg"])
    text = HEAD + 'audio song = "song.ogg"\ncamera 2d { zoom = 1 + 0.1 * bass }\n'
    assert not compiled(text, tmp_path).diagnostics
    (told,) = compiled(text.replace("length = 2s", "length = 10s"), tmp_path).diagnostics
    assert told.code == "W6056"
    assert told.message == "`song` ends at 4s, the film at 10s"


def test_what_goes_wrong_in_the_library_is_told_at_the_use() -> None:
    text = HEAD + 'import "std:shake"\ncamera 2d { use handheld(1deg) }\n'
    (told,) = checked(text)[1]
    assert told.source.name == "film.anim"
    assert told.source.slice(told.span) == "handheld(1deg)"
    assert told.edit is None


def test_what_goes_wrong_in_a_films_template_names_the_use_that_is_meant() -> None:
    text = HEAD + "template w(a) { roll += noise(2hz) * a }\ncamera 2d { use w(1deg); use w(3px) }\n"
    (told,) = checked(text)[1]
    (label,) = told.labels
    assert told.source.slice(label.span) == "w(3px)"


def test_hints_speak_of_what_the_film_says() -> None:
    hints = {
        "steps = 20": "write `steps = 20` in `diffuse { }`",
        "title = 20": 'write `title = "20"`',
        "length = 3s": "keep one of them",
    }
    for text, hint in hints.items():
        (told,) = checked(HEAD + text)[1]
        assert told.hint == hint

from pathlib import Path

import pytest

from anim_compiler.asking import Asked, check_expression
from anim_compiler.check import check
from anim_compiler.compile import compile_film
from anim_compiler.film import Film
from anim_compiler.frame_table import frame_table
from anim_compiler.settled import settled
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.given import given_name, with_given
from anim_dsl.parse import parse

TEXT = """\
size = 64x64; fps = 4; length = 2s
let speed = 1.5
let word = "rain"
prompt = "a {word} forest"
scene one 1s {
  let turn = 2deg
  camera 2d { zoom = speed * 2; angle = turn }
}
scene two 1s { camera 2d { zoom = speed } }
"""


@pytest.fixture
def checked(write_film):
    def run(*given: str, text: str = TEXT) -> tuple[Film | None, tuple[Diagnostic, ...], World]:
        path: Path = write_film(text)
        world = World.open(path, cache=path.parent / "cache")
        source = world.read_source(path)
        document, found = with_given(parse(source)[0], given)
        film, more = check(document, world)
        return film, tuple(d for d in (*found, *more) if d.source.name == "-D"), world

    return run


def zoom(film: Film, world: World) -> float:
    return float(Asked(film, world).curve("camera.zoom")[0])


def test_a_value_stands_in_place_of_the_written_one(checked) -> None:
    film, found, world = checked("speed=3")
    assert not found
    assert zoom(film, world) == 6.0
    film, _, world = checked()
    assert zoom(film, world) == 3.0


def test_the_last_value_of_a_name_counts(checked) -> None:
    film, _, world = checked("speed=3", "speed = 5")
    assert zoom(film, world) == 10.0


def test_a_value_is_an_expression_in_the_words_of_the_film(checked) -> None:
    film, found, world = checked("speed=max(2, 3) + sin(0)")
    assert not found
    assert zoom(film, world) == 6.0
    film, found, world = checked("speed=0s: 2, 2s: 4")
    assert not found
    assert zoom(film, world) == 4.0


def test_a_text_may_be_given(checked) -> None:
    film, found, _ = checked('word="snow"')
    assert not found
    assert "snow" in repr(film.shots[0].prompts)
    assert "rain" not in repr(film.shots[0].prompts)


def test_a_scene_has_lets_of_its_own(checked) -> None:
    film, found, world = checked("one.turn=90deg")
    assert not found
    assert Asked(film, world).curve("camera.angle")[0] == 90.0


def test_imported_lets_can_be_given(checked, write_film) -> None:
    write_film("let amount = 1\n", "looks.anim")
    write_film("let depth = 1\n", "deep.anim")
    text = TEXT + 'import "looks.anim"\nimport "deep.anim" as deep\nlet sum = amount + deep.depth\n'
    film, found, world = checked("amount=10", "deep.depth=20", text=text)
    assert not found
    assert Asked(film, world).curve("sum")[0] == 30


@pytest.mark.parametrize(
    ("given", "message", "hint", "place"),
    [
        ("sped=2", "the film has no `let` called `sped`", "did you mean `speed`?", (1, 1)),
        ("turn=2deg", "the film has no `let` called `turn`", "the one of `one` is `-D one.turn=…`", (1, 1)),
        ("nothing_like_it=1", "the film has no `let` called `nothing_like_it`", "it has `one.turn`", (1, 1)),
        ("word=snow", "nothing here is called `snow`", """`-D 'word="snow"'`""", (1, 6)),
        ("speed=#ff0000", "there is no value here", "", (1, 7)),
        ("speed=spee * 2", "nothing here is called `spee`", "did you mean `speed`?", (1, 7)),
    ],
)
def test_what_is_wrong_points_into_the_option(checked, given, message, hint, place) -> None:
    _, found, _ = checked(given)
    (first,) = [one for one in found if one.severity.value == "error"]
    assert first.message == message
    assert hint in first.hint
    at = first.source.place(first.span.start)
    assert (at.line, at.column) == place
    assert first.source.text == given


def test_several_options_are_lines_of_one_source(checked) -> None:
    _, found, _ = checked("speed=2", "sped=1")
    (first,) = found
    assert first.source.place(first.span.start).line == 2


def test_recipes_follow_the_values_and_nothing_else(checked) -> None:
    def recipes(*given: str) -> tuple[str, ...]:
        film, _, world = checked(*given)
        compiled = compile_film(film, world)
        return frame_table(compiled.plan, compiled.columns).recipes

    plain, same, other = recipes(), recipes("speed=1.5"), recipes("speed=1 + t")
    assert plain == same
    # each scene has four frames, of which the first are drawn before anything moves
    assert all(plain[f] != other[f] for f in (2, 3, 6, 7))
    turned = recipes("one.turn=9deg * t")
    assert turned[1:4] != plain[1:4]
    assert turned[4:] == plain[4:]


def test_the_film_remembers_what_was_given(checked) -> None:
    film, _, world = checked("speed=3")
    assert [each.path for each in film.given.values] == [("speed",)]
    assert zoom(settled(film, world)[0], world) == 6.0


def test_an_expression_is_asked_with_the_values(checked) -> None:
    _, _, world = checked()
    document, _ = with_given(parse(world.read_source(world.folder / "film.anim"))[0], ("speed=3",))
    asking = check_expression(document, world, "speed * 7")
    assert Asked(asking.film, world).value(asking.curve.expr)[0] == 21


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("speed=3", "speed"),
        ("one.turn = 3", "one.turn"),
        ("speed", None),
        ("speed=", None),
        ("=3", None),
        ("a==3", None),
        ("3a=1", None),
    ],
)
def test_an_option_is_a_name_and_a_value(option: str, name: str | None) -> None:
    assert given_name(option) == name

"""Templates and defs: where their names and clocks come from, and how far they expand."""

from __future__ import annotations

from tests.compiler.film_texts import checked, codes, film_of

from anim_compiler.constants import constant
from anim_compiler.film import Film
from anim_compiler.templates import DEEPEST
from anim_compiler.typed import Clock, OnFilm, walk

BASE = 'length = 2s; prompt { 0s: "a" }\n'
PROMPT = 'prompt { 0s: "a" }\n'


def value(film: Film, path: str, shot: int = 0) -> float | None:
    return constant(film.shots[shot].numbers[path].expr)


def test_arguments_by_place_name_and_default() -> None:
    film = film_of(
        BASE + "template mixed(a, b = 0.25) { strength = a + b }\ntemplate other(by) { blend = by }\n"
        "diffuse { use mixed(b = 0.5, a = 0.125) }\ncoherence { use other(0.5) }"
    )
    assert value(film, "diffuse.strength") == 0.625
    assert value(film, "coherence.blend") == 0.5


def test_a_template_reads_the_names_of_where_it_is_written() -> None:
    film = film_of(
        PROMPT + "let k = 0.25\ntemplate look() { strength = k }\n"
        "scene a 1s { let own = 0.5; diffuse { use look() }; coherence.blend = own }"
    )
    assert value(film, "diffuse.strength") == 0.25
    assert "E2001" in codes(
        PROMPT + "template look() { strength = own }\n"
        "scene a 1s { let own = 0.5; diffuse { use look() }; coherence.blend = own }"
    )


def test_a_template_takes_the_clock_where_it_is_used() -> None:
    film = film_of(
        PROMPT + "template fade(amount) { strength = u * amount }\nscene a 1s { diffuse { use fade(0.5) } }\n"
    )
    nodes = list(walk(film.shots[0].numbers["diffuse.strength"].expr))
    assert any(isinstance(node, Clock) for node in nodes)
    assert not any(isinstance(node, OnFilm) for node in nodes)
    film = film_of(
        PROMPT
        + "template fade(amount) { strength = u * amount }\ndiffuse { use fade(0.5) }\nscene a 1s { }\n"
    )
    assert isinstance(film.shots[0].numbers["diffuse.strength"].expr, OnFilm)


def test_a_def_takes_the_clock_where_it_is_called_and_its_lets_keep_theirs() -> None:
    film = film_of(
        PROMPT + "let sway = sine(1s)\ndef f(x) = x * u + sway * 0.1\n"
        "scene a 1s { diffuse { strength = clamp(f(0.5), 0, 1) } }"
    )
    nodes = list(walk(film.shots[0].numbers["diffuse.strength"].expr))
    wrapped = [node for node in nodes if isinstance(node, OnFilm)]
    assert len(wrapped) == 1
    inner = {id(node) for node in walk(wrapped[0])}
    assert any(isinstance(node, Clock) and node.name == "u" and id(node) not in inner for node in nodes)


def test_a_template_adds_to_what_stands_there() -> None:
    film = film_of(
        BASE
        + "template more(by) { strength += by }\ndiffuse { strength = 0.25; use more(0.125); use more(0.25) }"
    )
    assert value(film, "diffuse.strength") == 0.625


def test_parameters_stand_for_words_and_texts_too() -> None:
    film = film_of(
        BASE.replace('prompt { 0s: "a" }', "") + "template look(what, how, by) {\n"
        "  prompt { 0s: what }; coherence { color = how }; diffuse.sampler = by\n}\n"
        'use look("a lake", lab, "DDIM")'
    )
    shot = film.shots[0]
    assert shot.words["coherence.color"] == "lab"
    assert shot.words["diffuse.sampler"] == "DDIM"
    assert shot.prompts.positive[0].value[0].parts == ("a lake",)


def test_expansion_is_bounded_in_depth() -> None:
    chain = "".join(f"template f{i}() {{ use f{i + 1}() }}\n" for i in range(DEEPEST + 4))
    assert codes(BASE + chain + f"template f{DEEPEST + 4}() {{ }}\nuse f0()") == ["E2030"]


def test_a_mistake_in_a_template_is_told_once() -> None:
    text = BASE + "template bad(a) { roll += a * smoth(t) }\ncamera 2d { use bad(1deg); use bad(2deg) }"
    assert codes(text) == ["E2002"]


def test_defaults_may_use_names_of_the_file() -> None:
    film, found = checked(
        BASE + "let k = 0.25\ntemplate look(a = k) { strength = a }\ndiffuse { use look() }\n"
        "def half(x = k) = x / 2\ncoherence.blend = half()"
    )
    assert found == ()
    assert film is not None
    assert value(film, "diffuse.strength") == 0.25
    assert value(film, "coherence.blend") == 0.125

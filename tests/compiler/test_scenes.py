"""Scenes: clocks, what a scene copies, cameras by name, variants."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.compiler.film_texts import checked, codes, film_of

from anim_compiler.check import check
from anim_compiler.film import Curve, Film, WordSchedule
from anim_compiler.typed import Apply, Clock, Const, Feature, KeyCurve, OnFilm, Typed, walk
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

PROMPT = 'prompt { 0s: "a" }\n'


def number(film: Film, shot: int, path: str) -> Typed:
    return film.shots[shot].numbers[path].expr


def value(film: Film, shot: int, path: str) -> float:
    expr = number(film, shot, path)
    assert isinstance(expr, Const)
    return expr.value


def test_scenes_follow_each_other_without_gaps() -> None:
    film = film_of(PROMPT + "fps = 10; bpm = 120\nscene a 2s {}\nscene b 4beats {}\nscene c 5f {}")
    assert [(s.name, s.start, s.length) for s in film.shots] == [
        ("a", 0, 2),
        ("b", 2, 2),
        ("c", 4, Fraction(1, 2)),
    ]
    assert film.length == Fraction(9, 2)


def test_a_film_without_scenes_is_one_shot() -> None:
    film = film_of(PROMPT + "length = 2s")
    assert [(s.name, s.start, s.length) for s in film.shots] == [("film", 0, 2)]


def test_a_scene_copies_the_film_and_replaces_one_by_one() -> None:
    film = film_of(
        PROMPT + "diffuse { steps = 8; strength = 0.4 }\n"
        "scene a 1s { diffuse { steps = 9 } }\nscene b 1s { diffuse.strength = none }"
    )
    assert [value(film, 0, f"diffuse.{n}") for n in ("steps", "strength")] == [9, 0.4]
    assert [value(film, 1, f"diffuse.{n}") for n in ("steps", "strength")] == [8, 0.5]


def test_what_the_film_says_keeps_the_films_clock() -> None:
    film = film_of(
        PROMPT + "let sway = sine(1s)\ndiffuse { strength = 0.5 * u }\n"
        "scene a 1s {}\nscene b 1s { diffuse { strength = 0.2 * u + 0.1 * sway } }"
    )
    copied, own = number(film, 0, "diffuse.strength"), number(film, 1, "diffuse.strength")
    assert isinstance(copied, OnFilm)
    assert isinstance(own, Apply)
    inside = [node for node in walk(own) if isinstance(node, OnFilm)]
    assert len(inside) == 1
    outside = {id(n) for n in walk(own)} - {id(n) for n in walk(inside[0])}
    assert any(isinstance(n, Clock) and n.name == "u" and id(n) in outside for n in walk(own))


def test_constants_and_features_need_no_film_clock(tmp_path: Path) -> None:
    import soundfile

    soundfile.write(tmp_path / "song.wav", [[0.0]] * 88200, 44100)
    film = film_of(
        'audio song = "song.wav"\n' + PROMPT + "let k = 0.2 + 0.1\nlet low = bass\n"
        "scene a 1s { diffuse { strength = k; cfg_scale = low } }\nscene b 1s { }",
        tmp_path,
    )
    assert not any(isinstance(n, OnFilm) for n in walk(number(film, 0, "diffuse.strength")))
    assert isinstance(number(film, 0, "diffuse.cfg_scale"), Feature)


def test_the_films_own_clock_in_a_scene() -> None:
    film = film_of(PROMPT + "scene a 1s { diffuse { strength = film.u } }")
    expr = number(film, 0, "diffuse.strength")
    assert isinstance(expr, OnFilm)
    assert isinstance(expr.expr, Clock)


def test_keys_count_from_their_clock_and_markers_from_the_film() -> None:
    film = film_of(
        PROMPT + "let drop = 3s\nscene a 2s {}\n"
        "scene b 2s { diffuse { strength = 0s: 0.1, drop - 500ms: 0.2, drop: 0.3, a.end + 1.5s: 0.4, "
        "100%: 0.5 } }"
    )
    expr = number(film, 1, "diffuse.strength")
    assert isinstance(expr, KeyCurve)
    assert [key.at.start + key.at.seconds for key in expr.keys] == [2, 2.5, 3, 3.5, 4]
    assert [key.at.start for key in expr.keys] == [2, 0, 0, 0, 2]


def test_the_difference_of_two_markers_is_a_duration() -> None:
    film = film_of(
        PROMPT + "let x = 1s\nlet y = 1500ms\nscene a 2s {}\n"
        "scene b 2s { diffuse { strength = 0s: 0.1, y - x: 0.2, 50% + y - x: 0.3 } }"
    )
    expr = number(film, 1, "diffuse.strength")
    assert isinstance(expr, KeyCurve)
    assert [key.at.start + key.at.seconds for key in expr.keys] == [2, 2.5, 3.5]


def test_prompts_are_replaced_as_a_whole() -> None:
    film = film_of(
        'prompt { 0s: "a"; 1s: "b"; negative = "n"; morph = cut }\nscene a 1s {}\n'
        'scene b 1s { prompt { 0s: "c"; morph = linear } }\nscene c 1s { prompt = "d" }'
    )
    texts = [[key.value[0].parts[0] for key in shot.prompts.positive] for shot in film.shots]
    assert texts == [["a", "b"], ["c"], ["d"]]
    assert [shot.prompts.morph for shot in film.shots] == ["cut", "linear", "cut"]
    assert all(shot.prompts.negative[0].value[0].parts == ("n",) for shot in film.shots)
    assert film.shots[1].prompts.positive[0].at.start == 1
    assert film.shots[0].prompts.positive[1].at.start == 0


def test_cameras_are_chosen_changed_and_removed() -> None:
    film = film_of(
        PROMPT + "camera near 3d { fov = 40deg; truck = 4 }\ncamera 2d { zoom = 1.1; angle = 3deg }\n"
        "scene a 1s { camera = near; camera { translation_x += 2 } }\nscene b 1s { camera { zoom = 1.2 } }\n"
        "scene c 1s { camera 3d { pan = 2deg } }\nscene d 1s { camera = none }"
    )
    a, b, c, d = (shot.camera for shot in film.shots)
    assert a is not None
    assert (a.axes, a.name, set(a.channels)) == (3, "near", {"fov", "translation_x"})
    assert b is not None
    assert (b.axes, set(b.channels)) == (2, {"zoom", "angle"})
    assert c is not None
    assert (c.axes, set(c.channels)) == (3, {"rotation_3d_y"})
    assert d is None
    assert value(film, 1, "camera.zoom") == 1.2


@pytest.mark.parametrize(
    ("axes", "term", "channel", "sign"),
    [
        # a camera that goes right shows the picture further left, one that goes up shows it further down
        (2, "truck", "translation_x", -1.0),
        (2, "pedestal", "translation_y", 1.0),
        # Deforum's positive `angle` turns the picture counter-clockwise: the camera clockwise
        (2, "roll", "angle", 1.0),
        (3, "truck", "translation_x", 1.0),
        (3, "pedestal", "translation_y", 1.0),
        (3, "dolly", "translation_z", 1.0),
        (3, "pan", "rotation_3d_y", 1.0),
        (3, "tilt", "rotation_3d_x", 1.0),
        (3, "roll", "rotation_3d_z", 1.0),
    ],
)
def test_film_terms_are_the_cameras(axes: int, term: str, channel: str, sign: float) -> None:
    camera = film_of(PROMPT + f"length = 1s\ncamera {axes}d {{ {term} = 4 }}").shots[0].camera
    assert camera is not None
    expr = camera.channels[channel].expr
    assert isinstance(expr, Const)
    assert expr.value == 4 * sign


def test_adding_to_nothing_adds_to_the_default() -> None:
    film = film_of(PROMPT + "length = 1s\ncamera 2d { zoom += 0.25; truck += 3 }")
    camera = film.shots[0].camera
    assert camera is not None
    from anim_compiler.constants import constant

    assert constant(camera.channels["zoom"].expr) == 1.25
    assert constant(camera.channels["translation_x"].expr) == -3


def test_texts_hold_until_their_next_key() -> None:
    film = film_of(PROMPT + 'scene a 1s {}\nscene b 4s { diffuse.sampler = 0s: "Euler", 2s: "DDIM" }')
    words = film.shots[1].words["diffuse.sampler"]
    assert isinstance(words, WordSchedule)
    assert [(at.start + at.seconds, text) for at, text in words.keys] == [(1, "Euler"), (3, "DDIM")]
    assert film.shots[0].words["diffuse.sampler"] == "DPM++ 2M"


def test_lets_are_the_films_or_the_scenes() -> None:
    film = film_of(PROMPT + "let k = 0.5\nscene a 1s { let own = k * u; diffuse.strength = own }")
    assert set(film.lets) == {"k"}
    assert set(film.shots[0].lets) == {"own"}
    assert isinstance(film.shots[0].lets["own"], Curve)


def test_a_seed_between_two_is_kept() -> None:
    film = film_of(PROMPT + "length = 1s\ndiffuse.seed = 3.5")
    assert value(film, 0, "diffuse.seed") == 3.5


def test_a_scene_may_have_its_own_seed() -> None:
    film = film_of(PROMPT + "seed = 4\nscene a 1s {}\nscene b 1s { seed = 9 }")
    assert [shot.seed for shot in film.shots] == [4, 9]


def test_variants_are_every_combination_the_last_fastest() -> None:
    text = PROMPT + 'length = 1s\nvariant { seed = [1, 2]; diffuse.sampler = ["Euler a", "DDIM"] }'
    film = film_of(text)
    assert film.variant is None
    assert film.seed == 0
    assert [v.name for v in film.variants] == [
        "seed1-samplerEuler_a",
        "seed1-samplerDDIM",
        "seed2-samplerEuler_a",
        "seed2-samplerDDIM",
    ]
    document, _ = parse(Source("film.anim", text))
    home = Path("nowhere")
    third, found = check(document, World(home, home), 2)
    assert found == ()
    assert third is not None
    assert third.variant == film.variants[2]
    assert third.seed == 2
    assert third.shots[0].words["diffuse.sampler"] == "Euler a"
    with pytest.raises(IndexError):
        check(document, World(home, home), 4)


def test_a_let_may_vary_too() -> None:
    text = PROMPT + "length = 1s\nlet k = 0.25\nvariant { k = [0.5, 0.75] }\ndiffuse.strength = k"
    assert value(film_of(text), 0, "diffuse.strength") == 0.25
    document, _ = parse(Source("film.anim", text))
    second, _ = check(document, World(Path("nowhere"), Path("nowhere")), 1)
    assert second is not None
    assert value(second, 0, "diffuse.strength") == 0.75
    assert second.variant is not None
    assert second.variant.name == "k0.75"


def test_a_lost_track_or_length_says_one_thing(tmp_path: Path) -> None:
    lost = PROMPT + 'audio song = "no.ogg" { bpm = 90 }\n'
    lost += "scene a 4beats { camera 2d { zoom = 0s: 1, 4beats: 2 } }"
    assert codes(lost, tmp_path) == ["E4002"]
    assert codes(PROMPT + "camera 2d { zoom = 0s: 1, 4s: 2, max_f: 3 }") == ["E2012"]


def test_one_broken_scene_says_one_thing() -> None:
    text = PROMPT + "scene a 0s {}\nscene b 2s { camera 2d { zoom = 0s: 1, a.end + 1s: 2 } }"
    assert codes(text) == ["E2037"]


def test_labels_and_edits_stay_in_the_film() -> None:
    _, found = checked(PROMPT + "scene a 1s {}\nscene a 1s {}")
    assert [(d.code, d.labels[0].source, d.labels[0].span.start) for d in found] == [("E2007", None, 25)]

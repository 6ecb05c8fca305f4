"""Asking a film for numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.asking import Asked, check_expression, moving, written_still
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

NOWHERE = World(Path("nowhere"), Path("nowhere"))
FILM = """
size = 64x64; fps = 10
let swell = u * 2
diffuse { strength = 0.4 }
prompt { 0s: "a" }
scene one 1s { camera 2d { zoom = 1 + u } }
scene two 1s { let depth = t; diffuse { strength = u; steps = 7 } }
"""


def test_a_setting_is_one_column_of_all_scenes() -> None:
    asked = Asked(film_of(FILM), NOWHERE)
    strength = asked.curve("diffuse.strength")
    assert strength[[0, 9, 10, 15]].tolist() == [0.4, 0.4, 0, 0.5]
    zoom = asked.curve("camera.zoom")
    assert zoom[5] == pytest.approx(1.5)
    assert np.isnan(zoom[10:]).all()
    assert asked.curve("swell")[[0, 10]].tolist() == [0, 1]
    assert [(p.name, p.first, p.end) for p in asked.parts] == [("one", 0, 10), ("two", 10, 20)]


def test_a_scene_alone() -> None:
    asked = Asked(film_of(FILM), NOWHERE, "two")
    assert asked.first == 10
    assert asked.curve("diffuse.strength")[5] == 0.5
    assert "depth" in asked.names()
    with pytest.raises(KeyError):
        Asked(film_of(FILM), NOWHERE, "three")


def test_what_moves_and_what_stands() -> None:
    film = film_of(FILM)
    assert moving(film) == ("camera.zoom", "diffuse.strength", "swell", "depth")
    assert written_still(film) == ("diffuse.steps",)


def values(text: str, scene: str | None = None) -> list[float]:
    document, _ = parse(Source("film.anim", FILM))
    asking = check_expression(document, NOWHERE, text, scene=scene)
    assert asking.film is not None, asking.diagnostics
    assert asking.curve is not None
    return Asked(asking.film, NOWHERE, scene).value(asking.curve.expr).tolist()


def test_any_expression_in_the_films_words() -> None:
    assert values("swell * 3 + t")[10] == pytest.approx(13)
    assert values("0s: 0, 1s: 1")[5] == pytest.approx(0.5)
    assert len(values("pi")) == 20


def test_an_expression_in_a_scene_runs_by_its_clock() -> None:
    assert values("depth + u", "two") == pytest.approx([f + f / 10 for f in range(10)])
    assert values("film.t", "two")[0] == 10


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [("1 +", "E1041", (2, 3)), ("swel * 2", "E2001", (0, 4)), ("1s + 2px", "E3001", None)],
)
def test_mistakes_are_told_where_they_stand_in_the_expression(
    text: str, code: str, at: tuple[int, int] | None
) -> None:
    document, _ = parse(Source("film.anim", FILM))
    asking = check_expression(document, NOWHERE, text)
    assert [d.code for d in asking.diagnostics] == [code]
    only = asking.diagnostics[0]
    assert only.source.name == "expression"
    assert at is None or (only.span.start, only.span.end) == at

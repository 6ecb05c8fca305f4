"""Any film against any other: whatever the language can say is compared, and told in one line each."""

from __future__ import annotations

import pytest
from tests.sections import SECTIONS
from tests.staging import stage

from anim_compiler.check import check
from anim_compiler.compile import CompileOptions
from anim_compiler.diff import Change, Side, compare, side
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

MOST_FRAMES = 400
"""Longer films would only take longer."""


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> list[Side]:
    """Every film of the language's suite that has no errors."""
    folder = tmp_path_factory.mktemp("suite")
    stage(folder)
    world = World(folder, folder, cache=folder / "cache")
    options = CompileOptions(model_sha256="0" * 64)
    made: list[Side] = []
    for section in SECTIONS:
        if section.kind == "parse":
            continue
        film, _ = check(parse(Source("film.anim", section.text))[0], world)
        if film is not None and film.frames <= MOST_FRAMES:
            opened = side(film, world, options)
            made += [opened.side] if opened.side is not None else []
    assert len(made) > 200
    return made


def every(changes: tuple[Change, ...]) -> list[Change]:
    return [found for change in changes for found in (change, *every(change.effects))]


def test_no_film_differs_from_itself(sides: list[Side]) -> None:
    for film in sides:
        assert compare(film, film).is_empty


def test_every_film_becomes_the_next(sides: list[Side]) -> None:
    for a, b in zip(sides, [*sides[1:], sides[0]], strict=True):
        for change in every(compare(a, b).changes):
            assert change.subject
            assert change.sentence
            assert "nan" not in change.line.split()
            assert "\n" not in change.line
            assert all(0 <= r.first <= r.last for r in change.frames)

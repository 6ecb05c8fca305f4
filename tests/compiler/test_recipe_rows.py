"""Columnar recipes against those that are worked out row by row, over films at random."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.compiler import random_films
from tests.compiler.film_texts import OPTIONS, film_of, frames_of
from tests.compiler.naive_recipes import naive_recipes

from anim_compiler.compile import compile_film, staged
from anim_compiler.passes import PLAIN
from anim_compiler.world import World

WORLD = World(Path("nowhere"), Path("nowhere"))


@pytest.mark.parametrize("seed", range(4))
def test_rows_have_one_recipe_where_the_plain_way_says_so(seed: int) -> None:
    """Over the rows of films that differ in one thing at a time: equal there, equal here, and the other way
    round; for what is carried and for what is shown.
    """
    source = random.Random(seed)
    text = random_films.film(source)
    here: dict[str, str] = {}
    there: dict[str, str] = {}
    rows = 0
    for _ in range(40):
        film = film_of(text.text)
        made = compile_film(film, WORLD, OPTIONS)
        assert made.plan is not None, text.text
        table = frames_of(made)
        plain = staged(film, WORLD, OPTIONS, PLAIN).graphs[-1][1]
        carried, shown = naive_recipes(made.plan, table, plain)
        pairs = (*zip(carried, table.recipes, strict=True), *zip(shown, table.shown, strict=True))
        for naive, columnar in pairs:
            assert here.setdefault(naive, columnar) == columnar, text.text
            assert there.setdefault(columnar, naive) == naive, text.text
        rows += len(pairs)
        text = random_films.edited(text, source) if source.random() < 0.8 else random_films.film(source)
    # the films share frames, and not all of them
    assert rows / 8 < len(here) < rows

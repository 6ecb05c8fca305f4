"""Compiling again in a warm process: the same plan, and only what was edited is worked out."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from tests.compiler import random_films
from tests.compiler.film_texts import OPTIONS, film_of

from anim_compiler import takes
from anim_compiler.compile import Compiled, CompileOptions, compile_film
from anim_compiler.memo import Memo
from anim_compiler.plan_file import columns_bytes, plan_json
from anim_compiler.world import World

WORLD = World(Path("nowhere"), Path("nowhere"))


def warm(text: str, memo: Memo | None, options: CompileOptions = OPTIONS) -> Compiled:
    return compile_film(film_of(text), WORLD, options, memo=memo)


def same(warm_made: Compiled, cold: Compiled) -> bool:
    """Whether two compiles came to the same bytes, and said the same."""
    if warm_made.plan is None or cold.plan is None:
        return warm_made.plan is cold.plan
    return plan_json(warm_made.plan) == plan_json(cold.plan) and columns_bytes(
        warm_made.columns
    ) == columns_bytes(cold.columns)


@pytest.mark.parametrize("seed", range(4))
def test_a_warm_compile_gives_what_a_cold_one_gives(seed: int) -> None:
    """Fifty edits each, one after the other, some taken back."""
    source = random.Random(seed)
    film = random_films.film(source)
    memo, older = Memo(), [film]
    for _ in range(50):
        made = warm(film.text, memo)
        cold = warm(film.text, None)
        assert same(made, cold), film.text
        assert [d.message for d in made.diagnostics] == [d.message for d in cold.diagnostics]
        older.append(film)
        film = source.choice(older) if source.random() < 0.15 else random_films.edited(film, source)


FILM = """
size = 64x64; fps = 8; length = 4s
let x = 0.5 + 0.1 * sin(t)
prompt { 0s: "a:{x}"
 2s: "b" }
camera 2d { zoom = 1 + 0.01 * t; angle = 2 * x }
diffuse { strength = x; steps = 4; cfg_scale = 5 }
coherence { cadence = 2 }
"""


def test_other_options_are_another_film() -> None:
    memo = Memo()
    for options in (
        OPTIONS,
        CompileOptions(model_sha256="0" * 64, steps=2),
        CompileOptions(model_sha256="0" * 64, size=(128, 128)),
        CompileOptions(model_sha256="0" * 64, frames=(3, 20)),
        CompileOptions(model_sha256="0" * 64, seed=5),
        CompileOptions(model_sha256="1" * 64),
        OPTIONS,
    ):
        assert same(warm(FILM, memo, options), warm(FILM, None, options))


def test_an_edit_of_one_curve_settles_one_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[str] = []
    column = takes.settle.column

    def counted(evaluator, name, curve, findings, **how):  # type: ignore[no-untyped-def]
        settled.append(name)
        return column(evaluator, name, curve, findings, **how)

    monkeypatch.setattr(takes.settle, "column", counted)
    memo = Memo()
    warm(FILM, memo)
    assert len(settled) > 5
    settled.clear()
    warm(FILM.replace("cfg_scale = 5", "cfg_scale = 5 + u"), memo)
    assert settled == ["diffuse.cfg_scale"]
    settled.clear()
    warm(FILM.replace("cfg_scale = 5", "cfg_scale = 5 + u\n# more of it\n"), memo)
    assert settled == []


def test_what_stays_is_the_same_object() -> None:
    """So it is neither copied nor hashed again."""
    memo = Memo()
    before = warm(FILM, memo).columns
    after = warm(FILM.replace("cfg_scale = 5", "cfg_scale = 5 + u"), memo).columns
    moved = {name for name in before if after.get(name) is not before[name]}
    assert moved == {"frames.recipe", "frames.shown"}


def test_a_mistake_is_told_every_time_and_forgets_nothing() -> None:
    memo = Memo()
    wrong = FILM.replace("{x}", "{1 / (t - 3)}")
    before = warm(FILM, memo)
    for _ in range(3):
        made = warm(wrong, memo)
        assert made.plan is None
        assert [d.code for d in made.diagnostics] == ["E5001"]
    after = warm(FILM, memo)
    assert same(after, before)
    assert after.columns["camera.from_previous"] is before.columns["camera.from_previous"]


def test_what_is_not_asked_for_is_forgotten() -> None:
    memo = Memo()
    sizes = []
    for take in range(6):
        warm(FILM.replace("0.1 *", f"0.0{take + 1} *"), memo)
        sizes.append(memo.size)
    assert len(set(sizes[1:])) == 1


def test_a_memo_holds_columns_that_nobody_writes_to() -> None:
    memo = Memo()
    made = warm(FILM, memo)
    kept = {name: column.copy() for name, column in made.columns.items()}
    warm(FILM.replace("steps = 4", "steps = 5"), memo)
    assert all(np.array_equal(made.columns[name], column) for name, column in kept.items())

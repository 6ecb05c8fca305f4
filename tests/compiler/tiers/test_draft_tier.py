"""The `draft` tier: the built-in model, small and in few steps."""

from __future__ import annotations

import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.tiers import draft_film, draft_steps, one_step_less, small

FILM = """\
size = 64x48; fps = 12; length = 3s; seed = 4; model = "null"
prompt = "a lake"
diffuse { steps = 30; strength = 0.5 }
expect flicker < 3%
output "out.mp4"
"""


def test_a_draft_is_drawn_by_the_built_in_model_and_leaves_no_file() -> None:
    made = draft_film(film_of(FILM))
    assert (made.model, made.outputs, made.shots[0].expectations) == (None, (), ())
    assert made.shots[0].prompts == film_of(FILM).shots[0].prompts or len(made.shots[0].prompts.positive) == 1


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        ("steps = 30; strength = 0.5", 8),
        # a strength that takes no step of a few shows nothing of what is asked for
        ("steps = 30; strength = 0.1", 10),
        ("steps = 30; strength = 0.02", 12),
        ("steps = 30; strength = 0s: 0.1, 3s: 0.6", 12),
        ("steps = 0s: 9, 3s: 40; strength = 0.5", 8),
        ("steps = 8; strength = 0.5", None),
        ("steps = 11; strength = 0s: 0.1, 3s: 0.6", None),
    ],
)
def test_a_draft_takes_few_steps(said: str, steps: int | None) -> None:
    assert draft_steps(film_of(FILM.replace("steps = 30; strength = 0.5", said))) == steps


@pytest.mark.parametrize(
    ("size", "longest", "made"),
    [
        ((192, 128), 128, (128, 88)),
        ((1920, 1080), 128, (128, 72)),
        ((1080, 1920), 128, (72, 128)),
        ((120, 90), 128, (120, 90)),
        ((4096, 32), 128, (128, 8)),
    ],
)
def test_small_pictures_keep_their_shape(size: tuple[int, int], longest: int, made: tuple[int, int]) -> None:
    assert small(*size, longest) == made
    assert small(1920, 1080, 320, grid=2) == (320, 180)


@pytest.mark.parametrize(
    ("said", "steps"), [("steps = 8", 7), ("steps = 1", None), ("steps = 0s: 4, 3s: 9", None)]
)
def test_a_draft_that_would_be_the_final_takes_one_step_less(said: str, steps: int | None) -> None:
    assert one_step_less(film_of(FILM.replace("steps = 30", said))) == steps

"""What each tier is compiled as: rougher than the final, and never taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.compile import compile_film
from anim_compiler.world import World
from anim_studio.live.compile.tier_film import CAMERA_LONGEST, DRAFT_LONGEST, tier_film
from anim_studio.live.tier import Tier

FILM = """\
size = 192x128; fps = 8; length = 1s; seed = 3
prompt = "a lake"
diffuse { strength = 0.5; steps = 4 }
camera 2d { zoom = 1.2 per s }
"""


def recipes(text: str, tier: Tier) -> set[str]:
    wanted = tier_film(film_of(text), tier, lambda reference: f"sha256 of {reference}")
    assert wanted is not None
    made = compile_film(wanted.film, World(Path(), Path()), wanted.options)
    return {row.tobytes().hex() for row in made.columns["frames.recipe"]}


@pytest.mark.parametrize(
    "text",
    [
        FILM,
        FILM.replace("steps = 4", "steps = 40"),
        FILM.replace("192x128", "1280x720"),
        FILM + 'model = "null"\n',
        FILM + "pipeline { carry = diffuse(warp(previous, camera), steps = 3); frame = carry }\n",
    ],
    ids=["as quick as a draft", "many steps", "large", "another model", "own steps"],
)
def test_no_frame_of_a_draft_is_taken_for_a_final_one(text: str) -> None:
    draft, final = recipes(text, Tier.DRAFT), recipes(text, Tier.FINAL)
    assert len(draft) == len(final) == 8
    assert not draft & final


def test_a_film_of_one_step_has_no_draft() -> None:
    text = FILM.replace("steps = 4", "steps = 1").replace("strength = 0.5", "strength = 1")
    assert tier_film(film_of(text), Tier.DRAFT, lambda reference: "") is None


def test_curves_are_no_pictures() -> None:
    assert tier_film(film_of(FILM), Tier.CURVES, lambda reference: "") is None


def test_sizes_and_choices_are_handed_on() -> None:
    film = film_of(FILM.replace("192x128", "1920x1080"))
    found = {tier: tier_film(film, tier, lambda reference: "", seed=9) for tier in Tier if tier}
    sizes = {tier: each.options.size for tier, each in found.items() if each is not None}
    assert sizes == {
        Tier.CAMERA: (CAMERA_LONGEST, 180),
        Tier.DRAFT: (DRAFT_LONGEST, 112),
        Tier.FINAL: None,
    }
    assert all(each is not None and each.options.seed == 9 for each in found.values())
    given = tier_film(film, Tier.FINAL, lambda reference: "", size=(64, 32))
    assert given is not None
    assert given.options.size == (64, 32)

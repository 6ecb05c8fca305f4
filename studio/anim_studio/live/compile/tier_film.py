"""What a film is compiled as for each tier of pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_studio.live.tier import Tier

if TYPE_CHECKING:
    from anim_compiler.compile import CompileOptions
    from anim_compiler.film import Film

CAMERA_LONGEST = 320
"""Pixels of the longer edge of a `camera` picture, at most."""

DRAFT_LONGEST = 192
"""The same of a `draft`: the size that the built-in model was trained at; at 128 it draws twice as quickly,
and little that can be recognised.
"""

BUILT_IN = "postcard"


@dataclass(frozen=True, slots=True)
class TierFilm:
    """The film and the options to compile for a tier."""

    film: Film
    options: CompileOptions


def tier_film(
    film: Film,
    tier: Tier,
    digest: Callable[[str], str],
    *,
    seed: int | None = None,
    size: tuple[int, int] | None = None,
    fps: Fraction | None = None,
) -> TierFilm | None:
    """What is compiled for a tier of pictures; None if it has none, or if its draft would be the final.

    `digest` gives the sha256 of the model that a reference names, which `camera` asks of none; `seed`, `size`
    and `fps` stand over the film's, as the user chose them.
    """
    from anim_compiler.compile import CompileOptions
    from anim_compiler.tiers import camera_film, draft_film, draft_steps, is_built_in, one_step_less, small

    width, height = size or (film.width, film.height)
    match tier:
        case Tier.CURVES:
            return None
        case Tier.CAMERA:
            options = CompileOptions(size=small(width, height, CAMERA_LONGEST, grid=2), fps=fps, seed=seed)
            return TierFilm(camera_film(film), options)
        case Tier.DRAFT:
            steps, less = draft_steps(film), small(width, height, DRAFT_LONGEST)
            if is_built_in(film) and steps is None and less == (width, height):
                # it is as quick as a draft; but what a preview draws must not be taken for a final frame
                steps = one_step_less(film)
                if steps is None:
                    return None
            options = CompileOptions(size=less, fps=fps, steps=steps, seed=seed, model_sha256=digest)
            return TierFilm(draft_film(film), options)
        case Tier.FINAL:
            return TierFilm(film, CompileOptions(size=size, fps=fps, seed=seed, model_sha256=digest))

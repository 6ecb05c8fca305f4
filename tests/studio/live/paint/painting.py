"""Versions of films that draw with no model, for the tests of painting."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from tests.compiler.film_texts import film_of

from anim_compiler.compile import compile_film
from anim_compiler.world import World
from anim_studio.live.compile.tier_film import tier_film
from anim_studio.live.paint.messages import Paint
from anim_studio.live.tier import Tier
from anim_studio.live.version import TierPlan

FILM = """\
size = 32x24; fps = 8; length = 3s; seed = 3; model = "null"
prompt { 0s: "a lake"; 2s: "a forest" }
diffuse { strength = 0.5; steps = 4 }
coherence { color = lab }
camera 2d { zoom = 1.2 per s }
"""


def plan_of(text: str, tier: Tier, version: int = 1) -> TierPlan:
    """The plan of a tier; a draft's model is the null one here, so it differs by its size alone."""
    wanted = tier_film(film_of(text), tier, lambda reference: "0" * 64, fps=Fraction(8))
    assert wanted is not None
    made = compile_film(wanted.film, World(Path(), Path()), wanted.options)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return TierPlan(version, tier, made.plan, made.columns)


def paint_of(text: str, root: Path, *tiers: Tier, version: int = 1, ceiling: Tier = Tier.DRAFT) -> Paint:
    """What is asked to paint a version."""
    return Paint(version, root, tuple(plan_of(text, tier, version) for tier in tiers), ceiling)

"""The `hints` tier: a film of what its ControlNets are shown, without a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.plan import Plan, PlanNode
from anim_compiler.tiers import hints_film
from anim_compiler.world import World

HERE = Path(__file__).parent
FILM = """\
size = 64x48; fps = 12; length = 1s; seed = 4
prompt = "a lake"
diffuse { steps = 12; strength = 0.5 }
camera 2d { zoom = 0s: 1, 1s: 1.5 }
"""


def _plan(text: str) -> Plan:
    film = hints_film(film_of(text))
    assert film is not None
    made = compile_film(film, World(HERE, HERE), CompileOptions(size=(64, 48)))
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan


def _nodes(plan: Plan) -> list[PlanNode]:
    return [node for scene in plan.scenes for made in scene.templates.values() for node in made.nodes]


def test_a_film_without_controls_has_no_hints() -> None:
    assert hints_film(film_of(FILM)) is None


@pytest.mark.parametrize(
    ("control", "wanted"),
    [
        ("control canny { low = 50 }", {"hint_canny", "hint_beside"}),
        ("control depth { weight = 0.5 }", {"depth", "hint_depth", "hint_beside"}),
        ("control normal { source = previous }", {"depth", "hint_normal", "hint_beside"}),
        ("control tile; control pose", {"hint_tile", "hint_pose", "hint_beside"}),
    ],
)
def test_hints_are_made_and_nothing_is_diffused(control: str, wanted: set[str]) -> None:
    plan = _plan(FILM + control)
    ops = {node.op for node in _nodes(plan)}
    assert wanted <= ops
    assert not ops & {"diffuse", "generate", "previous"}
    assert plan.controls == ()


def test_an_odd_number_of_hints_leaves_a_field_for_the_picture() -> None:
    plan = _plan(FILM + "control canny\ncontrol canny fine { low = 20 }\ncontrol softedge")
    beside = [node.args for node in _nodes(plan) if node.op == "hint_beside"]
    names = [args["name"] for args in beside]
    assert names[:4] == ["canny", "fine", "softedge", "picture"]
    assert {args["count"] for args in beside} == {4}


def test_thresholds_that_change_are_columns() -> None:
    plan = _plan(FILM + "control canny { low = 0s: 20, 1s: 90 }")
    assert "control.canny.low" in plan.columns


def test_a_weight_makes_no_hint_anew() -> None:
    """What only says something to the model is left out of the tier."""
    one, other = (_plan(FILM + f"control canny {{ weight = {w} }}") for w in ("0.2", "0.2 + u"))
    first, second = ([t.digest for s in p.scenes for t in s.templates.values()] for p in (one, other))
    assert first == second

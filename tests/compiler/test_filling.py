"""What becomes of the holes that a camera leaves: `fill` of `coherence`, and `fill` of `diffuse`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_texts import compiled, frames_of
from tests.compiler.graph_films import seen

from anim_compiler.graph import Graph, Node, topological
from anim_compiler.passes import PASSES
from anim_compiler.passes.identity import all_steps, passed_through, taken_steps
from anim_compiler.verify import verify

HEAD = 'size = 64x64; fps = 8; length = 1s; model = "null"\nprompt { 0s: "a" }\n'
DEEP = "camera 3d { depth = estimated; truck = 20 per s }\n"
FLAT = "camera 2d { translation_x = 8px per s }\n"


def nodes(text: str, kind: str = "diffused") -> list[Node]:
    graph = seen(HEAD + text, Path("nowhere")).expanded
    assert verify(graph) == ()
    return list(topological(graph.templates[0, kind].results))


def only(found: list[Node], op: str) -> Node:
    (node,) = (node for node in found if node.op == op)
    return node


@pytest.mark.parametrize(("camera", "hole"), [(DEEP, "uncovered3d"), (FLAT, "uncovered2d")])
def test_the_model_fills_what_the_camera_uncovers(camera: str, hole: str) -> None:
    found = nodes(f"{camera}coherence {{ fill = diffuse; fill_strength = 80% }}")
    fresh = only(found, "diffuse")
    assert [part.op for part in fresh.inputs][1] == hole
    assert dict(fresh.args)["fill_strength"] is not None
    warped = only(found, hole.replace("uncovered", "warp"))
    assert only(found, hole).inputs[0] is warped.inputs[0]
    # nothing is uncovered where nothing was
    assert [node.op for node in nodes(f"{camera}coherence {{ fill = diffuse }}", "first")] == ["generate"]


@pytest.mark.parametrize("camera", [DEEP, FLAT])
def test_a_border_takes_nothing_more(camera: str) -> None:
    found = nodes(camera)
    assert not [node for node in found if node.op.startswith("uncovered")]
    fresh = only(found, "diffuse")
    assert len(fresh.inputs) == 1
    assert "fill_strength" not in dict(fresh.args)


def test_noise_stands_in_the_hole_before_the_model_sees_it() -> None:
    found = nodes(f"{DEEP}coherence {{ fill = noise }}")
    fresh = only(found, "diffuse")
    (start,) = fresh.inputs
    assert start.op == "fill_noise"
    assert [part.op for part in start.inputs][1] == "uncovered3d"
    assert "fill_strength" not in dict(fresh.args)


def test_a_mask_of_ones_own_is_always_for_the_model() -> None:
    found = nodes(f"{FLAT}pipeline {{ frame = diffuse(previous, fill = luma_mask(previous, low = 60%)) }}")
    assert [part.op for part in only(found, "diffuse").inputs] == ["previous", "luma_mask"]


def test_a_mask_and_a_fill_are_told_apart() -> None:
    steps = "a = luma_mask(previous); b = luma_mask(previous, low = 60%)\n"
    both = nodes(f"{FLAT}pipeline {{ {steps} frame = diffuse(previous, mask = a, fill = b) }}")
    pasted = only(both, "masked")
    assert [part.op for part in pasted.inputs] == ["previous", "diffuse", "luma_mask"]
    assert dict(pasted.inputs[2].args)["low"] == 0.0
    assert dict(only(both, "diffuse").inputs[1].args)["low"] == 0.6
    by_place = nodes(
        f"{FLAT}pipeline {{ frame = diffuse(previous, strength = 0.4, mask = luma_mask(previous)) }}"
    )
    assert only(by_place, "masked")
    assert len(only(by_place, "diffuse").inputs) == 1


def test_a_pipeline_that_is_copied_into_a_film_does_the_same() -> None:
    """What the camera uncovers is for `coherence` to decide, whoever wrote the pipeline."""
    from importlib import resources

    text = resources.files("anim_grammar").joinpath("std", "3d.anim").read_text(encoding="utf-8")
    for fill in ("border", "noise", "diffuse"):
        film = f"{DEEP}coherence {{ fill = {fill} }}\n"
        alone, copied = (frames_of(compiled(HEAD + film + own)).recipes for own in ("", text))
        assert alone == copied


def test_what_a_film_is_made_of_changes_with_its_fill_and_with_nothing_less() -> None:
    def recipes(coherence: str, camera: str = DEEP) -> tuple[str, ...]:
        return frames_of(compiled(f"{HEAD}{camera}coherence {{ {coherence} }}")).recipes

    border = recipes("blend = 0%")
    assert recipes("fill = border; fill_strength = 40%") == border
    filled = [
        recipes("fill = noise"),
        recipes("fill = diffuse"),
        recipes("fill = diffuse; fill_strength = 40%"),
    ]
    for found in filled:
        assert found[0] == border[0]
        assert not set(found[1:]) & set(border[1:])
    assert len({found[1] for found in filled}) == 3


@pytest.mark.parametrize(("fill", "op"), [("border", "mix"), ("noise", "blend"), ("diffuse", "blend")])
def test_what_is_made_in_a_hole_is_not_calmed_by_the_border(fill: str, op: str) -> None:
    found = nodes(f"{FLAT}coherence {{ fill = {fill}; blend = 40% }}")
    calmed = [node for node in found if node.op in ("mix", "blend")]
    assert [node.op for node in calmed] == [op]
    if op == "blend":
        assert [part.op for part in calmed[0].inputs][2] == "mask_not"


def test_every_pass_keeps_a_hole() -> None:
    text = f"{HEAD}{DEEP}coherence {{ fill = diffuse; cadence = 2 }}\ndiffuse {{ strength = 40% }}"
    for name, graph in seen(text, Path("nowhere"), passes=PASSES).graphs:
        assert verify(graph, "film" if name == "lower" else "kernel") == (), name
    assert _holes(graph) == {"diffused": 2}


def _holes(graph: Graph) -> dict[str, int]:
    found = {}
    for (_, kind), template in graph.templates.items():
        for node in topological(template.results):
            if node.op == "diffuse":
                found[kind] = len(node.inputs)
    return found


def test_how_far_holes_go_counts_as_steps() -> None:
    calm = {"steps": 10, "strength": 0.0}
    assert passed_through("diffuse", calm) == 0
    assert passed_through("diffuse", {**calm, "fill_strength": 0.04}) == 0
    assert passed_through("diffuse", {**calm, "fill_strength": 0.5}) is None
    assert int(taken_steps({"steps": 10, "strength": 0.6, "fill_strength": 0.5})) == 6
    assert int(taken_steps({"steps": 10, "strength": 0.3, "fill_strength": 0.9})) == 9
    # the rest of the picture is left
    assert not all_steps({"steps": 10, "strength": 0.3, "fill_strength": 1.0})
    assert all_steps({"steps": 10, "strength": 1.0, "fill_strength": 0.3})

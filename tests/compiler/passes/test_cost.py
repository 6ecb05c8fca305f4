"""What a graph costs, and what is told of the passes."""

from __future__ import annotations

import numpy as np
from tests.compiler.passes.graphs import SAMPLING, facts, graph, moves

from anim_compiler.explain_passes import NOTHING, changes, explained
from anim_compiler.graph import Graph
from anim_compiler.passes import PASSES, PLAIN, batch, place, prune
from anim_compiler.passes.cost import TOGETHER, cost

CHAIN = f"""
scene 0, diffused: frames 1-9, chained
  %0 = previous
  %1 = warp2d %0 border="wrap" move=[camera.from_previous]
  %2 = diffuse %1 {SAMPLING} strength=[diffuse.strength]
  %3 = vignette %2 amount=0.2
  %4 = contrast %3 amount=1.1
  carry = %2
  frame = %4
"""
KNOWN = {
    "camera.from_previous": moves(0, 0, 0, *range(7)),
    "diffuse.seed": np.arange(10),
    "diffuse.steps": 10,
    "diffuse.strength": np.where(np.arange(10) % 4 == 0, 1.0, 0.55),
    "unread": 1.0,
}


def test_a_chain_is_counted_frame_by_frame() -> None:
    found = cost(graph(CHAIN, KNOWN), 48, 32)
    assert found.ops == 4 * 9
    # seven frames of int(5.5) steps and two of ten
    assert found.unet == 7 * 5 + 2 * 10
    assert found.resamples == 6, "the camera stands still in frames 1 to 3"
    assert (found.columns, found.templates, found.nodes, found.free) == (5, 1, 4, 0)
    assert found.live == 3, "previous, warp and diffuse, or the carry and two of what is shown"
    assert found.bytes == 3 * 3 * 48 * 32 * 4


def test_free_frames_share_calls() -> None:
    text = f"""
    scene 0, diffused: frames 0-19, free
      %0 = generate {SAMPLING}
      carry = %0
      frame = %0
    """
    known = {"diffuse.seed": np.arange(20), "diffuse.steps": 6}
    assert cost(graph(text, known), 48, 32).unet == -(-20 // TOGETHER) * 6
    by_five = graph(text.replace("free", "free by 5"), known)
    assert cost(by_five, 48, 32).unet == 4 * 6
    assert cost(by_five, 48, 32).free == 20


def test_what_is_done_once_a_film_costs_once() -> None:
    text = """
    scene 0, diffused: frames 1-9, chained
      %0 = previous
      %1 = still name="photo" @film
      %2 = depth %1 method="estimated" @film
      %3 = warp3d %0 %2 border="wrap" move=[camera.from_previous]
      carry = %3
      frame = %3
    """
    found = cost(graph(text), 48, 32)
    assert (found.ops, found.depths, found.resamples) == (1 + 9, 1, 9)


def stages(*steps: object) -> list[tuple[str, Graph]]:
    found = [("cadence", graph(CHAIN, KNOWN))]
    for step in PASSES[len(PLAIN) :]:
        done = step(found[-1][1], facts()) if not steps or step in steps else found[-1][1]
        found.append((step.__name__, done))
    return found


def test_every_pass_tells_what_it_did() -> None:
    told = {step.name: step.did for step in explained(stages(), 48, 32)}
    assert told["fold"] == "1 argument fixed"
    assert told["share"] == NOTHING
    assert told["hoist"] == NOTHING
    assert told["fuse"] == "2 changes of colour in 1"
    assert told["prune"] == "2 columns gone"
    assert told["batch"] == "2 frames are free, 2 split off"
    assert told["place"].startswith("2 pictures at once, not ")


def test_a_pass_that_does_nothing_says_so() -> None:
    idle = [step.name for step in explained(stages(place), 48, 32) if step.is_idle]
    assert {"fold", "share", "hoist", "fuse", "prune", "batch"} <= set(idle)


def test_the_lines_that_changed() -> None:
    by_name = {step.name: step for step in explained(stages(prune, batch), 48, 32)}
    assert changes(by_name["fuse"]) == ()
    assert changes(by_name["prune"]) == ("-column unread",)
    lines = changes(by_name["batch"], ("night",))
    assert '-scene 0 "night", diffused: frames 1-9, chained' in lines
    assert '+scene 0 "night", fresh: frames 4,8, free' in lines
    assert not any(line.startswith(("---", "+++")) for line in lines)

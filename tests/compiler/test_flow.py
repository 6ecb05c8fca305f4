"""Motion in pipelines: what is moved along which flow, where it is blended, how tweens are made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_texts import codes, compiled
from tests.compiler.graph_films import seen
from tests.compiler.statement_files import stage

from anim_compiler.graph import Column, Graph, Node, topological

HEAD = 'size = 64x64; fps = 8; length = 1s\nprompt { 0s: "a" }\nimage photo = "photo.png"\n'
CLIP = 'video clip = "clip.mp4"\nsource = clip\n'
MOVING = "camera 2d { zoom = 2 per s }\n"
ON = "coherence { flow = on; blend = 50% }\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def expanded(text: str, home: Path) -> Graph:
    return seen(HEAD + text, home).expanded


def ops(graph: Graph, kind: str = "diffused", result: str = "carry") -> list[str]:
    node = graph.templates[0, kind].results[result]
    return [n.op for n in topological({result: node})]


def only(graph: Graph, op: str, kind: str = "diffused") -> Node:
    (found,) = (n for n in topological(graph.templates[0, kind].results) if n.op == op)
    return found


def times(flow: Node) -> list[object]:
    """When the clips of a flow are read: of the later picture, then of the earlier."""
    return [clip.arg("at") for clip in flow.inputs]


# --- following a video ---


def test_what_was_carried_follows_the_video(home: Path) -> None:
    graph = expanded(f"{CLIP}{ON}", home)
    moved = next(n for n in topological(graph.templates[0, "diffused"].results) if n.op == "warp_flow")
    assert moved.inputs[0].op == "previous"
    assert times(moved.inputs[1]) == [Column("clip.clip.at"), Column("clip.clip.before")]
    assert dict(moved.args) == {"border": "reflect", "factor": 1.0}
    assert dict(moved.inputs[1].args) == {"method": "dis", "preset": "medium"}


def test_without_flow_it_does_not(home: Path) -> None:
    assert "warp_flow" not in ops(expanded(f"{CLIP}coherence.blend = 50%", home))


def test_how_motion_is_found_is_said_once(home: Path) -> None:
    said = "coherence { flow = on; flow_method = affine; flow_preset = fine; flow_factor = 0s: 1, 1s: 0 }\n"
    graph = expanded(f"{CLIP}{said}", home)
    moved = next(n for n in topological(graph.templates[0, "diffused"].results) if n.op == "warp_flow")
    assert dict(moved.inputs[1].args) == {"method": "affine", "preset": "fine"}
    assert moved.arg("factor") == Column("coherence.flow_factor")


def test_a_flow_of_a_picture_made_of_videos_is_since_the_frame_that_this_one_is_made_from(home: Path) -> None:
    steps = "pipeline { soft = blur(source, 2px); frame = warp_flow(previous, estimate_flow(soft)) }"
    flow = only(expanded(f"{CLIP}{steps}", home), "estimate_flow")
    assert [n.op for n in flow.inputs] == ["blur", "blur"]
    assert [n.inputs[0].arg("at") for n in flow.inputs] == [
        Column("clip.clip.at"),
        Column("clip.clip.before"),
    ]


def test_a_flow_of_two_pictures_is_between_them(home: Path) -> None:
    steps = "pipeline { frame = diffuse(warp_flow(previous, estimate_flow(first, previous), 0.5)) }"
    graph = expanded(steps, home)
    flow = only(graph, "estimate_flow")
    assert [n.op for n in flow.inputs] == ["first", "previous"]
    assert only(graph, "warp_flow").arg("factor") == 0.5
    assert "warp_flow" not in ops(graph, "first")


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ("frame = diffuse(follow(previous, photo))", ["E5040"]),
        ("frame = diffuse(follow(previous, first))", ["E5040"]),
        ("frame = diffuse(follow(previous, mix(source, previous)))", ["E5040"]),
        ("frame = diffuse(follow(previous, clip))", []),
        ("soft = blur(source, 2px); frame = diffuse(follow(previous, soft))", []),
        ("frame = diffuse(warp_flow(previous, estimate_flow(previous)))", ["E2087"]),
        ("frame = diffuse(warp_flow(previous, estimate_flow(photo)))", ["E2087"]),
        ("frame = diffuse(warp_flow(previous, estimate_flow(photo, previous)))", []),
    ],
)
def test_what_has_a_motion_of_its_own(steps: str, found: list[str], home: Path) -> None:
    text = f"{HEAD}{CLIP}init = photo\ncoherence.flow = on\npipeline {{ {steps} }}"
    assert [code for code in codes(text, home) if code.startswith("E")] == found


# --- blending where something is seen ---


def test_where_the_camera_explains_the_motion_no_flow_is_looked_for(home: Path) -> None:
    graph = expanded(f"{MOVING}{ON}", home)
    blend = only(graph, "blend")
    assert [n.op for n in topological({"seen": blend.inputs[2]})] == ["previous", "uncovered2d", "mask_not"]
    assert "estimate_flow" not in ops(graph)
    assert blend.arg("weight") == Column("coherence.blend")


def test_without_flow_a_blend_is_a_mix(home: Path) -> None:
    graph = expanded(f"{MOVING}coherence.blend = 50%", home)
    assert "mix" in ops(graph)
    assert "blend" not in ops(graph)


def test_a_video_is_seen_where_the_flow_and_the_one_back_agree(home: Path) -> None:
    graph = expanded(f"{CLIP}{ON}{MOVING}", home)
    seen_there = only(graph, "visibility")
    there, back = seen_there.inputs
    assert times(there) == [Column("clip.clip.at"), Column("clip.clip.before")]
    assert times(back) == [Column("clip.clip.before"), Column("clip.clip.at")]
    # the camera moves what is seen as it moves the picture, and uncovers on its own
    both = only(graph, "mask_and")
    assert [n.op for n in both.inputs] == ["warp2d", "mask_not"]
    assert both.inputs[0].inputs == (seen_there,)


def test_a_depth_says_what_a_camera_in_3d_uncovers(home: Path) -> None:
    graph = expanded(f"camera 3d {{ truck = 20 per s; depth = estimated }}\n{ON}", home)
    uncovered, warp = only(graph, "uncovered3d"), only(graph, "warp3d")
    assert uncovered.inputs == warp.inputs
    assert uncovered.arg("move") == warp.arg("move")


def test_no_weight_needs_no_flow(home: Path) -> None:
    """What is not blended in is not looked for."""
    made = compiled(f"{HEAD}{CLIP}coherence.flow = on", home)
    assert made.plan is not None
    found = {node.op for scene in made.plan.scenes for t in scene.templates.values() for node in t.nodes}
    assert not found & {"blend", "visibility", "warp_flow", "estimate_flow"}


# --- tweens ---


def tweens(text: str, home: Path) -> Graph:
    return seen(f"{HEAD}{text}", home).last


@pytest.mark.parametrize(
    ("said", "op"),
    [
        ("cadence = 4", "mix"),
        ("cadence = 4; tween = flow", "between"),
        ("cadence = 4; flow = on", "between"),
        ("cadence = 4; flow = on; tween = mix", "mix"),
        ("cadence = 4; tween = mix", "mix"),
    ],
)
def test_tweens_move_where_the_film_says_so(said: str, op: str, home: Path) -> None:
    graph = tweens(f"{MOVING}coherence {{ {said} }}", home)
    assert ops(graph, "tween") == ["previous", "warp2d", "next", "warp2d", op]


def test_how_far_and_how_carefully_tweens_move(home: Path) -> None:
    said = "coherence { cadence = 4; tween = flow; flow_factor = 0s: 1, 1s: 0.5; flow_preset = fine }"
    made = only(tweens(said, home), "between", "tween")
    assert dict(made.args) == {
        "factor": Column("coherence.flow_factor"),
        "preset": "fine",
        "weight": Column("tween.mix"),
    }


def test_both_ends_of_a_tween_follow_the_video(home: Path) -> None:
    graph = tweens(f"{CLIP}{MOVING}coherence {{ cadence = 4; flow = on }}", home)
    before, after = only(graph, "between", "tween").inputs
    assert [n.op for n in (before, before.inputs[0], before.inputs[0].inputs[0])] == [
        "warp2d",
        "warp_flow",
        "previous",
    ]
    # from the frame after the moves are undone, the last first
    assert [n.op for n in (after, after.inputs[0], after.inputs[0].inputs[0])] == [
        "warp_flow",
        "warp2d",
        "next",
    ]
    now = Column("clip.clip.at")
    assert times(before.inputs[0].inputs[1]) == [now, Column("clip.clip.before")]
    assert times(after.inputs[1]) == [now, Column("clip.clip.after")]


def test_a_clip_is_where_it_was_and_will_be_at_the_ends_of_a_tween(home: Path) -> None:
    made = compiled(f"{HEAD}{CLIP}coherence {{ cadence = 4; flow = on; blend = 50% }}", home)
    at, before, after = (made.columns[f"clip.clip.{name}"] for name in ("at", "before", "after"))
    assert at[:5].tolist() == pytest.approx([0, 0.125, 0.25, 0.375, 0.5])
    assert before[:6].tolist() == pytest.approx([0, 0, 0, 0, 0, 0.5])
    assert after[:5].tolist() == pytest.approx([0, 0.5, 0.5, 0.5, 0.5])


def test_what_tweens_do_is_part_of_their_recipe(home: Path) -> None:
    texts = [f"{HEAD}{MOVING}coherence {{ cadence = 4; tween = {way} }}" for way in ("mix", "flow")]
    mix, flow = (compiled(text, home).columns["frames.recipe"] for text in texts)
    same = (mix == flow).all(axis=1).tolist()
    assert same == [True, False, False, False, True, False, False, True]

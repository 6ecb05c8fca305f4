"""`expand`: first frames, moves, masks and grades in kernel ops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.compiler.graph_films import seen
from tests.compiler.statement_files import stage

from anim_compiler.graph import Column, Graph, Node, topological
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.passes.expanding.rows import RULES

HEAD = 'size = 64x64; fps = 8; length = 1s\nprompt { 0s: "a" }\nimage photo = "photo.png"\n'
MOVING = "camera 2d { zoom = 2 per s }\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def expanded(text: str, home: Path) -> Graph:
    return seen(HEAD + text, home).expanded


def first(steps: str, home: Path, start: str = "") -> list[str]:
    """The ops of a scene's first frame, those of `carry` and then what `frame` adds to it."""
    graph = expanded(f"{start}{MOVING}pipeline {{ {steps} }}", home)
    results = graph.templates[0, "first"].results
    carry = [node.op for node in topological({"carry": results["carry"]})]
    shown = [node.op for node in topological(results) if node not in topological({"c": results["carry"]})]
    return [*carry, "|", *shown] if shown else carry


def only(graph: Graph, op: str, kind: str = "diffused") -> Node:
    (found,) = (n for n in topological(graph.templates[0, kind].results) if n.op == op)
    return found


# --- first frames ---


@pytest.mark.parametrize("start", ["", "init = photo\n"])
@pytest.mark.parametrize(
    "steps",
    [
        "frame = diffuse(previous)",
        "frame = diffuse(warp(previous, camera))",
        "frame = diffuse(transform(previous, x = 4px))",
        "frame = diffuse(match_color(warp(previous, camera), first, lab))",
        "frame = diffuse(add_noise(sharpen(contrast(blur(grade(previous, gain = 0.9)), 1.1), 0.2), 10%))",
        "fresh = diffuse(previous); frame = blend(fresh, previous, 30%)",
        "fresh = diffuse(previous); frame = mix(previous, fresh, 30%)",
        "fresh = diffuse(previous); frame = composite(previous, fresh, screen)",
        "fresh = diffuse(previous); frame = mix(first, composite(fresh, first), 20%)",
        "fresh = diffuse(previous); frame = match_color(fresh, first, lab)",
        "fresh = diffuse(previous, mask = uncovered(previous, camera)); frame = fresh",
        "fresh = diffuse(previous); frame = warp(fresh, camera)",
    ],
)
def test_a_scene_starts_from_its_picture_or_from_noise(steps: str, start: str, home: Path) -> None:
    ops = first(steps, home, start)
    expected = ["init", "diffuse"] if start else ["generate"]
    # a fresh picture that the pipeline moves is moved in the first frame as well: by nothing
    assert [op for op in ops if op != "warp2d"] == expected


def test_what_is_there_is_made_as_it_is_written(home: Path) -> None:
    assert first("frame = diffuse(photo)", home) == ["still", "diffuse"]
    assert first("frame = diffuse(mix(previous, photo))", home) == ["still", "diffuse"]
    assert first("frame = diffuse(init)", home, "init = photo\n") == ["init", "diffuse"]
    assert first("frame = generate()", home, "init = photo\n") == ["generate"]


def test_a_carry_that_is_not_there_is_the_scenes_start(home: Path) -> None:
    graph = expanded(
        f"{MOVING}diffuse.strength = 0.2\npipeline {{ carry = warp(previous, camera)\n"
        "frame = diffuse(carry, strength = 0.9, seed = 3) }",
        home,
    )
    results = graph.templates[0, "first"].results
    assert results["carry"].op == "generate"
    assert results["carry"].arg("seed") == Column("diffuse.seed")
    # what is shown goes on from what is carried only if it is made of it
    assert results["frame"].arg("seed") == Column("pipeline.frame.seed")


def test_what_is_made_of_a_carry_that_was_not_there_is_made_of_the_start(home: Path) -> None:
    # also where the other side of what joins them is there already, as layers and stills are
    title = 'layer t { text = "HELLO" }\n'
    over = "carry = warp(previous, camera); frame = composite(carry, layers)"
    assert first(over, home, title) == ["generate", "|", "empty", "title", "layer", "composite"]
    mixed = "carry = warp(previous, camera); both = mix(carry, photo, 30%); frame = blur(both, 2px)"
    assert first(mixed, home) == ["generate", "|", "still", "mix", "blur"]


def test_a_pipeline_without_the_model_starts_from_the_picture_itself(home: Path) -> None:
    assert first("frame = warp(previous, camera)", home, "init = photo\n") == ["init"]
    assert first("frame = warp(previous, camera)", home) == ["generate"]


def test_a_frame_that_is_not_there_is_the_carry(home: Path) -> None:
    assert first("carry = diffuse(previous); frame = blur(previous)", home) == ["generate"]


def test_a_mask_that_is_not_there_is_black(home: Path) -> None:
    ops = first("c = diffuse(previous); frame = mix(c, photo, mask = uncovered(previous, camera))", home)
    assert ops == ["generate"]
    assert first("frame = grade(photo, gain = 2, mask = luma_mask(first))", home) == ["still"]


def test_a_scene_that_goes_on_starts_from_the_one_before(home: Path) -> None:
    text = (
        'size = 64x64; fps = 8\nprompt { 0s: "a" }\ncoherence.color = lab\n'
        "scene one 1s { }\nscene two 1s { transition = continue }"
    )
    graph = seen(text, home).expanded
    ops = [n.op for n in graph.templates[1, "first"].nodes]
    assert ops == ["previous", "contrast", "sharpen", "add_noise", "diffuse", "mix"]


# --- moves ---


def test_a_scene_without_a_camera_does_not_move(home: Path) -> None:
    graph = expanded("pipeline { frame = diffuse(warp(previous, camera)) }", home)
    assert [n.op for n in graph.templates[0, "diffused"].nodes] == ["previous", "diffuse"]
    mask = expanded("pipeline { frame = mix(photo, previous, mask = uncovered(previous, camera)) }", home)
    assert dict(only(mask, "luma_mask").args) == {"low": 2.0, "high": 2.0}


def test_depth_is_that_of_the_camera_that_moves(home: Path) -> None:
    cameras = "camera near 3d { dolly = 9 per s; depth = estimated }\ncamera 3d { dolly = 1 per s }\n"
    own = expanded(cameras + "pipeline { frame = warp(previous, camera) }", home)
    assert only(own, "depth").arg("method") == "flat"
    named = expanded(cameras + "pipeline { frame = warp(previous, near) }", home)
    assert only(named, "depth").arg("method") == "estimated"
    given = expanded(cameras + "pipeline { frame = warp(previous, near, depth = photo) }", home)
    assert [n.op for n in topological({"d": only(given, "warp3d").inputs[1]})] == ["still", "as_depth"]
    seen_by = expanded(
        cameras + "pipeline { frame = warp(previous, near, depth = estimate_depth(first)) }", home
    )
    assert [n.op for n in topological({"d": only(seen_by, "warp3d").inputs[1]})] == ["first", "depth"]
    flat = expanded(MOVING + "pipeline { frame = estimate_depth(previous) }", home)
    assert only(flat, "depth").arg("method") == "estimated"


def test_an_estimate_goes_by_the_range_of_the_first_frame_and_keeps_some_of_the_one_before(
    home: Path,
) -> None:
    camera = "camera 3d { dolly = 9 per s; depth = estimated; near = 0s: 100, 1s: 150; far = 900 }\n"
    made = expanded(camera, home)
    steady = only(made, "warp3d").inputs[1]
    own, before = steady.inputs
    assert (steady.op, own.op, before.op) == ("steady_depth", "depth", "previous_depth")
    ends = {"near": Column("camera.near"), "far": 900.0}
    assert dict(steady.args) == {"amount": 0.6, "move": Column("camera.from_previous"), **ends}
    assert dict(own.args) == {"method": "estimated", **ends}
    picture, over = own.inputs
    assert (picture.op, over.op, over.inputs[0].op) == ("previous", "depth_range", "first")
    # what masks and pictures are made of is not moved, and begins at the same ends
    far = "depth_mask(estimate_depth(previous))"
    mask = expanded(f"{camera}pipeline {{ frame = grade(previous, gain = 2, mask = {far}) }}", home)
    (depth,) = only(mask, "depth_mask").inputs
    assert depth.op == "depth"
    assert ends.items() <= dict(only(mask, "depth_mask").args).items()


def test_nothing_is_kept_of_a_depth_that_does_not_tremble(home: Path) -> None:
    for depth in ("flat", "estimated; depth_smooth = 0%", "photo"):
        made = expanded(f"camera 3d {{ dolly = 9 per s; depth = {depth} }}\n", home)
        ops = {n.op for n in made.templates[0, "diffused"].nodes}
        assert ops.isdisjoint({"steady_depth", "previous_depth"}), depth


def test_depth_of_the_authors_own_is_read_wherever_depth_is_asked_for(home: Path) -> None:
    camera = "camera 3d { dolly = 9 per s; depth = photo; far = 900 }\n"
    made = only(expanded(camera, home), "warp3d").inputs[1]
    assert (made.op, dict(made.args), made.inputs[0].op) == ("as_depth", {"far": 900.0}, "still")
    shown = expanded(camera + "pipeline { frame = estimate_depth(previous) }", home)
    assert shown.templates[0, "diffused"].results["frame"].op == "still"
    moved = expanded(camera + "pipeline { frame = warp(previous, camera) }", home)
    assert only(moved, "warp3d").inputs[1].inputs[0].op == "still"


def test_depth_of_a_video_is_of_the_frame_that_is_moved(home: Path) -> None:
    text = 'video clip = "clip.mp4"\ncamera 3d { dolly = 9 per s; depth = clip }\n'
    made = only(expanded(text, home), "warp3d").inputs[1]
    (clip,) = made.inputs
    assert (made.op, clip.op, clip.arg("at")) == ("as_depth", "clip", Column("clip.clip.before"))


def test_a_depth_map_that_is_shown_is_a_picture(home: Path) -> None:
    graph = expanded("pipeline { carry = diffuse(previous); frame = estimate_depth(carry) }", home)
    frame = graph.templates[0, "diffused"].results["frame"]
    assert (frame.op, dict(frame.args)) == ("depth_mask", {"low": 1.0, "high": 0.0})
    blurred = expanded("pipeline { frame = blur(estimate_depth(previous)) }", home)
    assert only(blurred, "blur").inputs[0].op == "depth_mask"


def test_transform_scales_turns_and_then_shifts(home: Path) -> None:
    """In centred coordinates, y down: x 16px of 64 is half a unit, 90deg counter-clockwise takes right up."""
    text = "pipeline { frame = transform(previous, x = 16px, y = 8px, scale = 2, angle = 90deg) }"
    graph = expanded(text, home)
    move = only(graph, "warp2d").arg("move")
    assert isinstance(move, Column)
    matrix = graph.columns[move.name][3].reshape(3, 3)
    right = matrix @ [1.0, 0.0, 1.0]
    assert right == pytest.approx([0.5, -2 + 0.25, 1.0])


def test_a_transform_that_does_nothing_is_none(home: Path) -> None:
    graph = expanded("pipeline { frame = transform(previous) }", home)
    assert [n.op for n in graph.templates[0, "diffused"].nodes] == ["previous"]


def test_equal_transforms_are_one_column(home: Path) -> None:
    steps = "a = transform(previous, x = 4px); b = transform(first, x = 4px); c = transform(a, x = 5px)"
    graph = expanded(f"pipeline {{ {steps}; frame = mix(b, c) }}", home)
    assert sorted(n for n in graph.columns if n.startswith("transform")) == ["transform.0", "transform.1"]
    assert np.isfinite(graph.columns["transform.0"]).all()


# --- colours ---


def test_grade_is_its_parts_in_order(home: Path) -> None:
    text = (
        "grade { gain = 1.1; vignette = 20%; grain = 0.1; sharpen = 0.5 }\n"
        "pipeline { frame = grade(previous, bloom = 0.2, mask = photo) }"
    )
    template = expanded(text, home).templates[0, "diffused"]
    ops = [n.op for n in template.nodes]
    assert ops == ["previous", "grade", "sharpen", "bloom", "vignette", "grain", "still", "masked"]
    masked = template.results["frame"]
    assert [i.op for i in masked.inputs] == ["previous", "grain", "still"]


def test_a_grade_of_nothing_is_none(home: Path) -> None:
    graph = expanded("pipeline { frame = grade(diffuse(previous), mask = photo) }", home)
    assert [n.op for n in graph.templates[0, "diffused"].nodes] == ["previous", "diffuse"]


def test_noise_goes_by_the_frames_seed(home: Path) -> None:
    graph = expanded("coherence.noise_type = perlin\npipeline { frame = add_noise(previous, 10%) }", home)
    assert dict(only(graph, "add_noise").args) == {
        "amount": 0.1,
        "seed": Column("diffuse.seed"),
        "type": "perlin",
    }


def test_colours_are_not_held_where_there_is_no_space(home: Path) -> None:
    graph = expanded("pipeline { frame = match_color(previous, first) }", home)
    assert [n.op for n in graph.templates[0, "diffused"].nodes] == ["previous"]


def test_every_op_of_the_language_is_expanded() -> None:
    assert set(IMAGE_OPS) <= set(RULES)

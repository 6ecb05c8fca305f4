"""The `camera` tier: a film's own moves on its still or a chart, without a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.check import check
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.memo import Memo
from anim_compiler.plan import Columns, Plan
from anim_compiler.tiers import camera_film
from anim_compiler.tiers.renewed import FARTHEST, NEAREST
from anim_compiler.world import World
from anim_dsl.parse import parse

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parents[2] / "examples").glob("*.anim"))

MODEL = {"diffuse", "generate", "add_noise", "match_color", "match_stats", "color_stats"}

FILM = """\
size = 64x48; fps = 12; length = 3s; seed = 4
prompt { 0s: "a lake"; 2s: "a forest" }
diffuse { steps = 12; strength = 0.5; cfg_scale = 4 }
coherence { color = lab; noise = 2%; blend = 20%; cadence = 3; contrast = 1.02 }
camera 2d { zoom = 0s: 1, 3s: 1.5; angle = 10deg * u }
"""
DEEP = FILM.replace(
    "camera 2d { zoom = 0s: 1, 3s: 1.5; angle = 10deg * u }",
    "camera 3d { dolly = 20 * u; depth = estimated }",
)


def camera(text: str, memo: Memo | None = None) -> tuple[Plan, Columns]:
    film = camera_film(film_of(text))
    made = compile_film(film, World(HERE, HERE), CompileOptions(size=(64, 48)), memo=memo)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan, made.columns


def ops(plan: Plan) -> set[str]:
    return {node.op for scene in plan.scenes for made in scene.templates.values() for node in made.nodes}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_example_asks_a_model(path: Path) -> None:
    world = World.open(path)
    source = world.read_source(path)
    document, _ = parse(source)  # type: ignore[arg-type]  # it is there
    film, told = check(document, world)
    assert film is not None, told
    made = compile_film(camera_film(film), world)
    assert made.plan is not None
    assert made.plan.frames == film.frames
    assert not ops(made.plan) & MODEL
    assert all(t.batch == 0 for scene in made.plan.scenes for t in scene.templates.values())


def test_every_frame_is_the_first_one_moved_once() -> None:
    plan, columns = camera(FILM)
    assert {kind: [n.op for n in made.nodes] for kind, made in plan.scenes[0].templates.items()} == {
        "first": ["chart"],
        "diffused": ["first", "warp2d"],
    }
    moves = columns["camera.from_first"]
    assert np.hypot(moves[35, 0], moves[35, 1]) == pytest.approx(1.5 - 0.5 / 36, rel=1e-3)
    assert np.degrees(np.arctan2(moves[18, 1], moves[18, 0])) == pytest.approx(5.0)


def test_depth_is_that_of_the_first_picture_and_found_once() -> None:
    plan, _ = camera(DEEP)
    nodes = {node.op: node for node in plan.scenes[0].templates["diffused"].nodes}
    assert list(nodes) == ["first", "depth_range", "depth", "warp3d"]
    assert nodes["depth"].rate == "scene"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"a forest"', '"a city at night"'),
        ("2s:", "1s:"),
        ("steps = 12", "steps = 30"),
        ("strength = 0.5", "strength = 0s: 0.2, 3s: 0.9"),
        ("cfg_scale = 4", "cfg_scale = 9"),
        ("seed = 4", "seed = 5"),
        ("blend = 20%", "blend = 60%"),
        ("cadence = 3", "cadence = 1"),
        ("color = lab", "color = hsv"),
    ],
)
def test_what_only_the_model_hears_makes_no_frame_anew(before: str, after: str) -> None:
    assert before in FILM
    _, columns = camera(FILM)
    _, edited = camera(FILM.replace(before, after))
    assert (columns["frames.shown"] == edited["frames.shown"]).all()


def test_a_move_makes_anew_what_it_moves() -> None:
    memo = Memo()
    _, columns = camera(FILM.replace("3s: 1.5", "1s: 1, 3s: 1.5"), memo)
    _, edited = camera(FILM.replace("3s: 1.5", "1s: 1, 3s: 1.6"), memo)
    same = (columns["frames.shown"] == edited["frames.shown"]).all(axis=1)
    assert same[:13].all()
    assert not same[13:].any()


def test_moves_that_never_end_stay_in_view() -> None:
    text = FILM.replace("length = 3s", "length = 300s").replace(
        "zoom = 0s: 1, 3s: 1.5; angle = 10deg * u", "motion = per_frame; zoom = 1.02; angle = 1deg"
    )
    _, columns = camera(text)
    moves = columns["camera.from_first"]
    scale = np.hypot(moves[:, 0], moves[:, 1])
    assert scale.max() < NEAREST
    assert scale.min() > FARTHEST
    # each frame differs from the next, to the end
    assert (np.abs(np.diff(moves, axis=0)).max(axis=1) > 0.01).all()
    # and the first picture is come back to again and again, not at every frame
    again = np.flatnonzero(np.diff(scale) < 0)
    assert set(np.diff(again)) == {64}


def test_a_camera_in_3d_that_goes_on_for_ever_stays_in_view() -> None:
    text = DEEP.replace("length = 3s", "length = 60s").replace(
        "dolly = 20 * u", "rotation_3d_y = 20deg per s"
    )
    _, columns = camera(text)
    moves = columns["camera.from_first"]
    turned = np.degrees(np.arccos(np.clip(moves[:, 0], -1, 1)))
    assert 20 < turned.max() < 80
    assert (np.abs(np.diff(moves, axis=0)).max(axis=1) > 0).all()


def test_a_pipeline_that_adds_up_goes_from_frame_to_frame_in_blocks() -> None:
    steps = "carry = diffuse(transform(warp(previous, camera), scale = 1.01)); frame = grade(carry)"
    text = FILM.replace("length = 3s", "length = 5s") + f"pipeline {{ {steps} }}\n"
    plan, columns = camera(text)
    assert {"previous", "warp2d"} <= ops(plan)
    before = columns["frames.before"]
    assert before[[0, 1, 23, 24, 25, 48]].tolist() == [-1, 0, 22, 0, 24, 0]


def test_a_scene_that_goes_on_starts_from_the_last_picture() -> None:
    text = """\
size = 64x48; fps = 12; seed = 4
prompt = "a lake"
camera 2d { zoom = 1.2 per s }
scene one 1s { }
scene two 1s { transition = continue }
scene three 1s { transition = crossfade(500ms) }
"""
    plan, columns = camera(text)
    assert [node.op for node in plan.scenes[1].templates["first"].nodes] == ["previous"]
    assert columns["frames.before"][12] == 11
    assert columns["frames.under"][24] >= 36
    charts = [scene.templates["first"].nodes[0].args.get("number") for scene in plan.scenes]
    assert charts == [0, None, 2]


def test_what_the_model_would_make_is_the_first_picture() -> None:
    plan, _ = camera(
        FILM + "pipeline { fresh = generate(); carry = warp(previous, camera); frame = mix(carry, fresh) }"
    )
    assert ops(plan) == {"chart", "first", "warp2d", "mix"}


def test_layers_titles_and_grades_are_shown() -> None:
    plan, columns = camera(FILM + 'layer title { text = "a {u * 10}" }\ngrade { exposure = u }\n')
    assert {"title", "layer"} <= ops(plan)
    assert len(np.unique(columns["frames.shown"], axis=0)) == 36


def test_moves_that_are_made_at_once_do_not_bend_what_is_straight() -> None:
    """Looking pixels up by their depth, as Deforum does, is for the small moves from frame to frame."""
    moves = "motion = per_frame; translation_z = 2; rotation_3d_z = 0.5; depth = estimated"
    plan, _ = camera(DEEP.replace("dolly = 20 * u; depth = estimated", moves))
    (warp,) = [node for node in plan.scenes[0].templates["diffused"].nodes if node.op == "warp3d"]
    assert warp.args["way"] == "splat"
    steps = "pipeline { carry = diffuse(transform(warp(previous, camera), scale = 1.01)); frame = carry }\n"
    plan, _ = camera(DEEP.replace("dolly = 20 * u; depth = estimated", moves) + steps)
    (warp,) = [node for node in plan.scenes[0].templates["diffused"].nodes if node.op == "warp3d"]
    assert warp.args["way"] == "backward"

"""A camera that walks around a point, moves that bring it home, and what the library's moves do."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import compiled, film_of

from anim_compiler.camera import Path2d, Path3d, path
from anim_compiler.camera_3d import TARGETS
from anim_compiler.film import Camera
from anim_compiler.functions.registry import Array
from anim_compiler.plan import Columns

FRAMES = 9
EVEN = np.linspace(0.0, 1.0, FRAMES)


def way(**channels: Array | float) -> Path3d:
    """The path of a camera in 3d; a number stays."""
    columns = {
        name: np.broadcast_to(np.asarray(value, dtype=float), FRAMES) for name, value in channels.items()
    }
    found = path(Camera(3, {}), columns, 1 / 24, 512, 512)
    assert isinstance(found, Path3d)
    return found


def seen(camera: Path3d, point: tuple[float, float, float]) -> Array:
    """A point of the scene, in scene units (x right, y up, z ahead), by each frame's camera: [frames, 3]."""
    x, y, z = (part / 200.0 for part in point)
    found: Array = camera.rotations @ np.array([x, -y, z]) + camera.translations
    return found


def test_the_target_stays_in_the_middle_and_as_far_away() -> None:
    around = way(orbit=360 * EVEN, orbit_tilt=40 * EVEN)
    assert seen(around, (0, 0, 200)) == pytest.approx(np.tile([0.0, 0.0, 1.0], (FRAMES, 1)), abs=1e-12)


def test_it_is_once_around() -> None:
    around = way(orbit=360 * EVEN)
    assert around.move([0], [FRAMES - 1])[0][:12] == pytest.approx([*np.eye(3).ravel(), 0, 0, 0], abs=1e-12)
    half = around.move([0], [FRAMES // 2])[0]
    assert half[:12] == pytest.approx([-1, 0, 0, 0, 1, 0, 0, 0, -1, 0, 0, 2], abs=1e-12)


def test_to_the_right_of_the_target_it_looks_left_and_above_it_down() -> None:
    right = way(orbit=np.array([0.0, *[90.0] * (FRAMES - 1)]))
    place = -right.rotations[1].T @ right.translations[1]
    assert place == pytest.approx([1, 0, 1], abs=1e-12)
    assert right.rotations[1][2] == pytest.approx([-1, 0, 0], abs=1e-12)
    above = way(orbit_tilt=np.array([0.0, *[90.0] * (FRAMES - 1)]))
    place = -above.rotations[1].T @ above.translations[1]
    assert place == pytest.approx([0, -1, 1], abs=1e-12)
    assert above.rotations[1][2] == pytest.approx([0, 1, 0], abs=1e-12)


def test_a_distance_of_its_own_goes_in_and_out() -> None:
    nearing = way(orbit=90 * EVEN, orbit_distance=200 - 100 * EVEN)
    assert seen(nearing, (0, 0, 200))[:, 2] == pytest.approx(1 - 0.5 * EVEN)


def test_a_target_of_its_own_is_as_far_as_at_the_start() -> None:
    target = dict(zip(TARGETS, (30.0, 40.0, 120.0), strict=True))
    around = way(orbit=180 * EVEN, **target)
    assert seen(around, (30, 40, 120)) == pytest.approx(np.tile([0, 0, 0.65], (FRAMES, 1)), abs=1e-12)


def test_a_target_that_moves_takes_the_camera_along() -> None:
    follows = way(target_x=40 * EVEN)
    trucks = way(translation_x=40 * EVEN)
    assert follows.move(range(8), range(1, 9)) == pytest.approx(trucks.move(range(8), range(1, 9)), abs=1e-12)


def test_other_moves_are_along_the_axes_of_the_camera_on_the_orbit() -> None:
    """A quarter around, a step to the right leads away from the scene's front, and a turn is the camera's."""
    quarter = np.array([0.0, *[90.0] * (FRAMES - 1)])
    stepped = way(orbit=quarter, translation_x=np.array([0.0, *[200.0] * (FRAMES - 1)]))
    place = -stepped.rotations[1].T @ stepped.translations[1]
    assert place == pytest.approx([1, 0, 2], abs=1e-12)
    panned = way(orbit=quarter, rotation_3d_y=np.array([0.0, *[10.0] * (FRAMES - 1)]))
    angle = np.radians(10)
    assert seen(panned, (0, 0, 200))[1] == pytest.approx([-np.sin(angle), 0, np.cos(angle)], abs=1e-12)


def test_increments_of_an_orbit_add_up() -> None:
    columns = {"orbit": np.full(FRAMES, 5.0), "translation_z": np.full(FRAMES, 2.0)}
    steps = path(Camera(3, {}, per_frame=True), columns, 1 / 24, 512, 512)
    frames = np.arange(FRAMES, dtype=np.float64)
    poses = way(orbit=5.0 * frames, translation_z=2.0 * frames)
    assert steps.move(range(8), range(1, 9)) == pytest.approx(poses.move(range(8), range(1, 9)), abs=1e-12)


# --- there and back ---


def test_120_frames_there_and_back_are_no_move_in_2d() -> None:
    there = np.concatenate([np.linspace(0, 1, 61), np.linspace(1, 0, 60)[0:]])
    columns = {
        "zoom": 1 + 0.8 * there,
        "angle": 70 * np.sin(there),
        "translation_x": 90 * there,
        "translation_y": -40 * there**2,
        "shear_x": 0.2 * there,
        "center_x": np.full(len(there), 0.3),
        "flip_gamma": 20 * there,
    }
    flat = path(Camera(2, {}), columns, 1 / 24, 512, 512)
    assert isinstance(flat, Path2d)
    moves = flat.move(range(len(there) - 1), range(1, len(there))).reshape(-1, 3, 3)
    home = np.linalg.multi_dot(list(moves[::-1]))
    assert home / home[2, 2] == pytest.approx(np.eye(3), abs=1e-9)


def test_120_frames_there_and_back_are_no_move_in_3d() -> None:
    there = np.concatenate([np.linspace(0, 1, 61), np.linspace(1, 0, 60)[0:]])
    columns = {
        "translation_z": 80 * there,
        "translation_x": 30 * np.sin(3 * there),
        "rotation_3d_y": 50 * there,
        "rotation_3d_x": -20 * there,
        "rotation_3d_z": 120 * there,
        "orbit": 90 * there,
    }
    deep = path(Camera(3, {}), columns, 1 / 24, 512, 512)
    moves = deep.move(range(len(there) - 1), range(1, len(there)))
    home = np.eye(4)
    for move in moves:
        step = np.eye(4)
        step[:3, :3], step[:3, 3] = move[:9].reshape(3, 3), move[9:12]
        home = step @ home
    assert home == pytest.approx(np.eye(4), abs=1e-9)


# --- as films ---


def columns_of(camera: str, fps: int = 8) -> Columns:
    text = f'size = 512x512; fps = {fps}; length = 2s; model = "null"\nprompt {{ 0s: "a" }}\n{camera}'
    made = compiled(text, Path("nowhere"))
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.columns


def test_the_vertigo_keeps_what_it_looks_at() -> None:
    """What is `subject` away in each frame keeps its size, and what is twice as far grows apart."""
    camera = 'import "std:push"\ncamera 3d { fov = 50deg; use vertigo(distance = 120, subject = 260) }'
    moves = columns_of(camera, fps=48)["camera.from_previous"]
    assert len(moves) == 96
    for times, size in ((1, 1.0), (2, math.exp(-0.5 * 120 / 260))):
        away = times * 260 / 200
        grown = [move[13] / move[12] * away / (away + move[11]) for move in moves[1:]]
        assert math.prod(grown) == pytest.approx(size, rel=2e-3)


def test_an_orbit_of_a_film_is_compiled() -> None:
    camera = 'import "std:orbit"\ncamera 3d { depth = estimated; use around(turn = 80deg, height = 10deg) }'
    moves = columns_of(camera)["camera.from_previous"]
    turned = np.degrees(np.arccos(moves[1:, 0]))
    assert turned.sum() == pytest.approx(80 * 15 / 16, abs=1.5)
    # what stood 200 ahead stands there still
    for move in moves[1:]:
        assert move[:9].reshape(3, 3) @ [0, 0, 1] + move[9:12] == pytest.approx([0, 0, 1], abs=1e-9)


def test_a_curve_of_the_target_is_read() -> None:
    moves = columns_of("camera 3d { target = [0, (0s: 0, 2s: 64), 200] }")["camera.from_previous"]
    # up by 4 scene units a frame: what is seen goes down
    assert moves[5, 9:12] == pytest.approx([0, 4 / 200, 0], abs=1e-12)


def test_perspective_turns_in_3d_are_made_before_the_move() -> None:
    camera = "camera 3d { motion = per_frame; flip_gamma = 3; translation_x = 2 }"
    found = columns_of(camera)
    flat = columns_of("camera 2d { motion = per_frame; flip_gamma = 3 }")
    assert found["camera.flip.from_previous"][1:] == pytest.approx(
        flat["camera.from_previous"][1:], abs=1e-12
    )
    text = f'length = 1s; model = "null"\nprompt {{ 0s: "a" }}\n{camera}'
    made = compiled(text, Path("nowhere"))
    assert made.plan is not None
    nodes = made.plan.scenes[0].templates["diffused"].nodes
    ops = [node.op for node in nodes if node.op.startswith("warp")]
    assert ops == ["warp2d", "warp3d"]


def test_a_turn_that_is_looked_at_by_depth_turns_the_depth_too() -> None:
    """What is far is found in the picture that is moved, not in the one before its perspective turn."""
    camera = "camera 3d { depth = estimated; flip_phi = 9deg per s; dolly = 5 per s }"
    text = f'length = 1s; model = "null"\nprompt {{ 0s: "a" }}\n{camera}'
    made = compiled(text, Path("nowhere"))
    assert made.plan is not None
    nodes = made.plan.scenes[0].templates["diffused"].nodes
    depths = [node for node in nodes if node.op == "depth"]
    assert [nodes[node.inputs[0]].op for node in depths] == ["warp2d"]


def test_what_a_film_says_of_near_reaches_its_camera() -> None:
    head = 'length = 1s\nprompt { 0s: "a" }\ncamera 3d '
    camera = film_of(head + "{ depth = estimated; near = 100; far = 900; dolly = 4 per s }").shots[0].camera
    assert camera is not None
    assert {"near", "far"} <= set(camera.channels)
    plain = film_of(head + "{ depth = estimated; far_schedule = 0: (900); dolly = 4 per s }").shots[0].camera
    assert plain is not None
    assert "far" not in plain.channels


@pytest.mark.parametrize(
    ("camera", "warp"),
    [
        ("camera 3d { motion = per_frame; fov = -70; dolly = 1 }", "backward"),
        ("camera 3d { motion = per_frame; depth_warp = splat; dolly = 1 }", "splat"),
        ("camera 3d { depth_warp = backward; dolly = 1 per s }", "backward"),
    ],
)
def test_a_film_of_moves_per_frame_is_warped_as_deforum_warps_it(camera: str, warp: str) -> None:
    found = film_of(f'length = 1s\nprompt {{ 0s: "a" }}\n{camera}').shots[0].camera
    assert found is not None
    assert found.depth_warp == warp

"""Camera moves against the points that were measured in Deforum (512×512, fov 70)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anim_compiler.camera import Path2d, Path3d, path
from anim_compiler.film import Camera
from anim_compiler.functions.registry import Array

START = (356.0, 206.0)


def columns(frames: int = 2, **channels: float) -> dict[str, Array]:
    """Channels that stand at their rest on frame 0 and at the value from frame 1 on."""
    rest = {"zoom": 1.0, "fov": 70.0, "center_x": 0.5, "center_y": 0.5, "flip_fov": 53.0}
    held = {"center_x", "center_y", "fov", "flip_fov"}
    return {
        name: np.array([value if name in held else rest.get(name, 0.0)] + [value] * (frames - 1))
        for name, value in channels.items()
    }


def camera(axes: int, per_frame: bool = False, speeds: frozenset[str] = frozenset()) -> Camera:
    return Camera(3 if axes == 3 else 2, {}, speeds, per_frame)


def moved_2d(**channels: float) -> tuple[float, float]:
    way = path(camera(2), columns(**channels), 1 / 24, 512, 512)
    matrix = way.move([0], [1])[0].reshape(3, 3)
    x, y = (START[0] - 256) / 256, (START[1] - 256) / 256
    u, v, w = matrix @ np.array([x, y, 1.0])
    return float(256 + u / w * 256), float(256 + v / w * 256)


def moved_3d(**channels: float) -> tuple[float, float]:
    way = path(camera(3), columns(**channels), 1 / 24, 512, 512)
    move = way.move([0], [1])[0]
    rotation, shift, source, dest = move[:9].reshape(3, 3), move[9:12], move[12], move[13]
    point = np.array([(START[0] - 256) / 256 / source, (START[1] - 256) / 256 / source, 1.0])
    x, y, z = rotation @ point + shift
    return float(256 + dest * x / z * 256), float(256 + dest * y / z * 256)


@pytest.mark.parametrize(
    ("channels", "wanted"),
    [
        ({"translation_x": 20.0}, (376, 206)),
        ({"translation_y": 20.0}, (356, 226)),
        ({"angle": 10.0}, (345.8, 189.4)),
        ({"zoom": 1.1}, (366, 201)),
        ({"zoom": 1.1, "translation_x": 20.0}, (388, 201)),
        ({"angle": 90.0, "translation_x": 20.0}, (206, 136)),
        ({"zoom": 1.1, "center_x": 0.0, "center_y": 0.0}, (391.6, 226.6)),
    ],
)
def test_2d_moves_are_deforums(channels: dict[str, float], wanted: tuple[float, float]) -> None:
    assert moved_2d(**channels) == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize(
    ("channels", "wanted", "within"),
    [
        ({"translation_x": 10.0}, (337.7, 206), 0.1),
        ({"translation_y": 10.0}, (356, 224.3), 0.1),
        ({"translation_x": 10.0, "fov": 40.0}, (320.8, 206), 0.1),
        ({"translation_x": 10.0, "fov": 120.0}, (348.6, 206), 0.1),
        # Deforum samples backwards by the target's offset: near a true turn only while it is small
        ({"rotation_3d_x": 3.0}, (355.4, 225.4), 1.0),
        ({"rotation_3d_y": 3.0}, (335.3, 207.0), 1.0),
    ],
)
def test_3d_moves_are_deforums(
    channels: dict[str, float], wanted: tuple[float, float], within: float
) -> None:
    assert moved_3d(**channels) == pytest.approx(wanted, abs=within)


def test_roll_turns_the_picture_counter_clockwise_by_its_angle() -> None:
    assert moved_3d(rotation_3d_z=10.0) == pytest.approx((345.8, 189.4), abs=0.1)


def test_dolly_is_true_perspective() -> None:
    """At depth 1 a dolly of 10 / 200 magnifies by 1 / 0.95."""
    assert moved_3d(translation_z=10.0) == pytest.approx((256 + 100 / 0.95, 256 - 50 / 0.95), abs=1e-6)


def test_lens_zoom_magnifies() -> None:
    assert moved_3d(zoom=1.2) == pytest.approx((376, 196), abs=1e-6)


def test_the_first_frame_does_not_move() -> None:
    way = path(camera(2), {"zoom": np.array([2.0, 2.0])}, 1 / 24, 512, 512)
    assert np.array_equal(way.move([0, 0], [0, 1])[0], np.eye(3).reshape(-1))
    assert np.allclose(way.move([0], [1])[0], np.eye(3).reshape(-1))


def test_perspective_turn_shortens_what_turns_away() -> None:
    assert abs(moved_2d(flip_gamma=30.0)[0] - 356) > 5
    assert moved_2d(flip_gamma=0.0) == pytest.approx(START, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=4, max_size=4), st.floats(0.5, 2))
def test_moves_compose(values: list[float], zoom: float) -> None:
    """0 → 1 and 1 → 2 together are 0 → 2, in 2d and 3d."""
    turn = np.array([0.0, values[0], values[1]])
    shift = np.array([0.0, values[2], values[3]])
    flat = path(
        camera(2), {"angle": turn, "translation_x": shift, "zoom": np.array([1, zoom, 1])}, 1, 512, 512
    )
    assert isinstance(flat, Path2d)
    a, b, c = (flat.move([s], [d])[0].reshape(3, 3) for s, d in ((0, 1), (1, 2), (0, 2)))
    assert np.allclose(b @ a, c)
    deep = path(camera(3), {"rotation_3d_y": turn, "translation_z": shift}, 1, 512, 512)
    assert isinstance(deep, Path3d)
    a, b, c = (deep.move([s], [d])[0] for s, d in ((0, 1), (1, 2), (0, 2)))
    assert np.allclose(b[:9].reshape(3, 3) @ a[:9].reshape(3, 3), c[:9].reshape(3, 3))
    assert np.allclose(b[:9].reshape(3, 3) @ a[9:12] + b[9:12], c[9:12])


def test_per_frame_moves_accumulate() -> None:
    zoom = np.full(4, 1.1)
    way = path(camera(2, per_frame=True), {"zoom": zoom}, 1, 512, 512)
    assert way.move([0], [3])[0][0] == pytest.approx(1.1**3)
    assert way.move([2], [3])[0][0] == pytest.approx(1.1)


def test_per_frame_3d_is_deforums_step() -> None:
    turns = {"translation_z": np.full(3, 10.0), "rotation_3d_y": np.full(3, 3.0)}
    way = path(camera(3, per_frame=True), turns, 1, 512, 512)
    step = way.move([1], [2])[0]
    assert step[9:12] == pytest.approx([0, 0, -0.05])
    assert step[2] == pytest.approx(-np.sin(np.radians(3)))


def test_a_speed_moves_along_the_cameras_own_axes() -> None:
    """Turned right by 90°, a dolly's speed goes to the scene's right."""
    channels = {"translation_z": np.full(3, 200.0), "rotation_3d_y": np.full(3, 90.0)}
    way = path(camera(3, speeds=frozenset({"translation_z"})), channels, 0.5, 512, 512)
    assert isinstance(way, Path3d)
    place = -way.rotations[2].T @ way.translations[2]
    assert place == pytest.approx([1.0, 0.0, 0.0], abs=1e-12)


def test_pixels_are_of_the_declared_size() -> None:
    """20 px of a 512 picture move as far when it is previewed at any size: moves are in half heights."""
    way = path(camera(2), columns(translation_x=20.0), 1 / 24, 512, 512)
    assert way.move([0], [1])[0][2] == pytest.approx(20 / 256)


@pytest.mark.parametrize(
    "channels",
    [
        {"zoom": 1.04, "translation_x": 5.0, "angle": 1.0, "center_x": 0.2},
        {"zoom": 0.9, "translation_y": -3.0},
        {"flip_phi": 10.0, "flip_gamma": -7.0, "translation_x": 1.0},
    ],
)
def test_a_long_flight_per_frame_moves_at_its_end_as_at_its_beginning(channels: dict[str, float]) -> None:
    """1.04 a frame is 10¹⁷ after a thousand frames, and no inverse leads back from there."""
    frames = 1200
    way = path(camera(2, per_frame=True), columns(frames, **channels), 1, 512, 512)
    first, two = way.move([1, 1], [2, 3])
    for at in (20, 600, frames - 4):
        assert way.move([at], [at + 1])[0] == pytest.approx(first, abs=1e-9)
        assert way.move([at], [at + 2])[0] == pytest.approx(two, abs=1e-9)
        there, back = way.move([at, at + 2], [at + 2, at]).reshape(2, 3, 3)
        again = there @ back
        assert again / again[2, 2] == pytest.approx(np.eye(3), abs=1e-9)


def test_long_perspective_turns_of_a_camera_in_3d() -> None:
    channels = columns(300, flip_theta=9.0, flip_phi=8.0)
    way = path(camera(3, per_frame=True), channels, 1, 512, 512)
    assert isinstance(way, Path3d)
    assert way.flip([290], [291])[0] == pytest.approx(way.flip([1], [2])[0], abs=1e-9)

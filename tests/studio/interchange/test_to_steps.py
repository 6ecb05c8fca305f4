import numpy as np
import pytest

from anim_compiler.camera import Path2d, Path3d, path
from anim_compiler.film import Camera
from anim_studio.interchange.to_deforum.space import in_space
from anim_studio.interchange.to_deforum.steps import Steps, steps

W, H, FPS, FRAMES = 512, 288, 24.0, 24
T = np.arange(FRAMES, dtype=np.float64)
GRID = np.stack(np.meshgrid(np.linspace(-200, 200, 5), np.linspace(-120, 120, 5)), -1).reshape(-1, 2)


def camera(axes: int, channels: dict[str, np.ndarray], **more: object) -> Camera:
    return Camera(3 if axes == 3 else 2, dict.fromkeys(channels), **more)  # type: ignore[arg-type]


def of(axes: int, channels: dict[str, np.ndarray], **more: object) -> tuple[Steps, Path2d | Path3d]:
    own = camera(axes, channels, **more)
    return steps(own, channels, FPS, W, H), path(own, channels, 1.0 / FPS, W, H)


def deforum_2d(taken: Steps, frame: int, points: np.ndarray) -> np.ndarray:
    """Where Deforum's 2D warp takes points (px from the middle, y down): c + zoom * turn(p + t - c)."""
    get = lambda name, rest: taken.columns.get(name, np.full(FRAMES, rest))[frame]  # noqa: E731
    centre = np.array([(get("center_x", 0.5) - 0.5) * W, (get("center_y", 0.5) - 0.5) * H])
    a, z = np.radians(get("angle", 0.0)), get("zoom", 1.0)
    turn = z * np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    shift = np.array([get("translation_x", 0.0), get("translation_y", 0.0)])
    return centre + (points + shift - centre) @ turn.T


def deforum_3d(columns: dict[str, np.ndarray], frame: int, focal: float, points: np.ndarray) -> np.ndarray:
    """Where Deforum's 3D warp of a flat scene reads points from (refs: `transform_image_3d_new`)."""
    rest = np.zeros(FRAMES)
    x, y, z = (columns.get(f"translation_{axis}", rest)[frame] / 200 for axis in "xyz")
    a, b, c = (np.radians(columns.get(f"rotation_3d_{axis}", rest)[frame]) for axis in "xyz")
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    half = np.array([W / 2, H / 2])
    square = np.concatenate([points / half, np.ones((len(points), 1))], 1)
    # row vectors times R, then T = (-tx, ty, -tz)
    moved = square @ (about_x @ about_y @ about_z) + np.array([-x, y, -z])
    return points - focal * (moved[:, :2] / moved[:, 2:] - square[:, :2]) * half


def seen(way: Path3d, frame: int, points: np.ndarray) -> np.ndarray:
    """Where a true camera's move of a flat scene reads points from."""
    move = way.move([frame - 1], [frame])[0]
    before, after = move[12:]
    plane = move[:9].reshape(3, 3) + np.outer(move[9:12], [0, 0, 1])
    taken = np.diag([after, after, 1]) @ plane @ np.diag([1 / before, 1 / before, 1])
    found = np.concatenate([points / (H / 2), np.ones((len(points), 1))], 1) @ np.linalg.inv(taken).T
    return found[:, :2] / found[:, 2:] * (H / 2)


POSES_2D = {
    "zoom": {"zoom": 1 + 0.02 * T},
    "turn about a corner": {
        "angle": 3.0 * T,
        "center_x": np.full(FRAMES, 0.1),
        "center_y": np.full(FRAMES, 0.9),
    },
    "all": {
        "zoom": 1 + 0.1 * np.sin(T / 3),
        "angle": 20 * np.sin(T / 5),
        "translation_x": 3 * T,
        "translation_y": -40 * np.cos(T / 4),
    },
}


@pytest.mark.parametrize("name", POSES_2D)
def test_poses_in_2d_become_deforums_steps_exactly(name: str) -> None:
    taken, way = of(2, POSES_2D[name])
    assert isinstance(way, Path2d)
    unit = np.concatenate([GRID / (H / 2), np.ones((len(GRID), 1))], 1)
    for frame in range(1, FRAMES):
        moved = unit @ way.move([frame - 1], [frame])[0].reshape(3, 3).T
        meant = moved[:, :2] / moved[:, 2:] * (H / 2)
        np.testing.assert_allclose(deforum_2d(taken, frame, GRID), meant, atol=1e-6)
    assert not taken.lost


@pytest.mark.parametrize(
    ("channels", "px"),
    [
        ({"translation_x": 3 * T}, 1e-9),
        ({"translation_y": -3 * T}, 1e-9),
        ({"translation_z": 3 * T}, 1e-9),
        ({"zoom": 1 + 0.01 * T}, 1e-9),
        ({"fov": 70 - 0.5 * T}, 1e-9),
        ({"translation_z": 2 * T, "zoom": 1 / (1 + 0.01 * T)}, 1e-9),
        ({"translation_x": 3 * T, "zoom": np.full(FRAMES, 2.0)}, 1e-9),
        ({"translation_x": 3 * T, "translation_y": -T, "translation_z": 2 * T, "fov": 70 - 0.5 * T}, 1e-9),
        # turns are right in the middle of the picture: their keystone there is that of a square
        ({"rotation_3d_x": 0.5 * T}, 0.05),
        ({"rotation_3d_y": 0.5 * T}, 0.05),
        ({"rotation_3d_z": 0.5 * T}, 0.05),
        ({"rotation_3d_y": 0.5 * T, "zoom": np.full(FRAMES, 2.0)}, 0.05),
    ],
)
def test_poses_in_3d_move_a_flat_scene_alike(channels: dict[str, np.ndarray], px: float) -> None:
    taken, way = of(3, channels)
    assert isinstance(way, Path3d)
    points = GRID if px < 1e-6 else GRID / 40
    for frame in (1, 2, FRAMES - 1):
        read = deforum_3d(dict(taken.columns), frame, float(way.focal[frame]), points)
        np.testing.assert_allclose(read, seen(way, frame, points), atol=px)


def test_the_middle_of_the_picture_is_right_whatever_moves_at_once() -> None:
    channels = {f"rotation_3d_{axis}": 0.7 * T for axis in "xyz"} | {
        f"translation_{axis}": T for axis in "xyz"
    }
    taken, way = of(3, {**channels, "zoom": 1 + 0.05 * T, "fov": 80 - T})
    assert isinstance(way, Path3d)
    for frame in (1, 9, FRAMES - 1):
        read = deforum_3d(dict(taken.columns), frame, float(way.focal[frame]), GRID[12:13] * 0)
        np.testing.assert_allclose(read, seen(way, frame, GRID[12:13] * 0), atol=1e-9)


def test_turns_alone_shift_nothing_else() -> None:
    taken, _ = of(3, {"rotation_3d_y": 0.5 * T})
    assert {name for name, column in taken.columns.items() if np.any(column)} == {"rotation_3d_y"}


def test_moves_a_frame_that_are_a_true_cameras_are_no_steps_of_deforums() -> None:
    taken, way = of(3, {"translation_z": 2 + 0 * T}, per_frame=True, depth_warp="splat")
    read = deforum_3d(dict(taken.columns), 2, float(way.focal[2]), GRID)  # type: ignore[union-attr]
    np.testing.assert_allclose(read, GRID * 0.99, atol=1e-9)
    assert not taken.own


def test_moves_a_frame_are_the_films_own_numbers() -> None:
    channels = {"translation_z": 1.75 + 0 * T, "rotation_3d_y": np.sin(T), "flip_phi": 0.1 * T}
    taken, _ = of(3, channels, per_frame=True, depth_warp="backward")
    assert taken.own == channels.keys()
    assert all(np.array_equal(taken.columns[name], channels[name]) for name in channels)


def test_a_zoom_of_moves_a_frame_becomes_what_comes_nearer() -> None:
    taken, way = of(3, {"zoom": np.full(FRAMES, 1.01)}, per_frame=True, depth_warp="backward")
    read = deforum_3d(dict(taken.columns), 2, float(way.focal[2]), GRID)  # type: ignore[union-attr]
    np.testing.assert_allclose(read, GRID / 1.01, atol=1e-9)


def test_steps_in_the_plane_can_be_made_in_space() -> None:
    plane = {
        "zoom": np.full(FRAMES, 1.02),
        "translation_x": np.full(FRAMES, 4.0),
        "translation_y": -3.0 + 0 * T,
    }
    read = deforum_3d(in_space(plane, W, H), 2, 1 / np.tan(np.radians(35)), GRID)
    np.testing.assert_allclose(read, GRID / 1.02 - [4.0, -3.0], atol=1e-9)
    about = {
        "zoom": np.full(FRAMES, 1.02),
        "center_x": np.full(FRAMES, 0.25),
        "center_y": np.full(FRAMES, 0.5),
    }
    quarter = np.array([W / 4, 0.0])
    read = deforum_3d(in_space(about, W, H), 2, 1 / np.tan(np.radians(35)), GRID)
    np.testing.assert_allclose(read, (GRID + quarter) / 1.02 - quarter, atol=1e-9)
    turned = deforum_3d(
        in_space({"angle": np.full(FRAMES, 2.0)}, W, W), 2, 1 / np.tan(np.radians(35)), GRID / 40
    )
    a = np.radians(2.0)
    meant = GRID / 40 @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]).T
    # the square is as wide as the picture is wide and as high as it is high
    np.testing.assert_allclose(turned * [1, 1], meant, atol=0.2)


def test_a_shear_is_told() -> None:
    taken, _ = of(2, {"shear_x": 0.01 * T})
    assert taken.lost == ("shear",)

"""Where a film's moves take a point, from its text to its pixels, against what was measured in Deforum.

The table was measured with upstream's `animation.py` at 512 × 512, of the point (356, 206).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled
from torch import Tensor

from anim_compiler.compile import Compiled
from anim_runtime.arguments import arguments
from anim_runtime.ops import KERNELS, FrameContext

torch.set_num_threads(1)

Array = NDArray[np.float64]
SIZE = 512
POINT = (356.0, 206.0)
CONTEXT = FrameContext(0, SIZE, SIZE, torch.device("cpu"))
#: what pipelines move by: the frame before, and depth at 1 all over
MOVES = frozenset({"warp2d", "warp3d", "depth"})


def film(camera: str, size: int = SIZE, frames: int = 3, more: str = "") -> Compiled:
    head = f'size = {size}x{size}; fps = 10; length = {frames}f; model = "null"\nprompt {{ 0s: "a" }}\n'
    made = compiled(head + camera + more, Path("nowhere"))
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made


def warped(made: Compiled, picture: Tensor, frame: int) -> Tensor:
    """A picture carried to a frame by the film's own warps, as the plan has them."""
    assert made.plan is not None
    template = next(t for kind, t in made.plan.scenes[0].templates.items() if kind == "diffused")
    height, width = picture.shape[2:]
    context = FrameContext(frame, width, height, torch.device("cpu"))
    values: dict[int, Tensor] = {}
    last = picture
    for place, node in enumerate(template.nodes):
        if node.op == "previous":
            values[place] = picture
        elif node.op in MOVES:
            at, _ = arguments(node.args, made.columns)
            last = KERNELS[node.op]([values[i] for i in node.inputs], at(frame), context)
            values[place] = last
    return last if last.shape[1] > 1 else picture


def blob(x: float, y: float, size: int = SIZE, spread: float = 4.0) -> Tensor:
    """A Gaussian spot at px from the top left corner of the picture, as Deforum counts them."""
    axis = torch.arange(size, dtype=torch.float32)
    spot = torch.exp(-((axis[None, :] - x) ** 2 + (axis[:, None] - y) ** 2) / (2 * spread**2))
    return spot.expand(1, 3, size, size).contiguous()


def centroid(image: Tensor) -> tuple[float, float]:
    mass = image[0, 1].double()
    down, across = (torch.arange(side, dtype=torch.float64) for side in mass.shape)
    total = mass.sum()
    return float((mass * across[None, :]).sum() / total), float((mass * down[:, None]).sum() / total)


def goes_to(camera: str) -> tuple[float, float]:
    """Where the measured point is after one frame."""
    return centroid(warped(film(camera), blob(*POINT), 1))


# --- the measured points ---


@pytest.mark.parametrize(
    ("says", "wanted"),
    [
        ("translation_x = 0: (20)", (376, 206)),
        ("translation_y = 0: (20)", (356, 226)),
        ("angle = 0: (10)", (345.8, 189.4)),
        ("zoom = 0: (1.1)", (366, 201)),
        ("zoom = 0: (1.1); translation_x = 0: (20)", (388, 201)),
        ("angle = 0: (90); translation_x = 0: (20)", (206, 136)),
        ("zoom = 0: (1.1); center_x = 0; center_y = 0", (391.6, 226.6)),
        # nothing is lost under a perspective flip, unlike in Deforum, where this is (356.1, 206.2)
        ("flip_gamma = 0: (0); translation_x = 0: (20)", (376, 206)),
        # the same in film terms
        ("truck = 0: (-20)", (376, 206)),
        ("pedestal = 0: (20)", (356, 226)),
        ("roll = 0: (10)", (345.8, 189.4)),
    ],
)
def test_2d_as_measured(says: str, wanted: tuple[float, float]) -> None:
    """About the middle of the picture: Deforum turns about half a px beside it, and so counts px there."""
    made = film(f"camera 2d {{ motion = per_frame; border = black; {says} }}")
    x, y = centroid(warped(made, blob(POINT[0] - 0.5, POINT[1] - 0.5), 1))
    assert (x + 0.5, y + 0.5) == pytest.approx(wanted, abs=0.1)


DEEP = [
    ("translation_x = 0: (10)", (337.7, 206)),
    ("translation_y = 0: (10)", (356, 224.3)),
    ("translation_z = 0: (10)", (364.1, 202.0)),
    ("rotation_3d_x = 0: (3)", (355.4, 225.4)),
    ("rotation_3d_y = 0: (3)", (335.3, 207.0)),
    ("rotation_3d_z = 0: (10)", (337.2, 187.2)),
    ("translation_x = 0: (10); fov = 0: (40)", (320.8, 206)),
    ("translation_x = 0: (10); fov_schedule = 0: (120)", (348.6, 206)),
    ("translation_z = 0: (10); fov_schedule = 0: (-70)", (349.0, 209.5)),
    ("translation_z = 0: (10); near_schedule = 0: (1)", (364.13, 201.98)),
    ("translation_z = 0: (10); far_schedule = 0: (300)", (364.13, 201.98)),
    # the same in film terms
    ("truck = 0: (10)", (337.7, 206)),
    ("pedestal = 0: (10)", (356, 224.3)),
    ("dolly = 0: (10)", (364.1, 202.0)),
    ("tilt = 0: (3)", (355.4, 225.4)),
    ("pan = 0: (3)", (335.3, 207.0)),
    ("roll = 0: (10)", (337.2, 187.2)),
]


@pytest.mark.parametrize(("says", "wanted"), DEEP)
def test_3d_as_measured(says: str, wanted: tuple[float, float]) -> None:
    assert goes_to(f"camera 3d {{ motion = per_frame; border = black; {says} }}") == pytest.approx(
        wanted, abs=0.1
    )


def test_a_move_to_the_side_is_a_share_of_the_width() -> None:
    """Deforum's aspect ratio is 1 unless a film says otherwise: on a picture twice as wide as high the same
    move is twice as many px."""
    head = 'size = 512x256; fps = 10; length = 3f; model = "null"\nprompt { 0s: "a" }\n'
    made = compiled(head + "camera 3d { motion = per_frame; truck = 10; border = black }", Path("nowhere"))
    spot = blob(356, 100)[:, :, :256]
    assert centroid(warped(made, spot, 1)) == pytest.approx((337.7, 100), abs=0.1)


# --- all together, against Deforum's formulas ---


def turn(axis: int, degrees: float) -> Array:
    """`euler_angles_to_matrix` of pytorch3d, one axis."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rows = {
        0: [[1, 0, 0], [0, c, -s], [0, s, c]],
        1: [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        2: [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    return np.array(rows[axis], dtype=np.float64)


def deforums_places(shift: tuple[float, ...], angles: tuple[float, ...], fov: float, size: int) -> Array:
    """Where `transform_image_3d_new` reads each pixel, in px: float64 `[2, size, size]` (x, y); depth 1."""
    tx, ty, tz = shift
    t = np.array([-tx, ty, -tz]) / 200.0
    r = turn(0, angles[0]) @ turn(1, angles[1]) @ turn(2, angles[2])
    x, y = np.meshgrid(np.linspace(-1, 1, size), np.linspace(-1, 1, size))
    points = np.stack([x, y, np.ones_like(x)], -1)
    moved = points @ r + t
    f = 1.0 / math.tan(math.radians(fov) / 2)
    off = f * (moved[..., :2] / moved[..., 2:] - points[..., :2] / points[..., 2:])
    centre = (2 * np.arange(size) + 1) / size - 1
    grid = np.stack(np.meshgrid(centre, centre), -1) - off
    # grid_sample with align_corners=False
    places: Array = ((grid + 1) * size - 1) / 2
    return places.transpose(2, 0, 1)


def read_places(made: Compiled, frame: int, size: int) -> Array:
    """Where the film's warp reads each pixel, in px, told by a picture of two ramps."""
    ramp = (torch.arange(size, dtype=torch.float32) + 0.5) / size
    picture = torch.stack(
        [ramp.expand(size, size), ramp.view(-1, 1).expand(size, size), ramp.expand(size, size)]
    )
    found = warped(made, picture.unsqueeze(0).contiguous(), frame)[0, :2].double().numpy()
    places: Array = found * size - 0.5
    return places


@pytest.mark.parametrize(
    ("shift", "angles", "fov"),
    [
        ((3, -2, 4), (2, -3, 5), 70),
        ((-8, 5, -6), (-4, 6, -12), 40),
        ((1, 1, 9), (7, 7, 7), 100),
        ((4, 0, 2), (0, 5, 20), -70),
    ],
)
def test_turns_and_shifts_together_are_deforums(
    shift: tuple[float, ...], angles: tuple[float, ...], fov: float
) -> None:
    size = 128
    says = "; ".join(
        f"{name} = 0: ({value})"
        for name, value in (
            *((f"translation_{a}", v) for a, v in zip("xyz", shift, strict=True)),
            *((f"rotation_3d_{a}", v) for a, v in zip("xyz", angles, strict=True)),
            ("fov", fov),
        )
    )
    made = film(f"camera 3d {{ motion = per_frame; border = replicate; {says} }}", size)
    wanted = deforums_places(shift, angles, fov, size)
    found = read_places(made, 1, size)
    inside = ((wanted > 3) & (wanted < size - 4)).all(axis=0)
    assert inside.mean() > 0.3
    # 512 px have points four times as far apart
    assert np.abs(found - wanted)[:, inside].max() < 0.1


def test_frames_go_on_from_each_other_as_deforums_do() -> None:
    """Ten steps of changing increments, each a warp of the picture before, against Deforum's one by one."""
    size, frames = 256, 11
    turns = "rotation_3d_y = 0: (0.6*sin(t)); rotation_3d_z = 0: (1)"
    says = f"translation_z = 0: (2+t*0.2); {turns}; fov = 0: (60+2*t); border = black"
    made = film(f"camera 3d {{ motion = per_frame; {says} }}", size, frames)
    spot, x, y = blob(150, 110, size, 5.0), 150.0, 110.0
    for f in range(1, frames):
        spot = warped(made, spot, f)
        angles = (0.0, 0.6 * math.sin(f), 1.0)
        places = deforums_places((0, 0, 2 + f * 0.2), angles, 60 + 2 * f, size)
        x, y = _found(places, x, y)
    assert centroid(spot) == pytest.approx((x, y), abs=0.1)


def _found(places: Array, x: float, y: float) -> tuple[float, float]:
    """The pixel that reads a point: nearest whole pixel, then one step by the slope there."""
    far = (places[0] - x) ** 2 + (places[1] - y) ** 2
    row, column = np.unravel_index(int(far.argmin()), far.shape)
    slope = (
        np.array(
            [
                [places[i, row, column + 1] - places[i, row, column - 1] for i in (0, 1)],
                [places[i, row + 1, column] - places[i, row - 1, column] for i in (0, 1)],
            ]
        ).T
        / 2
    )
    step = np.linalg.solve(slope, np.array([x, y]) - places[:, row, column])
    return float(column + step[0]), float(row + step[1])


# --- what a camera does when nothing is Deforum's ---


def test_a_true_camera_is_not_deforums() -> None:
    """`splat` keeps perspective: a dolly of 10 at depth 200 magnifies by 1 / 0.95, a roll is its angle."""
    head = "camera 3d { motion = per_frame; depth_warp = splat; border = black; "
    x, y = goes_to(head + "dolly = 10 }")
    assert (x, y) == pytest.approx((255.5 + 100.5 / 0.95, 255.5 - 49.5 / 0.95), abs=0.1)
    assert goes_to(head + "roll = 10 }") == pytest.approx((345.9, 189.3), abs=0.2)


@pytest.mark.parametrize(
    "camera",
    [
        "camera 2d { zoom = 1 + 0.5 * sin(pi * t / 60) ** 2; angle = 50 * sin(pi * t / 60) ** 2; "
        "translation_x = 6 * sin(pi * t / 60) ** 2; border = black }",
        "camera 3d { dolly = 60 * sin(pi * t / 60) ** 2; pan = 8 * sin(pi * t / 60) ** 2; "
        "roll = 40 * sin(pi * t / 60) ** 2; depth_warp = splat; border = black }",
        "camera 3d { orbit = 45 * sin(pi * t / 60) ** 2; orbit_tilt = 20 * sin(pi * t / 60) ** 2; "
        "depth_warp = splat; border = black }",
    ],
)
def test_120_real_warps_there_and_back_bring_a_picture_home(camera: str) -> None:
    """There within 30 frames, back, there and back again: every spot is where it was within a px."""
    size, frames = 64, 121
    made = film(camera, size, frames)
    spots = [(24.0, 30.0), (40.0, 26.0), (33.0, 41.0)]
    pictures = [blob(x, y, size, 3.0) for x, y in spots]
    away = 0.0
    for f in range(1, frames):
        pictures = [warped(made, picture, f) for picture in pictures]
        if f == 30:
            away = max(math.dist(centroid(p), s) for p, s in zip(pictures, spots, strict=True))
    assert away > 3.0
    for picture, spot in zip(pictures, spots, strict=True):
        assert math.dist(centroid(picture), spot) < 1.0


def test_the_vertigo_leaves_a_flat_picture_as_it_is() -> None:
    """Everything is as far away as what keeps its size: flown toward and zoomed out of, it stays."""
    size, frames = 64, 49
    made = film('import "std:push"\ncamera 3d { fov = 50deg; use vertigo(distance = 60) }', size, frames)
    carried = blob(12, 40, size, 5.0)
    for f in range(1, frames):
        carried = warped(made, carried, f)
    assert centroid(carried) == pytest.approx((12, 40), abs=0.1)


@pytest.mark.parametrize("border", ["reflect", "wrap", "replicate", "black"])
@pytest.mark.parametrize("axes", [2, 3])
def test_the_edges_are_as_the_film_says(border: str, axes: int) -> None:
    """A picture that moves to the right by a quarter: what stands at the left then."""
    size = 32
    shift = "translation_x = 8" if axes == 2 else "truck = -70"
    warp = "" if axes == 2 else "depth_warp = splat; fov = 70; "
    made = film(f"camera {axes}d {{ motion = per_frame; border = {border}; {warp}{shift} }}", size)
    ramp = torch.linspace(0.1, 0.9, size).expand(1, 3, size, size).contiguous()
    moved = warped(made, ramp, 1)[0, 0, size // 2]
    by = round(8 if axes == 2 else 70 / 200 / math.tan(math.radians(35)) * 16)
    row = ramp[0, 0, 0]
    assert moved[by + 4 : 30].numpy() == pytest.approx(row[4 : 30 - by].numpy(), abs=0.02)
    wanted = {"reflect": row[2], "wrap": row[-3], "replicate": row[0], "black": torch.tensor(0.0)}[border]
    assert float(moved[by - 3]) == pytest.approx(float(wanted), abs=0.02)

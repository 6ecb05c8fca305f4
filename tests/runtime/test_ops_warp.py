"""Where warps put things, at the edges too, and what they do to detail."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext

torch.set_num_threads(1)

SIZE = 512
HALF = SIZE / 2
CONTEXT = FrameContext(frame=0, width=SIZE, height=SIZE, device=torch.device("cpu"))
#: the marked point of the measured table (refs: Deforum's warps, 512 x 512): 100 right, 50 up of centre
POINT = (100.0, -50.0)
FOCAL = 1 / math.tan(math.radians(35))
Matrix = NDArray[np.float64]


def blob(x: float, y: float, size: int = SIZE, spread: float = 4.0) -> Tensor:
    """A Gaussian spot at centred px."""
    axis = torch.arange(size, dtype=torch.float32) + 0.5 - size / 2
    spot = torch.exp(-((axis[None, :] - x) ** 2 + (axis[:, None] - y) ** 2) / (2 * spread**2))
    return spot.expand(1, 3, size, size).contiguous()


def centroid(image: Tensor) -> tuple[float, float]:
    """Centred px of the spot's weight."""
    mass = image[0, 1].double()
    axis = torch.arange(mass.shape[0], dtype=torch.float64) + 0.5 - mass.shape[0] / 2
    total = mass.sum()
    return float((mass * axis[None, :]).sum() / total), float((mass * axis[:, None]).sum() / total)


def picture(height: int, width: int, seed: int = 1) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def smooth_picture(size: int) -> Tensor:
    axis = torch.linspace(-3, 3, size)
    wave = 0.5 + 0.2 * torch.sin(2 * axis)[None, :] + 0.2 * torch.cos(3 * axis)[:, None]
    return wave.expand(1, 3, size, size).contiguous()


def padded(image: Tensor, by: int, mode: Any) -> Tensor:
    """The picture continued by numpy's `mode` on every side."""
    return torch.from_numpy(np.pad(image.numpy(), ((0, 0), (0, 0), (by, by), (by, by)), mode=mode))


def context(image: Tensor) -> FrameContext:
    return FrameContext(0, image.shape[3], image.shape[2], torch.device("cpu"))


def warp2d(image: Tensor, move: Matrix, border: str = "reflect") -> Tensor:
    return KERNELS["warp2d"]([image], {"move": move.reshape(9), "border": border}, context(image))


def warp3d(image: Tensor, depth: Tensor, move: Matrix, border: str = "reflect") -> Tensor:
    return KERNELS["warp3d"]([image, depth], {"move": move, "border": border}, context(image))


def flat(image: Tensor) -> Tensor:
    return KERNELS["depth"]([image], {"method": "flat"}, context(image))


def deforum2d(zoom: float = 1, angle: float = 0, tx: float = 0, ty: float = 0, at: float = 0) -> Matrix:
    """Translate, then zoom and turn (degrees, counter-clockwise as seen) about `at` px, both axes."""
    c, s = math.cos(math.radians(angle)) * zoom, math.sin(math.radians(angle)) * zoom
    turn = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])
    move: Matrix = shifted(at, at) @ turn @ shifted(tx - at, ty - at)
    return move


def shifted(x: float, y: float) -> Matrix:
    """A translation in px of a 512 px picture."""
    return np.array([[1, 0, x / HALF], [0, 1, y / HALF], [0, 0, 1.0]])


def move3d(
    rotation: Matrix | None = None,
    tx: float = 0,
    ty: float = 0,
    tz: float = 0,
    focal: float = FOCAL,
    zoom: float = 1.0,
) -> Matrix:
    """A move as the plan has it; translations with Deforum's signs and scale."""
    turn = np.eye(3) if rotation is None else rotation
    return np.concatenate([turn.ravel(), [-tx / 200, ty / 200, -tz / 200, focal, focal * zoom]])


def turned(axis: int, degrees: float) -> Matrix:
    """R of `X_dst = R X_src` about x, y or z with Deforum's signs."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = ((1, 2), (2, 0), (0, 1))[axis]
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = c
    matrix[a, b], matrix[b, a] = s, -s
    return matrix


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (deforum2d(tx=20), (376, 206)),
        (deforum2d(ty=20), (356, 226)),
        (deforum2d(angle=10), (345.8, 189.4)),
        (deforum2d(zoom=1.1), (366, 201)),
        (deforum2d(zoom=1.1, tx=20), (388, 201)),
        (deforum2d(angle=90, tx=20), (206, 136)),
        (deforum2d(zoom=1.1, at=-256), (391.6, 226.6)),
    ],
)
def test_2d_moves_a_point_where_deforum_does(move: Matrix, expected: tuple[float, float]) -> None:
    found = centroid(warp2d(blob(*POINT), move, "black"))
    assert found == pytest.approx((expected[0] - HALF, expected[1] - HALF), abs=0.1)


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (move3d(tx=10), (337.7, 206)),
        (move3d(ty=10), (356, 224.3)),
        (move3d(tx=10, focal=1 / math.tan(math.radians(20))), (320.8, 206)),
        (move3d(tx=10, focal=1 / math.tan(math.radians(60))), (348.6, 206)),
        (move3d(turned(0, 3)), (355.4, 225.4)),
    ],
)
def test_3d_moves_a_point_where_deforum_does(move: Matrix, expected: tuple[float, float]) -> None:
    image = blob(*POINT)
    found = centroid(warp3d(image, flat(image), move, "black"))
    assert found == pytest.approx((expected[0] - HALF, expected[1] - HALF), abs=0.1)


@pytest.mark.parametrize(
    ("move", "deforum", "gap"),
    [
        (move3d(turned(1, 3)), (335.3, 207.0), 0.7),
        (move3d(tz=10), (364.1, 202.0), 3.5),
        (move3d(turned(2, 10)), (337.2, 187.2), 9.5),
    ],
)
def test_3d_keeps_perspective_where_deforum_scales_its_offsets(
    move: Matrix, deforum: tuple[float, float], gap: float
) -> None:
    """Deforum adds offsets of focal·X/Z to coordinates without the focal: it turns 10 degrees by 13.7."""
    image = blob(*POINT)
    found = centroid(warp3d(image, flat(image), move, "black"))
    assert found == pytest.approx(projected(POINT, move), abs=0.1)
    assert math.dist(found, (deforum[0] - HALF, deforum[1] - HALF)) < gap


def projected(point: tuple[float, float], move: Matrix, z: float = 1.0) -> tuple[float, float]:
    """The pinhole formula of the op table, written out, in px."""
    source = np.array([point[0] / HALF / move[12] * z, point[1] / HALF / move[12] * z, z])
    x, y, ahead = move[:9].reshape(3, 3) @ source + move[9:12]
    return x / ahead * move[13] * HALF, y / ahead * move[13] * HALF


def test_3d_zoom_is_the_lens() -> None:
    image = blob(*POINT)
    found = centroid(warp3d(image, flat(image), move3d(zoom=1.2), "black"))
    assert found == pytest.approx((120, -60), abs=0.1)


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_no_move_is_the_same_picture_bit_for_bit(factor: float) -> None:
    image = picture(40, 64)
    assert torch.equal(warp2d(image, np.eye(3) * factor), image)
    assert torch.equal(warp3d(image, flat(image), move3d()), image)


def test_almost_no_move_is_almost_the_same_picture() -> None:
    image = picture(40, 64)
    near = np.eye(3)
    near[0, 2] = 1e-9
    assert (warp2d(image, near) - image).abs().max() < 1e-4


def test_two_moves_are_like_one() -> None:
    image = smooth_picture(128)
    first, second = deforum2d(1.05, 4, 10, -7), deforum2d(0.97, -9, -12, 3)
    twice = warp2d(warp2d(image, first), second)
    once = warp2d(image, second @ first)
    middle = slice(24, -24)
    assert (twice - once)[..., middle, middle].abs().max() < 2e-3


@pytest.mark.parametrize("scale", [-1.0, 4.0])
def test_a_homography_may_have_any_factor(scale: float) -> None:
    image = picture(40, 64)
    move = deforum2d(1.1, 5, 30, 0)
    assert torch.equal(warp2d(image, move * scale), warp2d(image, move))


@pytest.mark.parametrize(
    ("border", "mode"),
    [("reflect", "symmetric"), ("wrap", "wrap"), ("replicate", "edge"), ("black", "constant")],
)
@pytest.mark.parametrize("shift", [(5, 0), (-7, 3), (0, -11)])
def test_borders_continue_the_picture_exactly(border: str, mode: str, shift: tuple[int, int]) -> None:
    height, width = 24, 32
    image = picture(height, width)
    move = np.eye(3)
    move[:2, 2] = shift[0] / (height / 2), shift[1] / (height / 2)
    continued = padded(image, 16, mode)[0].numpy()
    rows, columns = slice(16 - shift[1], 16 - shift[1] + height), slice(16 - shift[0], 16 - shift[0] + width)
    np.testing.assert_allclose(warp2d(image, move, border)[0], continued[:, rows, columns], atol=2e-4)


@pytest.mark.parametrize("border", ["reflect", "wrap", "replicate", "black"])
def test_borders_hold_between_pixels_and_far_out(border: str) -> None:
    """A move is read the same from a picture that was continued by hand before."""
    height = width = 16
    image = picture(height, width)
    mode = {"reflect": "symmetric", "wrap": "wrap", "replicate": "edge", "black": "constant"}[border]
    pad = 48
    large = padded(image, pad, mode)
    move = np.array([[0.6, 0.1, 0.3], [-0.1, 0.55, -0.2], [0, 0, 1]])
    scale = np.diag([height / (height + 2 * pad), height / (height + 2 * pad), 1.0])
    inner = warp2d(large, scale @ move @ np.linalg.inv(scale), "black")[..., pad:-pad, pad:-pad]
    np.testing.assert_allclose(warp2d(image, move, border), inner, atol=2e-4)


def test_what_lies_behind_the_camera_gives_pixels() -> None:
    image = picture(24, 32)
    for rotation in (turned(1, 80), turned(1, 179), turned(0, -120)):
        seen = warp3d(image, flat(image), move3d(rotation))
        assert torch.isfinite(seen).all()
        assert 0 <= seen.min() <= seen.max() <= 1


def test_flat_depth_is_the_homography_whatever_its_form() -> None:
    image = smooth_picture(96)
    move = move3d(turned(1, 6) @ turned(0, -4), 8, -5, 12)
    solid = torch.ones(1, 1, 96, 96)
    through = move[:9].reshape(3, 3).copy()
    through[:, 2] += move[9:12]
    homography = np.diag([FOCAL, FOCAL, 1]) @ through @ np.diag([1 / FOCAL, 1 / FOCAL, 1])
    expected = warp2d(image, homography)
    assert (warp3d(image, flat(image), move) - expected).abs().max() < 1e-4
    assert (warp3d(image, solid, move) - expected).abs().max() < 1e-4


@pytest.mark.parametrize("z", [1.0, 1.5, 2.0])
def test_what_is_far_moves_less(z: float) -> None:
    image = blob(*POINT)
    depth = torch.full((1, 1, SIZE, SIZE), z)
    found = centroid(warp3d(image, depth, move3d(tx=10), "black"))
    assert found == pytest.approx((100 - 18.28 / z, -50), abs=0.1)


def test_depth_is_read_at_the_source() -> None:
    """On a slope the pixel that moves to a place is the one whose own depth brings it there."""
    image = blob(*POINT)
    columns = torch.linspace(1.2, 1.8, SIZE)
    depth = columns.expand(1, 1, SIZE, SIZE).contiguous()
    z = 1.2 + 0.6 * (POINT[0] + HALF - 0.5) / (SIZE - 1)
    move = move3d(turned(1, -2), tx=20, tz=10)
    found = centroid(warp3d(image, depth, move, "black"))
    assert found == pytest.approx(projected(POINT, move, z), abs=0.15)


def test_a_hundred_half_pixel_steps_do_not_ring() -> None:
    """The sharpest detail may fade but never grow: its gain must stay at or below 1."""
    image = 0.5 + 0.1 * (picture(32, 32) - 0.5)
    spread = float(image.std())
    step = np.eye(3)
    for number in range(100):
        step[0, 2] = step[1, 2] = (0.5 if number % 2 else -0.5) / 16
        image = warp2d(image, step, "wrap")
    assert float(image.std()) <= spread
    assert float(image.mean()) == pytest.approx(0.5, abs=0.01)


def test_a_straight_ramp_stays_straight() -> None:
    ramp = torch.linspace(0.2, 0.8, 64).expand(1, 3, 64, 64).contiguous()
    step = np.eye(3)
    step[0, 2] = 0.3 / 32
    moved = warp2d(ramp, step, "replicate")[..., 8:-8]
    expected = (ramp - 0.3 * 0.6 / 63)[..., 8:-8]
    assert (moved - expected).abs().max() < 1e-5


def test_values_stay_pictures() -> None:
    image = (picture(32, 32) > 0.5).float()
    moved = warp2d(image, deforum2d(1.3, 20))
    assert moved.min() >= 0
    assert moved.max() <= 1


def test_unknown_borders_and_shapes_are_refused() -> None:
    image = picture(8, 8)
    with pytest.raises(ValueError, match="border"):
        warp2d(image, deforum2d(1.1), "mirror")
    with pytest.raises(ValueError, match="shape"):
        KERNELS["warp2d"]([image], {"move": np.zeros(8), "border": "wrap"}, context(image))

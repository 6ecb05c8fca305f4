"""Pixels pushed by their depth, beside what a camera would really see: a near square before a far wall."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext

torch.set_num_threads(1)

HEIGHT, WIDTH = 96, 128
FOCAL = 1 / math.tan(math.radians(35))
NEAR, FAR = 1.0, 2.0
#: half a side of the square
SIDE = 0.25
Matrix = NDArray[np.float64]
Shift = tuple[float, float, float]
STRAIGHT = np.eye(3)


def turned(axis: int, degrees: float) -> Matrix:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = ((1, 2), (2, 0), (0, 1))[axis]
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = c
    matrix[a, b], matrix[b, a] = s, -s
    return matrix


def wall(x: Tensor, y: Tensor) -> Tensor:
    """Dark waves."""
    waves = (torch.sin(9 * x + 1) * torch.cos(7 * y), torch.sin(13 * y - 1), torch.cos(11 * (x + y) + 2))
    return 0.25 + 0.2 * torch.stack(waves)


def square(x: Tensor, y: Tensor) -> Tensor:
    """Light waves."""
    return 0.8 + 0.15 * torch.stack((torch.sin(9 * x), torch.cos(8 * y), torch.sin(7 * (x + y))))


def seen(rotation: Matrix, shift: Shift, fine: int = 4) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What the camera sees after a move: picture, depth before the move, and the crossed places of the wall.

    Picture `[1,3,H,W]`, the mean of `fine` x `fine` rays; depth `[1,1,H,W]`; where each pixel's ray meets the
    wall, x and y `[H,W]`, infinite where the square is before it.
    """
    height, width = HEIGHT * fine, WIDTH * fine
    v, u = torch.meshgrid(
        (torch.arange(height, dtype=torch.float64) + 0.5 - height / 2) / (height / 2),
        (torch.arange(width, dtype=torch.float64) + 0.5 - width / 2) / (height / 2),
        indexing="ij",
    )
    back = torch.from_numpy(rotation.T.copy())
    origin = -back @ torch.tensor(shift, dtype=torch.float64)
    rays = torch.einsum("ij,jhw->ihw", back, torch.stack((u / FOCAL, v / FOCAL, torch.ones_like(u))))

    def at(z: float) -> tuple[Tensor, Tensor]:
        length = (z - origin[2]) / rays[2]
        return origin[0] + length * rays[0], origin[1] + length * rays[1]

    near, far = at(NEAR), at(FAR)
    is_near = (near[0].abs() < SIDE) & (near[1].abs() < SIDE)
    picture = torch.where(is_near, square(*near), wall(*far))
    depth = torch.where(is_near, NEAR, FAR)[fine // 2 :: fine, fine // 2 :: fine]
    hidden = is_near[fine // 2 :: fine, fine // 2 :: fine]
    x, y = (torch.where(hidden, torch.inf, t[fine // 2 :: fine, fine // 2 :: fine]) for t in far)
    return (
        functional.avg_pool2d(picture.unsqueeze(0), fine).float(),
        depth.float().view(1, 1, HEIGHT, WIDTH),
        x,
        y,
    )


def move3d(rotation: Matrix, shift: Shift) -> Matrix:
    return np.concatenate([rotation.ravel(), shift, [FOCAL, FOCAL]])


def run(
    op: str, image: Tensor, depth: Tensor, move: Matrix, way: str = "splat", border: str = "reflect"
) -> Tensor:
    frame = FrameContext(0, image.shape[3], image.shape[2], image.device)
    return KERNELS[op]([image, depth], {"move": move, "border": border, "way": way}, frame)


def decibels(one: Tensor, two: Tensor, where: Tensor) -> float:
    return -10 * math.log10(float(((one - two) ** 2)[..., where].mean()))


def newly_seen(rotation: Matrix, shift: Shift) -> tuple[Tensor, Tensor]:
    """Which pixels show of the wall what the square hid, and which what was beyond the picture: `[H,W]`."""
    _, _, x, y = seen(rotation, shift)
    u, v = FOCAL * x / FAR, FOCAL * y / FAR
    beyond = (u.abs() > WIDTH / HEIGHT) | (v.abs() > 1)
    shadow = (u.abs() < FOCAL * SIDE / NEAR) & (v.abs() < FOCAL * SIDE / NEAR)
    is_wall = torch.isfinite(x)
    return shadow & is_wall, beyond & is_wall


MOVES = [
    (STRAIGHT, (-0.1, 0.03, 0.0)),
    (STRAIGHT, (0.0, 0.0, -0.3)),
    (STRAIGHT, (0.0, 0.0, 0.3)),
    (turned(1, 6) @ turned(2, 10), (0.12, 0.0, -0.1)),
]


@pytest.mark.parametrize(("rotation", "shift"), MOVES)
def test_it_is_what_a_camera_sees(rotation: Matrix, shift: Shift) -> None:
    image, depth, _, _ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    truth, *_ = seen(rotation, shift)
    move = move3d(rotation, shift)
    covered = run("uncovered3d", image, depth, move)[0, 0] < 0.01
    pushed, looked_up = (run("warp3d", image, depth, move, way) for way in ("splat", "backward"))
    assert decibels(pushed, truth, covered) > 28
    assert decibels(pushed, truth, covered) > decibels(looked_up, truth, covered) + 6


@pytest.mark.parametrize(("rotation", "shift"), MOVES)
def test_the_mask_is_what_the_square_hid(rotation: Matrix, shift: Shift) -> None:
    image, depth, _, _ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    mask = run("uncovered3d", image, depth, move3d(rotation, shift))[0, 0] > 0.5
    hidden, beyond = newly_seen(rotation, shift)
    wanted = hidden | beyond
    if not wanted.any():
        assert not mask.any()
        return
    # the mask is a pixel wider at the far side of a hole
    around = functional.max_pool2d(wanted.float()[None, None], 5, 1, 2)[0, 0] > 0
    assert not (mask & ~around).any()
    assert float((mask & wanted).sum() / (mask | wanted).sum()) > 0.75


def test_holes_are_filled_from_the_far_side() -> None:
    """With nothing of the square's light, nor of its soft edge."""
    image, depth, _, _ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    shift = (-0.1, 0.03, 0.0)
    truth, *_ = seen(STRAIGHT, shift)
    made = run("warp3d", image, depth, move3d(STRAIGHT, shift))
    hidden, _ = newly_seen(STRAIGHT, shift)
    assert hidden.sum() > 100
    assert decibels(made, truth, hidden) > 14
    # the wall is never as light as the square
    inner = -functional.max_pool2d(-hidden.float()[None, None], 3, 1, 1)[0, 0] > 0
    assert float(made[..., inner].max()) < 0.55


def test_the_nearest_wins_wherever_it_comes_from() -> None:
    """Two things that cross: the far one never shows through, whichever is written first."""
    image = torch.zeros(1, 3, 32, 64)
    image[:, 0, :, :32], image[:, 1, :, 32:] = 1.0, 1.0
    for near_side, way in ((slice(0, 32), 0.4), (slice(32, 64), -0.4)):
        depth = torch.full((1, 1, 32, 64), 2.0)
        depth[..., near_side] = 1.0
        near, far = (0, 1) if near_side.start == 0 else (1, 0)
        made = run("warp3d", image, depth, move3d(STRAIGHT, (way, 0.0, 0.0)))
        moved = way * FOCAL * 16
        edge = 32 + moved
        inside = slice(34, int(edge) - 2) if way > 0 else slice(int(edge) + 2, 30)
        assert float(made[0, near, :, inside].min()) > 0.99
        assert float(made[0, far, :, inside].max()) < 0.01


def test_a_surface_that_is_stretched_has_no_cracks() -> None:
    rows = torch.linspace(1.0, 2.0, HEIGHT).view(1, 1, HEIGHT, 1)
    image = torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(1))
    for depth in (rows.expand(1, 1, HEIGHT, WIDTH), (3 - rows).expand(1, 1, HEIGHT, WIDTH)):
        for rotation, shift in ((STRAIGHT, (0.0, 0.0, -0.6)), (turned(2, 37), (0.2, 0.1, -0.5))):
            mask = run("uncovered3d", image, depth.contiguous(), move3d(rotation, shift))
            middle = mask[..., HEIGHT // 4 : -HEIGHT // 4, WIDTH // 3 : -WIDTH // 3]
            assert not middle.any()


def test_a_flat_map_is_the_homography() -> None:
    image, *_ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    move = move3d(turned(1, 4) @ turned(2, 5), (0.05, -0.02, -0.1))
    solid, flat = torch.full((1, 1, HEIGHT, WIDTH), 1.5), torch.full((1, 1, 1, 1), 1.5)
    one = run("warp3d", image, solid, move)
    two = run("warp3d", image, flat.expand(1, 1, HEIGHT, WIDTH), move)
    inner = slice(12, -12)
    assert (one - two)[..., inner, inner].abs().max() < 1e-5


def test_no_move_is_the_same_picture() -> None:
    image, depth, _, _ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    move = move3d(STRAIGHT, (0.0, 0.0, 0.0))
    assert run("warp3d", image, depth, move) is image
    assert not run("uncovered3d", image, depth, move).any()


def test_almost_no_move_is_almost_the_same_picture() -> None:
    image, depth, _, _ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    move = move3d(STRAIGHT, (1e-7, 0.0, 1e-7))
    assert (run("warp3d", image, depth, move) - image).abs().max() < 1e-4
    assert run("uncovered3d", image, depth, move).max() < 1e-3


@pytest.mark.parametrize("border", ["reflect", "wrap", "replicate", "black"])
def test_beyond_the_picture_the_border_goes_on(border: str) -> None:
    image, _, _, _ = seen(STRAIGHT, (0.0, 0.0, 0.0))
    move = move3d(STRAIGHT, (0.3, 0.0, 0.0))
    solid, flat = torch.full((1, 1, HEIGHT, WIDTH), 1.0), torch.full((1, 1, 1, 1), 1.0)
    one = run("warp3d", image, solid, move, border=border)
    two = run("warp3d", image, flat.expand(1, 1, HEIGHT, WIDTH), move, border=border)
    assert (one - two).abs().max() < 1e-5


def test_a_large_picture_takes_little_memory() -> None:
    """No more than some planes of what comes in, besides what comes out."""
    import tracemalloc

    side = 1024
    image = torch.rand(1, 3, side, side)
    depth = 1 + torch.rand(1, 1, side, side)
    run("warp3d", image[..., :64, :64], depth[..., :64, :64], move3d(STRAIGHT, (0.1, 0.0, 0.0)))
    tracemalloc.start()
    run("warp3d", image, depth, move3d(STRAIGHT, (0.1, 0.0, 0.0)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # numpy's own arrays: eight planes of float32 and some rows
    assert most < 14 * 4 * side * side

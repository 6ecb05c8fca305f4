"""Feedback through many warps: pictures come home, keep their detail, and never ring up."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument

torch.set_num_threads(1)

SIZE = 96
FRAMES = 120
FOCAL = 1 / math.tan(math.radians(35))
CONTEXT = FrameContext(0, SIZE, SIZE, torch.device("cpu"))
Matrix = NDArray[np.float64]


def board() -> Tensor:
    """A checkerboard of 16 px with soft edges, dark outside its middle so that no border comes in."""
    axis = torch.arange(SIZE) + 0.5 - SIZE / 2
    waves = torch.sin(math.pi * axis / 16)
    image = 0.5 + 0.5 * torch.tanh(3 * waves.view(-1, 1) * waves)
    return image.expand(1, 3, SIZE, SIZE).contiguous()


def offset(one: Tensor, two: Tensor) -> tuple[float, float]:
    """How far the middle of one picture lies from the other's, in px: by the gradient (Lucas and Kanade)."""
    inner = slice(SIZE // 4, -SIZE // 4)
    a, b = one[0, 1, inner, inner].double(), two[0, 1, inner, inner].double()
    dy, dx = torch.gradient((a + b) / 2)
    system = torch.tensor([[(dx * dx).sum(), (dx * dy).sum()], [(dx * dy).sum(), (dy * dy).sum()]])
    change = torch.stack(((dx * (a - b)).sum(), (dy * (a - b)).sum()))
    x, y = torch.linalg.solve(system, change).tolist()
    return x, y


def pose2d(frame: int) -> Matrix:
    """A zoom, a turn and a shift that come back to nothing at the end."""
    phase = math.sin(math.pi * frame / FRAMES)
    zoom, angle, shift = 1 + 0.2 * phase, math.radians(20 * phase), 0.1 * phase
    c, s = zoom * math.cos(angle), zoom * math.sin(angle)
    return np.array([[c, s, shift], [-s, c, -shift], [0, 0, 1.0]])


def pose3d(frame: int) -> tuple[Matrix, Matrix]:
    """A pan, a roll and a dolly: rotation and shift, world to camera."""
    phase = math.sin(math.pi * frame / FRAMES)
    pan, roll = math.radians(6 * phase), math.radians(10 * phase)
    about_y = np.array([[math.cos(pan), 0, -math.sin(pan)], [0, 1, 0], [math.sin(pan), 0, math.cos(pan)]])
    about_z = np.array([[math.cos(roll), math.sin(roll), 0], [-math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    return about_z @ about_y, np.array([0.05 * phase, 0.0, -0.15 * phase])


def test_a_board_flown_about_in_2d_comes_home() -> None:
    image = board()
    flown = image
    for frame in range(1, FRAMES + 1):
        move = pose2d(frame) @ np.linalg.inv(pose2d(frame - 1))
        flown = KERNELS["warp2d"]([flown], {"move": move.ravel(), "border": "reflect"}, CONTEXT)
    assert math.hypot(*offset(flown, image)) < 0.05
    inner = slice(SIZE // 4, -SIZE // 4)
    assert (flown - image)[..., inner, inner].abs().mean() < 0.02


@pytest.mark.parametrize("is_flat", [True, False])
def test_a_board_flown_about_in_3d_comes_home(is_flat: bool) -> None:
    """Through the homography, and pushed pixel by pixel; the plane stays at z = 1 of the first camera."""
    image = board()
    flown = image
    flat = torch.ones(1, 1, 1, 1).expand(1, 1, SIZE, SIZE)
    for frame in range(1, FRAMES + 1):
        # there and back: the same plane is seen, so that what is left over is the warp's own
        (r0, t0), (r1, t1) = pose3d(frame - 1), pose3d(frame)
        turn = r1 @ r0.T
        move = np.concatenate([turn.ravel(), t1 - turn @ t0, [FOCAL, FOCAL]])
        depth = flat if is_flat else seen_depth(r0, t0)
        flown = KERNELS["warp3d"](
            [flown, depth], {"move": move, "border": "reflect", "way": "splat"}, CONTEXT
        )
    limit = 1.0
    assert math.hypot(*offset(flown, image)) < limit


def seen_depth(rotation: Matrix, shift: Matrix) -> Tensor:
    """z of the plane z = 1 of the world, as a camera sees it: float32 `[1,1,H,W]`."""
    axis = (torch.arange(SIZE, dtype=torch.float64) + 0.5 - SIZE / 2) / (SIZE / 2) / FOCAL
    v, u = torch.meshgrid(axis, axis, indexing="ij")
    ahead = torch.from_numpy(rotation.T.copy())[2]
    origin = float((-rotation.T @ shift)[2])
    return ((1 - origin) / (ahead[0] * u + ahead[1] * v + ahead[2])).float().view(1, 1, SIZE, SIZE)


def test_a_hundred_tiny_moves_keep_detail() -> None:
    """Waves of 6 px keep half of their height; nothing grows."""
    wave = 0.5 + 0.3 * torch.sin(2 * math.pi * torch.arange(SIZE) / 6)
    image = wave.expand(1, 3, SIZE, SIZE).contiguous()
    flown = image
    for step in range(100):
        move = np.eye(3)
        move[0, 2] = (0.3 if step % 2 else -0.3) / (SIZE / 2)
        flown = KERNELS["warp2d"]([flown], {"move": move.ravel(), "border": "wrap"}, CONTEXT)
    kept = float(flown.std() / image.std())
    # a wave of 6 px loses 1.4 parts in a thousand a read of 0.3 px: Catmull-Rom's own answer there
    assert kept == pytest.approx(gain(2 * math.pi / 6, 0.3) ** 100, abs=0.01)
    assert kept < 1
    assert float(flown.mean()) == pytest.approx(0.5, abs=1e-3)


def gain(frequency: float, s: float) -> float:
    """What a Catmull-Rom read at s px between pixels leaves of a wave."""
    t = 1 - s
    weights = (-0.5 * s * t * t, t * (1 + s - 1.5 * s * s), s * (1 + t - 1.5 * t * t), -0.5 * s * s * t)
    waves = np.exp(1j * frequency * np.array((-1, 0, 1, 2)))
    return float(np.abs(np.dot(weights, waves)))


def test_the_finest_detail_never_grows_when_it_is_pushed() -> None:
    noise = torch.rand(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1))
    image = 0.5 + 0.1 * (noise - 0.5)
    depth = 1 + 0.5 * torch.linspace(0, 1, SIZE).expand(1, 1, SIZE, SIZE)
    flown = image
    for step in range(60):
        shift = 0.01 if step % 2 else -0.01
        move = np.concatenate([np.eye(3).ravel(), [shift, 0, shift, FOCAL, FOCAL]])
        args: dict[str, Argument] = {"move": move, "border": "wrap", "way": "splat"}
        flown = KERNELS["warp3d"]([flown, depth.contiguous()], args, CONTEXT)
    inner = slice(16, -16)
    assert float(flown[..., inner, inner].std()) < float(image.std())
    assert float(flown.mean()) == pytest.approx(0.5, abs=0.01)

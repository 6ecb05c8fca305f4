"""What a camera move uncovers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext

torch.set_num_threads(1)

HEIGHT, WIDTH = 48, 64
IMAGE = torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(1))
CONTEXT = FrameContext(0, WIDTH, HEIGHT, torch.device("cpu"))
STILL = np.concatenate([np.eye(3).reshape(9), [0.0, 0.0, 0.0, 2.0, 2.0]])


def flat_move(scale: float = 1.0, x: float = 0.0, angle: float = 0.0) -> NDArray[np.float64]:
    """A homography with a shift of `x` px."""
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    return np.array((cosine, -sine, x / (HEIGHT / 2), sine, cosine, 0.0, 0.0, 0.0, 1.0))


def uncovered2d(move: NDArray[np.float64]) -> Tensor:
    mask = KERNELS["uncovered2d"]([IMAGE], {"move": move}, CONTEXT)
    assert mask.shape == (1, 1, HEIGHT, WIDTH)
    return mask[0, 0]


def shifted(x: float) -> NDArray[np.float64]:
    move = STILL.copy()
    move[9] = x
    return move


def uncovered3d(depth: Tensor, move: NDArray[np.float64]) -> Tensor:
    return KERNELS["uncovered3d"]([IMAGE, depth], {"move": move}, CONTEXT)[0, 0]


def disc() -> Tensor:
    """A near disc of 12 px before a far wall."""
    rows, columns = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    near = (rows - 23.5) ** 2 + (columns - 31.5) ** 2 < 144
    return torch.where(near, 1.0, 2.0).view(1, 1, HEIGHT, WIDTH)


def test_no_move_uncovers_nothing() -> None:
    assert not uncovered2d(flat_move()).any()
    assert not uncovered3d(disc(), STILL).any()


@pytest.mark.parametrize(("x", "share"), [(5.0, [1, 1, 1, 1, 1, 0, 0]), (2.5, [1, 1, 0.5, 0, 0, 0, 0])])
def test_a_shift_uncovers_what_it_leaves(x: float, share: list[float]) -> None:
    mask = uncovered2d(flat_move(x=x))
    assert mask[20, :7].tolist() == pytest.approx(share, abs=1e-4)
    assert torch.allclose(mask, mask[:1].expand_as(mask), atol=1e-4)


def test_half_the_size_uncovers_three_quarters() -> None:
    assert float(uncovered2d(flat_move(0.5)).mean()) == pytest.approx(0.75, abs=1e-4)


@pytest.mark.parametrize("scale", [0.3, 0.5, 0.8])
def test_a_turned_picture_covers_its_area(scale: float) -> None:
    assert float(1 - uncovered2d(flat_move(scale, angle=0.3)).mean()) == pytest.approx(scale**2, abs=0.01)


def test_its_edge_is_one_px_wide_at_any_zoom() -> None:
    for scale in (0.1, 0.4):
        row = uncovered2d(flat_move(scale, angle=0.0))[HEIGHT // 2]
        assert int(((row > 0.01) & (row < 0.99)).sum()) <= 2


def test_black_borders_are_where_it_is_white() -> None:
    move = flat_move(0.7, x=4.0, angle=0.2)
    moved = KERNELS["warp2d"]([torch.ones(1, 3, HEIGHT, WIDTH)], {"move": move, "border": "black"}, CONTEXT)
    assert (moved[0, 0] - (1 - uncovered2d(move))).abs().mean() < 0.01


def test_zooming_in_uncovers_nothing() -> None:
    assert not uncovered2d(flat_move(1.3)).any()


def test_what_was_behind_a_near_thing_is_uncovered() -> None:
    """The wall moves by x·f/z·H/2 = 4.8 px, the disc by 9.6: a crescent as wide as the difference opens."""
    mask = uncovered3d(disc(), shifted(0.2))
    assert mask[0, :4].tolist() == [1.0] * 4
    assert float(mask[0, 6:].max()) == 0.0
    # the disc began at 20: the wall goes on from there to 24.8, the disc to 29.6
    assert mask[24, 8:24].tolist() == [0.0] * 16
    assert mask[24, 25:29].tolist() == [1.0] * 4
    assert mask[24, 30:].tolist() == [0.0] * 34


def test_a_plain_depth_uncovers_what_the_homography_does() -> None:
    far = torch.full((1, 1, HEIGHT, WIDTH), 2.0)
    flat = torch.full((1, 1, 1, 1), 2.0).expand(1, 1, HEIGHT, WIDTH)
    mask = uncovered3d(far, shifted(0.2))
    assert torch.allclose(mask, uncovered3d(flat, shifted(0.2)), atol=1e-4)
    assert torch.allclose(mask, uncovered2d(flat_move(x=4.8)), atol=1e-3)


def test_a_slope_that_the_warp_follows_is_not_uncovered() -> None:
    slope = torch.linspace(1.2, 1.8, WIDTH).expand(1, 1, HEIGHT, WIDTH).contiguous()
    assert float(uncovered3d(slope, shifted(0.1))[:, 8:].max()) < 1e-5


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (1, 5)])
def test_tiny_pictures(shape: tuple[int, int]) -> None:
    image, depth = torch.rand(1, 3, *shape), 1 + torch.rand(1, 1, *shape)
    context = FrameContext(0, shape[1], shape[0], torch.device("cpu"))
    for op, inputs, move in (
        ("uncovered2d", [image], flat_move(0.5)),
        ("uncovered3d", [image, depth], shifted(0.3)),
    ):
        mask = KERNELS[op](inputs, {"move": move}, context)
        assert mask.shape == (1, 1, *shape)
        assert torch.isfinite(mask).all()

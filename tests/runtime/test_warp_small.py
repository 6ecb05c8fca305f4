"""Pictures made smaller do not alias; pictures that hardly change size are not blurred."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.resample import resample

torch.set_num_threads(1)

SIZE = 120


def run(op: str, inputs: list[Tensor], **args: object) -> Tensor:
    frame = FrameContext(0, inputs[0].shape[3], inputs[0].shape[2], inputs[0].device)
    return KERNELS[op](inputs, {"border": "wrap", **args}, frame)  # type: ignore[dict-item]


def zoomed(image: Tensor, scale: float) -> Tensor:
    return run("warp2d", [image], move=np.diag([scale, scale, 1.0]).ravel())


def plain(image: Tensor, scale: float) -> Tensor:
    """One read a pixel."""
    places = (torch.arange(SIZE, dtype=torch.float64) + 0.5 - SIZE / 2) / scale + SIZE / 2 - 0.5
    return resample(image, places.expand(SIZE, SIZE), places.view(-1, 1).expand(SIZE, SIZE), "wrap").clamp(
        0, 1
    )


def overlap(scale: float) -> NDArray[np.float64]:
    """How much of each source pixel of the repeated picture lies in each smaller one: `[SIZE,SIZE]`."""
    shares = np.zeros((SIZE, SIZE))
    for to in range(SIZE):
        first, last = ((to + side - SIZE / 2) / scale + SIZE / 2 for side in (0, 1))
        for source in range(math.floor(first), math.ceil(last)):
            shares[to, source % SIZE] += min(last, source + 1) - max(first, source)
    return shares * scale


def truth(image: Tensor, scale: float) -> Tensor:
    """The mean over what each smaller pixel covers, exactly."""
    shares = torch.from_numpy(overlap(scale)).float()
    return shares @ image @ shares.T


def zone_plate() -> Tensor:
    axis = (torch.arange(SIZE) - SIZE / 2) / SIZE
    rings = 0.5 + 0.5 * torch.cos(math.pi * SIZE * (axis.view(-1, 1) ** 2 + axis**2))
    return rings.expand(1, 3, SIZE, SIZE).contiguous()


def checkerboard() -> Tensor:
    axis = torch.arange(SIZE)
    return ((axis.view(-1, 1) + axis) % 2).float().expand(1, 3, SIZE, SIZE).contiguous()


def decibels(one: Tensor, two: Tensor) -> float:
    return -10 * math.log10(float(((one - two) ** 2).mean()))


@pytest.mark.parametrize("scale", [0.6, 0.45, 0.3, 0.2])
@pytest.mark.parametrize("image", [zone_plate(), checkerboard()], ids=["rings", "checks"])
def test_what_is_made_smaller_is_the_mean(image: Tensor, scale: float) -> None:
    made, wanted = zoomed(image, scale), truth(image, scale)
    assert decibels(made, wanted) > decibels(plain(image, scale), wanted) + 5
    assert decibels(made, wanted) > 24


def test_detail_that_cannot_be_shown_leaves_no_pattern() -> None:
    """A board of single pixels comes to an even grey."""
    assert float(zoomed(checkerboard(), 0.3).std()) < 0.06
    assert float(plain(checkerboard(), 0.3).std()) > 0.15


@pytest.mark.parametrize("scale", [0.8, 0.9, 0.99, 1.1])
def test_what_hardly_changes_size_is_read_as_ever(scale: float) -> None:
    image = torch.rand(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1))
    assert (zoomed(image, scale) - plain(image, scale)).abs().max() < 1e-5


def test_a_plane_that_leans_back_is_averaged_where_it_is_far() -> None:
    """Sharp in front, grey behind: each pixel by its own scale."""
    lean = np.array(((1.0, 0, 0), (0, 1.0, 0), (0, -0.9, 1.0)))
    made = run("warp2d", [checkerboard()], move=np.linalg.inv(lean).ravel() * 1.0)
    rows = made[0, 0].std(dim=1)
    far, near = sorted((float(rows[:20].mean()), float(rows[-20:].mean())))
    assert far < 0.05
    assert near > 0.15


@pytest.mark.parametrize("flat", [True, False])
def test_a_camera_that_draws_back_does_not_alias(flat: bool) -> None:
    focal = 1 / math.tan(math.radians(35))
    move = np.concatenate([np.eye(3).ravel(), [0, 0, 2.0, focal, focal]])
    depth = torch.ones(1, 1, 1, 1).expand(1, 1, SIZE, SIZE)
    made = run("warp3d", [checkerboard(), depth if flat else depth.contiguous()], move=move, way="splat")
    assert float(made.std()) < 0.06


def test_a_shrunken_speck_keeps_its_light() -> None:
    image = torch.zeros(1, 3, SIZE, SIZE)
    image[..., 50:52, 70:72] = 1.0
    made = zoomed(image, 0.25)
    assert float(made.sum()) == pytest.approx(16 * float(image.sum()) / 16, rel=0.1)


def test_even_a_pin_head_takes_no_more_than_its_samples() -> None:
    image = zone_plate()
    made = zoomed(image, 1e-4)
    assert torch.isfinite(made).all()
    assert 0 <= made.min() <= made.max() <= 1

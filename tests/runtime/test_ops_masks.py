"""Masks, and pictures put together through them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.channels import as_image, as_mask

torch.set_num_threads(1)

CONTEXT = FrameContext(frame=0, width=4, height=1, device=torch.device("cpu"))


def row(*values: float) -> Tensor:
    return torch.tensor(values).view(1, 1, 1, -1)


def made(op: str, *inputs: Tensor, **args: float) -> list[float]:
    mask = KERNELS[op](inputs, args, CONTEXT)
    assert mask.shape[1] == 1
    assert mask.dtype == torch.float32
    return [float(value) for value in mask[0, 0, 0]]


def test_a_luma_mask_is_a_ramp() -> None:
    greys = as_image(row(0.0, 0.2, 0.35, 0.5, 0.8, 1.0))
    assert made("luma_mask", greys, low=0.2, high=0.8) == pytest.approx([0, 0, 0.25, 0.5, 1, 1], abs=1e-6)


def test_a_mask_is_turned_round_where_low_is_above_high() -> None:
    assert made("luma_mask", row(0.0, 0.25, 1.0), low=1.0, high=0.0) == pytest.approx([1, 0.75, 0])


def test_a_hard_edge_has_what_is_equal_inside() -> None:
    assert made("luma_mask", row(0.49, 0.5, 0.51), low=0.5, high=0.5) == [0.0, 1.0, 1.0]


def test_luma_is_of_bt_709() -> None:
    primaries = torch.eye(3).view(1, 3, 1, 3)
    assert made("luma_mask", primaries, low=0.0, high=1.0) == pytest.approx([0.2126, 0.7152, 0.0722])
    assert float(as_mask(torch.ones(1, 3, 1, 1))) == pytest.approx(1.0)


def test_depth_runs_from_the_nearest_to_the_farthest() -> None:
    depth = row(1.0, 1.25, 1.5, 2.0)
    assert made("depth_mask", depth, low=0.0, high=1.0) == [0.0, 0.25, 0.5, 1.0]
    assert made("depth_mask", depth, low=0.5, high=1.0) == [0.0, 0.0, 0.0, 1.0]
    flat = torch.ones(1, 1, 1, 1).expand(1, 1, 3, 5)
    assert torch.equal(
        KERNELS["depth_mask"]([flat], {"low": 0.0, "high": 1.0}, CONTEXT), torch.zeros(1, 1, 3, 5)
    )


def test_a_picture_as_depth_and_back() -> None:
    values = row(0.0, 0.25, 1.0)
    assert made("as_depth", values) == [2.0, 1.75, 1.0]
    assert made("as_depth", values, near=100.0, far=500.0) == [2.5, 2.0, 0.5]
    depth = KERNELS["as_depth"]([values], {"near": 100.0, "far": 500.0}, CONTEXT)
    assert made("depth_mask", depth, low=0.0, high=1.0, near=100.0, far=500.0) == [1.0, 0.75, 0.0]
    assert made("depth_mask", depth, low=1.0, high=0.0, near=100.0, far=500.0) == [0.0, 0.25, 1.0]


def test_pictures_differ_by_the_channel_that_differs_most() -> None:
    first, second = torch.full((1, 3, 1, 2), 0.5), torch.full((1, 3, 1, 2), 0.5)
    second[0, 1, 0, 0] = 0.6
    second[0, 2, 0, 0] = 0.2
    assert made("difference_mask", first, second, low=0.1, high=0.5) == pytest.approx([0.5, 0.0])
    assert made("difference_mask", second, first, low=0.1, high=0.5) == pytest.approx([0.5, 0.0])


def test_masked_is_one_picture_in_the_other() -> None:
    below, above = torch.zeros(1, 3, 1, 3), torch.ones(1, 3, 1, 3)
    found = KERNELS["masked"]([below, above, row(0.0, 0.25, 1.0)], {}, CONTEXT)
    assert torch.equal(found, as_image(row(0.0, 0.25, 1.0)))
    assert KERNELS["masked"]([below, below, row(0.0, 0.25, 1.0)], {}, CONTEXT) is below


def test_masked_takes_an_image_as_mask_and_masks_as_pictures() -> None:
    mask = row(0.0, 0.5, 1.0)
    found = KERNELS["masked"](
        [row(0.2, 0.2, 0.2), torch.full((1, 3, 1, 3), 0.8), as_image(mask)], {}, CONTEXT
    )
    assert torch.allclose(found, as_image(row(0.2, 0.5, 0.8)))
    two = KERNELS["masked"]([row(0.0, 0.0, 0.0), mask, mask], {}, CONTEXT)
    assert torch.allclose(two, row(0.0, 0.25, 1.0))

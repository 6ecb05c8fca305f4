"""Masks joined."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS
from anim_runtime.ops.kernel import FrameContext

FRAME = FrameContext(0, 4, 1, torch.device("cpu"))


def mask(*values: float) -> Tensor:
    return torch.tensor(values).view(1, 1, 1, -1)


A, B = mask(0.0, 0.25, 0.5, 1.0), mask(1.0, 0.5, 0.25, 1.0)


@pytest.mark.parametrize(
    ("op", "inputs", "made"),
    [
        ("mask_and", (A, B), [0.0, 0.25, 0.25, 1.0]),
        ("mask_or", (A, B), [1.0, 0.5, 0.5, 1.0]),
        ("mask_not", (A,), [1.0, 0.75, 0.5, 0.0]),
    ],
)
def test_masks_are_joined_pixel_by_pixel(op: str, inputs: tuple[Tensor, ...], made: list[float]) -> None:
    before = [i.clone() for i in inputs]
    found = KERNELS[op](list(inputs), {}, FRAME)
    assert found.shape == (1, 1, 1, 4)
    assert found.flatten().tolist() == made
    assert all(torch.equal(i, b) for i, b in zip(inputs, before, strict=True))


def test_a_picture_is_a_mask_by_its_luma() -> None:
    green = torch.zeros(1, 3, 1, 4)
    green[:, 1] = 1.0
    found = KERNELS["mask_and"]([green, mask(1.0, 1.0, 0.5, 0.0)], {}, FRAME)
    assert found.flatten().tolist() == pytest.approx([0.7152, 0.7152, 0.5, 0.0])

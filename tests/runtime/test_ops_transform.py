"""Pictures shifted, turned and scaled."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument

torch.set_num_threads(1)


def context(image: Tensor) -> FrameContext:
    return FrameContext(0, image.shape[3], image.shape[2], image.device)


def moved(image: Tensor, **changed: float) -> Tensor:
    args: dict[str, Argument] = {"x": 0.0, "y": 0.0, "scale": 1.0, "angle": 0.0, **changed, "border": "wrap"}
    return KERNELS["transform"]([image], args, context(image))


def picture(height: int = 16, width: int = 16) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(2))


def test_no_move_is_the_same_picture() -> None:
    image = picture()
    assert moved(image) is image
    assert moved(image, angle=-360.0) is image


def test_a_shift_goes_right_and_down() -> None:
    image = picture()
    assert (moved(image, x=3.0) - image.roll(3, 3)).abs().max() < 1e-5
    assert (moved(image, y=2.0) - image.roll(2, 2)).abs().max() < 1e-5


def test_a_shift_is_at_the_films_size() -> None:
    image = picture()
    wide = FrameContext(0, 32, 32, torch.device("cpu"))
    args: dict[str, Argument] = {"x": 6.0, "y": 0.0, "scale": 1.0, "angle": 0.0, "border": "wrap"}
    assert (KERNELS["transform"]([image], args, wide) - image.roll(3, 3)).abs().max() < 1e-5


def test_a_turn_is_counter_clockwise() -> None:
    image = picture()
    assert (moved(image, angle=90.0) - image.rot90(1, (2, 3))).abs().max() < 1e-4
    assert (moved(image, angle=180.0) - image.rot90(2, (2, 3))).abs().max() < 1e-4


def test_a_scale_is_about_the_middle_and_comes_before_the_shift() -> None:
    image = torch.zeros(1, 3, 32, 32)
    image[..., 15:17, 19:21] = 1.0
    found = moved(image, scale=2.0, x=-5.0)
    columns = found[0, 0].sum(0)
    middle = float((columns * (torch.arange(32) + 0.5)).sum() / columns.sum())
    # 4 px right of the middle: twice that, and 5 px back
    assert middle == pytest.approx(16 + 2 * 4 - 5, abs=0.05)


def test_a_mask_stays_a_mask() -> None:
    assert moved(torch.rand(1, 1, 8, 8), angle=30.0).shape == (1, 1, 8, 8)

"""Depth maps: in range, ordered, smooth along edges, calm in time. And `mix`."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext

torch.set_num_threads(1)


def landscape(height: int = 128, width: int = 192) -> Tensor:
    """A pale sky over saturated, detailed ground."""
    generator = torch.Generator().manual_seed(2)
    image = torch.empty(1, 3, height, width)
    horizon = height // 2
    sky = torch.tensor([0.75, 0.82, 0.9]).reshape(3, 1, 1)
    ground = torch.tensor([0.35, 0.25, 0.05]).reshape(3, 1, 1)
    image[0, :, :horizon] = sky
    rough = torch.rand(1, height - horizon, width, generator=generator)
    image[0, :, horizon:] = ground * (0.5 + rough)
    return image


def depth(image: Tensor, method: str) -> Tensor:
    frame = FrameContext(0, image.shape[3], image.shape[2], torch.device("cpu"))
    return KERNELS["depth"]([image], {"method": method}, frame)


def test_flat_depth_is_near_everywhere_and_takes_no_memory() -> None:
    z = depth(landscape(), "flat")
    assert z.shape == (1, 1, 128, 192)
    assert bool((z == 1).all())
    assert z.untyped_storage().nbytes() == 4


@pytest.mark.parametrize("size", [(128, 192), (64, 64), (7, 300), (600, 9)])
def test_estimated_depth_is_a_z_map(size: tuple[int, int]) -> None:
    z = depth(torch.rand(1, 3, *size), "estimated")
    assert z.shape == (1, 1, *size)
    assert z.dtype == torch.float32
    assert 1 <= z.min() <= z.max() <= 2


def test_the_sky_is_far_and_the_ground_at_our_feet_is_near() -> None:
    z = depth(landscape(), "estimated")[0, 0]
    assert z[:40].mean() > 1.6
    assert z[-16:].mean() < 1.3
    rows = z.mean(dim=1)
    assert rows[10] > rows[70] > rows[120]


def test_a_near_thing_before_the_sky_stands_out_from_it() -> None:
    image = landscape()
    image[0, :, 20:64, 80:110] = torch.tensor([0.5, 0.02, 0.02]).reshape(3, 1, 1)
    z = depth(image, "estimated")[0, 0]
    assert z[30:50, 90:100].mean() < z[30:50, 10:40].mean() - 0.1


def test_depth_is_calm() -> None:
    """Grain and a slight change of light, as from frame to frame, move no depth by more than 2 %."""
    image = landscape()
    grain = 0.02 * torch.randn(image.shape, generator=torch.Generator().manual_seed(3))
    again = (image * 1.02 + grain).clamp(0, 1)
    assert (depth(image, "estimated") - depth(again, "estimated")).abs().max() < 0.02


def test_one_bright_spot_moves_little_of_the_rest() -> None:
    image = landscape()
    spotted = image.clone()
    spotted[0, :, 100:106, 10:16] = 1.0
    change = (depth(image, "estimated") - depth(spotted, "estimated")).abs()
    assert change[..., 100:].max() < 0.1


def test_near_and_far_say_where_the_ends_are() -> None:
    frame = FrameContext(0, 192, 128, torch.device("cpu"))
    usual = KERNELS["depth"]([landscape()], {"method": "estimated"}, frame)
    wide = KERNELS["depth"]([landscape()], {"method": "estimated", "near": 100.0, "far": 900.0}, frame)
    assert torch.allclose((usual - 1) * 4 + 0.5, wide, atol=1e-5)


def test_a_range_is_that_of_the_picture_that_it_is_of() -> None:
    """Estimates over another picture's range are not stretched to their own."""
    frame = FrameContext(0, 192, 128, torch.device("cpu"))
    whole, ground = landscape(), landscape()[:, :, 96:]
    over = KERNELS["depth_range"]([whole], {"method": "estimated"}, frame)
    assert over.shape == (2,)
    alone = KERNELS["depth"]([ground], {"method": "estimated"}, frame)
    measured = KERNELS["depth"]([ground, over], {"method": "estimated"}, frame)
    assert not torch.allclose(alone, measured, atol=0.05)
    assert torch.equal(
        KERNELS["depth"]([whole, over], {"method": "estimated"}, frame), depth(whole, "estimated")
    )


def test_mix_is_the_weighted_sum() -> None:
    first, second = torch.rand(1, 3, 4, 5), torch.rand(1, 3, 4, 5)
    frame = FrameContext(0, 5, 4, torch.device("cpu"))
    mixed = KERNELS["mix"]([first, second], {"weight": 0.25}, frame)
    assert torch.allclose(mixed, first * 0.75 + second * 0.25, atol=1e-6)
    assert KERNELS["mix"]([first, second], {"weight": 0}, frame) is first
    assert KERNELS["mix"]([first, second], {"weight": 1}, frame) is second


def test_arguments_of_another_type_are_refused() -> None:
    image = torch.rand(1, 3, 4, 5)
    frame = FrameContext(0, 5, 4, torch.device("cpu"))
    with pytest.raises(TypeError, match="weight"):
        KERNELS["mix"]([image, image], {"weight": "half"}, frame)
    with pytest.raises(ValueError, match="midas"):
        KERNELS["depth"]([image], {"method": "midas"}, frame)

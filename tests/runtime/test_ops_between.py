"""What lies between two pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.runtime.moving import moving_square, psnr

from anim_runtime.ops.between import Motion, between, between_kernel, splat, splat_plainly
from anim_runtime.ops.compose import revealed
from anim_runtime.ops.kernel import Argument, FrameContext

FRAME = FrameContext(0, 128, 128, torch.device("cpu"))


def test_the_ends_are_the_pictures_themselves() -> None:
    first, second = moving_square(0.0), moving_square(1.0)
    assert between(first, second, 0.0) is first
    assert between(first, second, 1.0) is second


@pytest.mark.parametrize("step", [(10.0, 5.0), (14.0, -4.0)])
def test_what_moves_is_where_it_would_be_and_does_not_ghost(step: tuple[float, float]) -> None:
    """Against the true picture it beats a plain mix by 6 dB halfway, and is better all the way."""
    first, second = moving_square(0.0, step), moving_square(1.0, step)
    for amount, gain in ((0.25, 4.0), (0.5, 6.0 if step[0] < 12 else 4.0), (0.75, 4.0)):
        truth = moving_square(amount, step)
        made, mixed = between(first, second, amount), torch.lerp(first, second, amount)
        assert psnr(made, truth) > psnr(mixed, truth) + gain, amount


def test_several_amounts_of_one_look_are_those_of_their_own() -> None:
    first, second = moving_square(0.0), moving_square(1.0)
    motion = Motion.of(first, second)
    for amount in (0.2, 0.6):
        assert torch.equal(motion.at(amount), between(first, second, amount))


def test_backwards_is_the_way_back() -> None:
    first, second = moving_square(0.0), moving_square(1.0)
    there, back = between(first, second, 0.3), between(second, first, 0.7)
    assert psnr(there, back) > 40


def test_no_part_of_the_motion_is_a_plain_mix() -> None:
    first, second = moving_square(0.0), moving_square(1.0)
    mixed = torch.lerp(first, second, 0.4)
    assert torch.allclose(between(first, second, 0.4, factor=0.0), mixed, atol=1e-6)
    assert not torch.allclose(between(first, second, 0.4, factor=0.5), mixed, atol=1e-2)


def test_pictures_that_have_nothing_in_common_are_melted() -> None:
    """Where no motion is sure both count by the amount alone: no holes, no flicker of one or the other."""
    generator = torch.Generator().manual_seed(4)
    first, second = (torch.rand(1, 3, 96, 96, generator=generator) for _ in range(2))
    made = between(first, second, 0.5)
    assert made.isfinite().all()
    assert made.mean().item() == pytest.approx(0.5, abs=0.02)
    assert (made - first).square().mean().item() == pytest.approx(
        (made - second).square().mean().item(), rel=0.2
    )


def test_motion_of_greys_is_not_trusted_where_colours_differ() -> None:
    """Orange and blue of one grey, the texture moved: no orange patch stands in what is blue by then."""

    def ground(colour: tuple[float, ...], at: float) -> torch.Tensor:
        y, x = torch.meshgrid(torch.arange(96.0), torch.arange(128.0), indexing="ij")
        texture = 0.08 * torch.sin((x - at) / 5.0) * torch.sin(y / 7.0)
        return (torch.tensor(colour).view(1, 3, 1, 1) + texture).clamp(0.0, 1.0)

    first, second = ground((0.9, 0.6, 0.3), 0.0), ground((0.3, 0.6, 0.9), 9.0)
    for amount in (0.15, 0.85):
        off = between(first, second, amount) - torch.lerp(first, second, amount)
        assert off.abs().max().item() < 0.08


@pytest.mark.parametrize("size", [(96, 160), (16, 16), (1, 1), (640, 1024)])
def test_pictures_of_any_size(size: tuple[int, int]) -> None:
    first, second = torch.zeros(1, 3, *size), torch.ones(1, 3, *size)
    made = between(first, second, 0.25)
    assert made.shape == (1, 3, *size)
    assert torch.allclose(made, torch.full_like(made, 0.25), atol=0.02)


@pytest.mark.parametrize(("is_there_sure", "wanted"), [(True, 6.0), (False, 2.0)])
def test_the_way_that_is_sure_says_how_things_move(is_there_sure: bool, wanted: float) -> None:
    """Forwards 6 px are seen, backwards 2: what counts is the way that agrees with its own return."""
    picture = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(8))
    grey = np.zeros((24, 40, 3), np.float32)
    shift = np.zeros((24, 40, 2), np.float32)
    there, back = shift.copy(), shift.copy()
    there[..., 0], back[..., 0] = 6.0, -2.0
    sure, unsure = np.ones((24, 40), np.float32), np.zeros((24, 40), np.float32)
    seen = (sure, unsure) if is_there_sure else (unsure, sure)
    field = Motion(picture, picture, (grey, grey), there, back, *seen)._field(0.5)
    assert float(np.median(field[..., 0])) == pytest.approx(wanted, abs=0.1)


def test_a_picture_and_itself_is_itself() -> None:
    picture = moving_square(0.0)
    assert torch.allclose(between(picture, picture.clone(), 0.5), picture, atol=1e-5)


def test_the_kernel_and_the_transition_are_the_same_picture() -> None:
    first, second = moving_square(0.0), moving_square(1.0)
    args: dict[str, Argument] = {"weight": 0.5, "factor": 1.0, "preset": "medium"}
    made = between_kernel([first, second], args, FRAME)
    assert torch.equal(made, between(first, second, 0.5))
    assert torch.equal(revealed(first, second, 0.5, "morph"), made)


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0])
def test_what_pixels_take_along_is_the_same_with_and_without_compiled_loops(factor: float) -> None:
    """And nothing is lost but what leaves the picture."""
    generator = np.random.default_rng(7)
    values, shift = (generator.normal(0, 5, (24, 40, 2)).astype(np.float32) for _ in range(2))
    weight = generator.random((24, 40)).astype(np.float32)
    plain = np.zeros((24, 40, 3))
    splat_plainly(values, weight, shift, factor, plain)
    assert np.allclose(splat(values, weight, shift, factor), plain, atol=1e-4)
    if factor == 0.0:
        assert np.allclose(plain[..., 2], weight)

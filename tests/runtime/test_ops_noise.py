"""Noise: the right distribution, and nothing but (seed, frame, op) in it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.add_noise import clouds
from anim_runtime.ops.kernel import Argument
from anim_runtime.ops.noise import between, gaussian, uniform

torch.set_num_threads(1)


def context(frame: int) -> FrameContext:
    return FrameContext(frame=frame, width=16, height=8, device=torch.device("cpu"))


def noised(image: Tensor, amount: float, seed: int, frame: int = 0) -> Tensor:
    return KERNELS["add_noise"]([image], {"amount": amount, "seed": seed}, context(frame))


def test_gaussian_moments_and_tails() -> None:
    values = gaussian((400_000,), seed=7, frame=0, op="test").astype(np.float64)
    # three standard errors of each moment at n = 400,000
    assert abs(values.mean()) < 3 / np.sqrt(4e5)
    assert abs(values.std() - 1) < 3 / np.sqrt(8e5)
    assert abs((values**3).mean()) < 3 * np.sqrt(15 / 4e5)
    assert abs((values**4).mean() - 3) < 3 * np.sqrt(96 / 4e5)
    # P(|x| > 3) = 0.0027
    assert (np.abs(values) > 3).mean() == pytest.approx(0.0027, rel=0.15)


def test_neighbours_are_independent() -> None:
    values = gaussian((512, 512), seed=3, frame=1, op="test").astype(np.float64)
    for other in (np.roll(values, 1, 0), np.roll(values, 1, 1)):
        assert abs((values * other).mean()) < 3 / 512


def test_the_bits_are_pinned() -> None:
    """These numbers are in every stored film: a change of them is a new version of the op."""
    found = gaussian((4,), seed=42, frame=3, op="add_noise")
    assert found.tolist() == pytest.approx(PINNED, abs=1e-6)


PINNED = [-0.0276583, 0.1837519, -0.3698403, -1.8414567]


def test_it_depends_on_seed_frame_and_op_only() -> None:
    base = gaussian((64,), seed=1, frame=2, op="a")
    assert np.array_equal(base, gaussian((64,), seed=1, frame=2, op="a"))
    for seed, frame, op in ((2, 2, "a"), (1, 3, "a"), (1, 2, "b"), (2, 1, "a")):
        other = gaussian((64,), seed=seed, frame=frame, op=op)
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.5


@pytest.mark.parametrize("seed", [-1, 0, 2**63, 2**64 + 5])
def test_any_integer_is_a_seed(seed: int) -> None:
    assert np.isfinite(gaussian((8,), seed=seed, frame=0, op="a")).all()
    assert np.array_equal(
        gaussian((8,), seed=seed, frame=0, op="a"), gaussian((8,), seed=seed % 2**64, frame=0, op="a")
    )


def test_uniform_fills_its_range() -> None:
    values = uniform((100_000,), seed=5, frame=0, op="u")
    assert 0 <= values.min() < 1e-3
    assert 1 - 1e-3 < values.max() < 1
    assert abs(float(values.mean()) - 0.5) < 3 * np.sqrt(1 / 12 / 1e5)


def test_add_noise_is_the_formula() -> None:
    image = torch.rand(1, 3, 8, 16)
    grain = torch.from_numpy(gaussian((1, 3, 8, 16), seed=9, frame=4, op="add_noise"))
    expected = (image * 0.8 + (0.5 + 0.5 * grain) * 0.2).clamp(0, 1)
    assert torch.allclose(noised(image, 0.2, 9, 4), expected, atol=1e-6)


def test_no_noise_is_the_same_picture() -> None:
    image = torch.rand(1, 3, 8, 16)
    assert noised(image, 0.0, 9) is image


def test_add_noise_leaves_its_input_alone() -> None:
    image = torch.rand(1, 3, 8, 16)
    before = image.clone()
    assert not torch.equal(noised(image, 0.5, 1), image)
    assert torch.equal(image, before)


def test_a_seed_between_two_gives_noise_between_theirs() -> None:
    def drawn(seed: int) -> NDArray[np.float32]:
        return gaussian((400_000,), seed=seed, frame=0, op="test")

    assert np.array_equal(between(7.0, drawn), drawn(7))
    half = between(7.5, drawn).astype(np.float64)
    assert half.std() == pytest.approx(1.0, abs=0.01)
    low, high = (float(np.corrcoef(half, drawn(seed))[0, 1]) for seed in (7, 8))
    assert low == pytest.approx(high, abs=0.01)
    assert low == pytest.approx(math.sqrt(0.5), abs=0.01)
    assert float(np.corrcoef(between(7.1, drawn), drawn(7))[0, 1]) > 0.98


def test_perlin_noise_is_gaussian_in_patches() -> None:
    """Deforum: the Gaussian times (octaves + 1) / 2, so that what has no noise is drawn to middle grey."""
    image = torch.rand(1, 3, 8, 16)
    grain = gaussian((1, 3, 8, 16), seed=9, frame=4, op="add_noise") * clouds(8, 16, seed=9, frame=4)
    expected = (image * 0.8 + (0.5 + 0.5 * torch.from_numpy(grain)) * 0.2).clamp(0, 1)
    args: dict[str, Argument] = {"amount": 0.2, "seed": 9, "type": "perlin"}
    assert torch.allclose(KERNELS["add_noise"]([image], args, context(4)), expected, atol=1e-6)


def test_gaussian_is_the_type_if_none_is_said() -> None:
    image = torch.rand(1, 3, 8, 16)
    args: dict[str, Argument] = {"amount": 0.2, "seed": 9, "type": "gaussian"}
    assert torch.equal(KERNELS["add_noise"]([image], args, context(4)), noised(image, 0.2, 9, 4))


def test_clouds_are_smooth_and_about_one_half() -> None:
    many = np.stack([clouds(128, 192, seed=seed, frame=0) for seed in range(20)])
    assert many.dtype == np.float32
    assert float(many.mean()) == pytest.approx(0.5, abs=0.02)
    assert -0.3 < float(many.min()) < float(many.max()) < 1.3
    # gradient noise is 0 on its lattice, so neighbours differ little: the finest cells are 2 px at 128 px
    assert 0.1 < float(many.std()) < 0.25
    coarse = many.reshape(20, 16, 8, 24, 8).mean(axis=(2, 4))
    assert float(coarse.std()) > 0.3 * float(many.std())


def test_clouds_are_of_the_seed_and_the_frame_alone() -> None:
    base = clouds(16, 24, seed=1, frame=2)
    assert np.array_equal(base, clouds(16, 24, seed=1, frame=2))
    assert not np.array_equal(base, clouds(16, 24, seed=2, frame=2))
    assert not np.array_equal(base, clouds(16, 24, seed=1, frame=3))


def test_clouds_are_the_gradient_noise_of_perlin() -> None:
    """One corner at a time, as Perlin 2002 and Deforum's `rand_perlin_2d` do it."""
    height, width, total = 16, 24, 0.0
    row, column = 5, 17
    for octave in range(4):
        rows = 8 << octave
        columns = round(rows * width / height)
        turns = uniform((rows + 1, columns + 1), seed=3, frame=1, op=f"add_noise.perlin.{octave}")
        y, x = (row + 0.5) * rows / height, (column + 0.5) * columns / width
        value = 0.0
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            dy, dx = y - (int(y) + i), x - (int(x) + j)
            angle = 2 * math.pi * float(turns[int(y) + i, int(x) + j])
            fade = math.prod(1 - d**3 * (d * (6 * d - 15) + 10) for d in (abs(dy), abs(dx)))
            value += (math.cos(angle) * dx + math.sin(angle) * dy) * fade
        total += 0.5**octave * math.sqrt(2) * value
    found = clouds(height, width, seed=3, frame=1)[row, column]
    assert float(found) == pytest.approx((total + 1) / 2, abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2, 300)])
def test_clouds_of_any_size(shape: tuple[int, int]) -> None:
    made = clouds(*shape, seed=0, frame=0)
    assert made.shape == shape
    assert np.isfinite(made).all()

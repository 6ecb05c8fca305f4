"""Blur and unsharp mask."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.blur import WIDEST, _weights, by_convolution, gaussian_blur

torch.set_num_threads(1)

CONTEXT = FrameContext(frame=0, width=64, height=64, device=torch.device("cpu"))


def picture(height: int = 64, width: int = 64) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(3))


def edge(size: int) -> Tensor:
    image = torch.zeros(1, 1, size, size)
    image[..., size // 2 :] = 1.0
    return image


def blurred(image: Tensor, radius: float, frame: FrameContext = CONTEXT) -> Tensor:
    return KERNELS["blur"]([image], {"radius": radius}, frame)


def sharpened(image: Tensor, amount: float, radius: float = 1.0, threshold: float = 0.0) -> Tensor:
    args = {"amount": amount, "radius": radius, "threshold": threshold}
    return KERNELS["sharpen"]([image], args, CONTEXT)


@pytest.mark.parametrize("radius", [1.0, 3.0, 7.9])
def test_an_edge_becomes_the_error_function(radius: float) -> None:
    """A step convolved with a Gaussian is its distribution function: read at the pixels' middles."""
    found = blurred(edge(64), radius)[0, 0, 20]
    for place in range(20, 44):
        wanted = 0.5 * (1 + math.erf((place + 0.5 - 32) / radius / math.sqrt(2)))
        assert float(found[place]) == pytest.approx(wanted, abs=0.02 / radius)


@pytest.mark.parametrize("radius", [9.0, 16.1, 40.0])
def test_a_wide_blur_made_of_a_smaller_picture_is_the_same_blur(radius: float) -> None:
    assert radius > WIDEST
    image = edge(256)
    whole = by_convolution(image, _weights(radius), _weights(radius))
    assert (gaussian_blur(image, radius) - whole).abs().max() < 0.004


def test_it_is_the_same_on_other_devices() -> None:
    """The general way, which accelerators take, against OpenCV's."""
    for shape in ((64, 64), (5, 9), (1, 1), (3, 2)):
        image = picture(*shape)
        for radius in (0.3, 2.0, 7.0):
            other = by_convolution(image, _weights(radius), _weights(radius))
            assert (gaussian_blur(image, radius) - other).abs().max() < 1e-6


@pytest.mark.parametrize("radius", [0.1, 2.0, 12.0, 1024.0])
def test_a_plain_picture_stays_and_the_mean_too(radius: float) -> None:
    plain = torch.full((1, 3, 33, 47), 0.3)
    assert (blurred(plain, radius, FrameContext(0, 47, 33, torch.device("cpu"))) - 0.3).abs().max() < 1e-6
    image = picture()
    assert float(blurred(image, radius).mean()) == pytest.approx(float(image.mean()), abs=2e-3)


def test_the_widest_blur_is_the_mean() -> None:
    image = picture()
    assert (blurred(image, 1024.0) - image.mean(dim=(2, 3), keepdim=True)).abs().max() < 2e-3


def test_a_radius_is_at_the_films_size() -> None:
    image = edge(64)
    half = FrameContext(frame=0, width=128, height=128, device=torch.device("cpu"))
    assert torch.equal(blurred(image, 4.0, half), blurred(image, 2.0))


def test_no_radius_is_the_same_picture() -> None:
    image = picture()
    assert blurred(image, 0.0) is image


def test_sharpen_is_the_unsharp_mask() -> None:
    image = picture() * 0.4 + 0.3
    wanted = image + 0.4 * (image - gaussian_blur(image, 1.0))
    assert torch.allclose(sharpened(image, 0.4), wanted, atol=1e-6)
    assert sharpened(image, 0.0) is image


def test_an_edge_gets_both_sides_of_itself() -> None:
    row = sharpened(edge(64) * 0.5 + 0.25, 1.0)[0, 0, 32]
    assert float(row[31]) < 0.25
    assert float(row[32]) > 0.75
    assert float(row[10]) == pytest.approx(0.25, abs=1e-6)


def test_what_differs_less_than_the_threshold_stays() -> None:
    image = torch.full((1, 3, 32, 32), 0.5)
    image[..., 8, 8] += 3 / 255
    image[..., 24, 24] += 60 / 255
    found = sharpened(image, 2.0, threshold=4.0)
    assert float(found[0, 0, 8, 8]) == float(image[0, 0, 8, 8])
    assert float(found[0, 0, 24, 24]) > float(image[0, 0, 24, 24])
    assert not torch.equal(sharpened(image, 2.0)[0, 0, 7:10, 7:10], image[0, 0, 7:10, 7:10])


def test_a_threshold_holds_below_as_above() -> None:
    """Deforum compares bytes without a sign, so that dark spots are always sharpened."""
    image = torch.full((1, 3, 32, 32), 0.5)
    image[..., 8, 8] -= 3 / 255
    assert torch.equal(sharpened(image, 2.0, threshold=4.0), image)


def test_weights_are_a_gaussian_that_sums_to_1() -> None:
    weights = _weights(2.0).astype(np.float64)
    assert weights.sum() == pytest.approx(1.0, abs=1e-6)
    assert weights[6 + 2] / weights[6] == pytest.approx(math.exp(-0.5), rel=1e-5)
    assert len(weights) == 13

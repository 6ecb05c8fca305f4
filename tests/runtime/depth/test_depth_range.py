"""What an estimator's values come to: the range of the first frame, and places in the scene."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_runtime.depth.protocol import Space
from anim_runtime.depth.range import NEAREST, farness, placed, span


def ramp(low: float, high: float, count: int = 101) -> Tensor:
    return torch.linspace(low, high, count).reshape(1, 1, 1, -1)


def test_a_range_leaves_out_the_wildest_values() -> None:
    values = ramp(0.0, 100.0)
    values[..., 0], values[..., -1] = -1e6, 1e6
    assert span(values, 0.1).tolist() == pytest.approx([2.0, 98.0])


def test_the_range_of_something_even_is_not_stretched_to_its_noise() -> None:
    noise = 3.0 + 0.001 * torch.randn(1, 1, 40, 40, generator=torch.Generator().manual_seed(1))
    low, high = span(noise, 0.5).tolist()
    assert high - low == pytest.approx(0.5, abs=1e-4)
    assert (low + high) / 2 == pytest.approx(3.0, abs=1e-3)
    # and by itself where the units are not known
    low, high = span(noise * 1000, 1e-6).tolist()
    assert high - low > 100


@pytest.mark.parametrize("space", ["distance", "logarithm", "disparity"])
def test_far_is_1_whatever_the_values_are(space: Space) -> None:
    values = ramp(10.0, 20.0, 3)
    found = farness(values, torch.tensor([10.0, 20.0]), space).flatten().tolist()
    assert found == ([1.0, 0.5, 0.0] if space == "disparity" else [0.0, 0.5, 1.0])


def test_what_is_beyond_the_range_stays_at_its_ends() -> None:
    found = farness(ramp(-5.0, 5.0, 3), torch.tensor([0.0, 1.0]), "distance")
    assert found.flatten().tolist() == [0.0, 0.0, 1.0]


def test_places_run_evenly_from_near_to_far() -> None:
    far = ramp(0.0, 1.0, 3)
    assert placed(far, 200.0, 400.0).flatten().tolist() == [1.0, 1.5, 2.0]
    assert placed(far, 100.0, 900.0).flatten().tolist() == [0.5, 2.5, 4.5]
    # nothing is at the camera's own place
    assert placed(far, 0.0, 200.0).min() == pytest.approx(NEAREST)

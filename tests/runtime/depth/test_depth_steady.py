"""Depth that is kept from frame to frame: mixed where it agrees, moved along, stored with its picture."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from anim_runtime.depth.moving import moved
from anim_runtime.depth.record import joined, parted
from anim_runtime.depth.steady import farness_of, kept_size, quantised, restored, steadied
from anim_runtime.ops import KERNELS
from anim_runtime.ops.kernel import FrameContext

torch.set_num_threads(1)

FRAME = FrameContext(0, 60, 48, torch.device("cpu"))


def plane(value: float) -> Tensor:
    return torch.full((1, 1, 48, 60), value)


def test_what_agrees_is_mixed_and_what_does_not_is_the_estimate() -> None:
    own = plane(0.5)
    assert steadied(own, plane(0.5), 0.6).mean() == pytest.approx(0.5)
    near = steadied(own, plane(0.52), 0.6).mean()
    assert 0.51 < near < 0.512
    assert torch.equal(steadied(own, plane(0.9), 0.6), own)


def test_trembling_is_calmed() -> None:
    """Estimates of one still scene, each with an error of its own for the whole picture."""
    errors = 0.02 * torch.randn(40, generator=torch.Generator().manual_seed(2))
    kept, seen = plane(0.5 + float(errors[0])), []
    for error in errors:
        kept = steadied(plane(0.5 + float(error)), kept, 0.6)
        seen.append(float(kept.mean()))
    steps = np.abs(np.diff(seen)).mean()
    assert steps < 0.55 * float(errors.diff().abs().mean())


def test_nothing_known_leaves_the_estimate_alone() -> None:
    z = 1 + torch.rand(1, 1, 48, 60)
    none = torch.empty(1, 1, 0, 0)
    assert KERNELS["steady_depth"]([z, none], {"amount": 0.6}, FRAME) is z
    assert KERNELS["steady_depth"]([z, plane(0.2)], {"amount": 0.0}, FRAME) is z
    calmed = KERNELS["steady_depth"]([plane(1.5), plane(0.55)], {"amount": 1.0}, FRAME)
    assert 1.5 < calmed.mean() < 1.55


def test_depth_moves_as_its_picture_does() -> None:
    far = torch.where(torch.arange(60).reshape(1, 1, 1, -1) < 30, 0.0, 1.0).expand(1, 1, 48, 60).contiguous()
    # a sideways step of a quarter of the picture's half height at z = 1, of half that at z = 2
    move = np.concatenate([np.eye(3).reshape(-1), [-0.25, 0.0, 0.0, 1.0, 1.0]])
    made = moved(far, 1 + far, move, FRAME)
    assert made.shape == (1, 1, 48, 60)
    edge = (made[0, 0, 24] > 0.5).int().argmax()
    assert 23 <= int(edge) <= 27
    assert 0.0 <= made.min() <= made.max() <= 1.0


def test_farness_is_where_z_lies_between_the_ends() -> None:
    z = torch.tensor([0.5, 1.0, 2.5, 4.5, 9.0]).reshape(1, 1, 1, -1)
    assert farness_of(z, 100.0, 900.0).flatten().tolist() == [0.0, 0.125, 0.5, 1.0, 1.0]
    assert farness_of(z, 200.0, 200.0).abs().max() == 0


@pytest.mark.parametrize("size", [(48, 60), (480, 320), (96, 1000), (5, 3), (1, 1)])
def test_a_picture_and_its_depth_are_one_record(size: tuple[int, int]) -> None:
    generator = np.random.default_rng(1)
    picture = generator.integers(0, 65536, (*size, 3), dtype=np.uint16)
    depth = generator.integers(0, 65536, kept_size(*size), dtype=np.uint16)
    found, far = parted(joined(picture, depth), size[0])
    assert np.array_equal(found, picture)
    assert far is not None
    assert np.array_equal(far, depth)
    alone, none = parted(joined(picture, None), size[0])
    assert np.array_equal(alone, picture)
    assert none is None


def test_what_is_kept_is_what_is_used() -> None:
    far = torch.rand(1, 1, 20, 30)
    levels = quantised(far)
    assert torch.equal(quantised(restored(levels)), levels)
    assert (restored(levels) - far).abs().max() < 1e-5

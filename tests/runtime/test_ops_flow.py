"""Optical flow: what it finds, which way it points, what is done with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from tests.runtime.moving import moving_square, psnr, texture
from torch import Tensor

from anim_runtime.ops.flow import visibility, warp_flow
from anim_runtime.ops.flow_estimate import METHODS, PRESETS, estimate, estimate_flow, working_size
from anim_runtime.ops.kernel import FrameContext

FRAME = FrameContext(0, 128, 128, torch.device("cpu"))
STEP = (10.0, 5.0)
#: a pixel inside the square at both times, one of the background
INSIDE, OUTSIDE = (60, 62), (10, 110)


def picture(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]))


def shifted(by: int) -> tuple[Tensor, Tensor]:
    """A picture, and what a camera that moves `by` px to the right sees of the same scene."""
    wide = texture(160, 5)
    return picture(wide[16:144, 16:144]), picture(wide[16:144, 16 + by : 144 + by])


@pytest.fixture
def threads() -> Iterator[None]:
    import cv2

    before = cv2.getNumThreads()
    yield
    cv2.setNumThreads(before)


@pytest.mark.parametrize("method", ["dis", "farneback"])
def test_a_flow_says_where_each_pixel_was(method: str) -> None:
    flow = estimate(moving_square(1.0), moving_square(0.0), method)
    assert flow.shape == (1, 2, 128, 128)
    assert flow.dtype == torch.float32
    assert flow[0, :, INSIDE[0], INSIDE[1]].tolist() == pytest.approx([-STEP[0], -STEP[1]], abs=1.0)
    assert flow[0, :, OUTSIDE[0], OUTSIDE[1]].tolist() == pytest.approx([0, 0], abs=0.2)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_sees_a_camera_move(method: str, preset: str) -> None:
    earlier, later = shifted(6)
    flow = estimate(later, earlier, method, preset)
    assert flow[0, 0].median().item() == pytest.approx(6, abs=0.3)
    assert flow[0, 1].median().item() == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("method", ["affine", "perspective"])
def test_one_motion_is_that_of_most_of_the_picture(method: str) -> None:
    """The square goes its own way, the background is most of the picture and stands still."""
    flow = estimate(moving_square(1.0), moving_square(0.0), method)
    assert flow.abs().max().item() < 0.5


@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_is_seen_nothing_moves(method: str) -> None:
    plain, other = torch.full((1, 3, 64, 64), 0.5), torch.full((1, 3, 64, 64), 0.6)
    assert estimate(plain, other, method).abs().max().item() < 1e-3


def test_moved_along_its_flow_the_earlier_picture_looks_like_the_later() -> None:
    earlier, later = moving_square(0.0), moving_square(1.0)
    flow = estimate(later, earlier)
    moved = warp_flow([earlier, flow], {"factor": 1.0, "border": "reflect"}, FRAME)
    assert psnr(moved, later) > psnr(earlier, later) + 6


def test_a_factor_goes_a_part_of_the_way_and_nought_none() -> None:
    earlier, flow = moving_square(0.0), torch.full((1, 2, 128, 128), 4.0)
    half = warp_flow([earlier, flow], {"factor": 0.5, "border": "wrap"}, FRAME)
    assert torch.allclose(half, torch.roll(earlier, (-2, -2), (2, 3)), atol=1e-6)
    assert warp_flow([earlier, flow], {"factor": 0.0, "border": "wrap"}, FRAME) is earlier


def test_a_mask_is_moved_as_a_mask() -> None:
    mask, flow = torch.rand(1, 1, 128, 128), torch.full((1, 2, 128, 128), 3.0)
    moved = warp_flow([mask, flow], {"factor": 1.0, "border": "wrap"}, FRAME)
    assert torch.allclose(moved, torch.roll(mask, (-3, -3), (2, 3)), atol=1e-6)


def test_what_is_uncovered_was_not_seen() -> None:
    earlier, later = moving_square(0.0, (16.0, 0.0)), moving_square(1.0, (16.0, 0.0))
    there, back = estimate(later, earlier), estimate(earlier, later)
    seen = visibility([there, back], {}, FRAME)
    assert seen.shape == (1, 1, 128, 128)
    assert 0.0 <= seen.min().item() <= seen.max().item() <= 1.0
    # the square began at 32 px from the left and 42 from above, and uncovers 16 px behind it
    assert seen[0, 0, 50:75, 36:44].mean().item() < 0.5
    assert seen[0, 0, 2:30, :].mean().item() > 0.95


def test_what_comes_from_outside_was_not_seen() -> None:
    earlier, later = shifted(6)
    there, back = estimate(later, earlier), estimate(earlier, later)
    seen = visibility([there, back], {}, FRAME)[0, 0]
    assert seen[:, -4:].max().item() < 0.1
    assert seen[20:100, 20:100].mean().item() > 0.95


def test_the_same_bits_whatever_the_threads(threads: None) -> None:
    import cv2

    earlier, later = moving_square(0.0, size=256), moving_square(1.0, size=256)
    found = []
    for count in (1, 2, 4):
        cv2.setNumThreads(count)
        found.append([estimate(later, earlier, method) for method in METHODS])
        assert cv2.getNumThreads() == count
    assert all(torch.equal(a, b) for one in found[1:] for a, b in zip(found[0], one, strict=True))


def test_a_large_picture_is_looked_at_smaller_and_means_the_same() -> None:
    assert working_size(64, 64) == (128, 128)
    assert working_size(64, 64, "farneback") == (64, 64)
    assert working_size(360, 640) == (360, 640)
    assert working_size(2160, 3840)[0] * working_size(2160, 3840)[1] <= 512 * 512 * 1.01
    assert min(working_size(16, 128)) == 32
    big = [torch.nn.functional.interpolate(p, scale_factor=6.0, mode="bilinear") for p in shifted(6)]
    flow = estimate(big[1], big[0])
    assert flow.shape == (1, 2, 768, 768)
    assert flow[0, 0].median().item() == pytest.approx(36, abs=1.0)


@pytest.mark.parametrize("size", [(16, 16), (8, 200), (1, 1)])
def test_small_and_narrow_pictures_have_a_flow_too(size: tuple[int, int]) -> None:
    one, other = torch.rand(1, 3, *size), torch.rand(1, 3, *size)
    for method in METHODS:
        flow = estimate(one, other, method)
        assert flow.shape == (1, 2, *size)
        assert flow.isfinite().all()


def test_the_kernel_takes_the_later_picture_first() -> None:
    earlier, later = moving_square(0.0), moving_square(1.0)
    flow = estimate_flow([later, earlier], {"method": "dis", "preset": "medium"}, FRAME)
    assert torch.equal(flow, estimate(later, earlier))
    with pytest.raises(ValueError, match="raft"):
        estimate(later, earlier, "raft")

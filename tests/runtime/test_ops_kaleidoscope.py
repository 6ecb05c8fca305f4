"""The kaleidoscope: what it repeats, where it reads, that it is the same on other devices."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument

torch.set_num_threads(1)

_ARGS: dict[str, Argument] = {
    "segments": 6,
    "angle": 0.0,
    "slice": 0.0,
    "center_x": 0.5,
    "center_y": 0.5,
    "border": "reflect",
}
CONTEXT = FrameContext(frame=0, width=64, height=64, device=torch.device("cpu"))


def picture(size: int = 64) -> Tensor:
    """Soft blobs, so that reading between pixels says little."""
    small = torch.rand(1, 3, 6, 6, generator=torch.Generator().manual_seed(3))
    return torch.nn.functional.interpolate(small, (size, size), mode="bicubic").clamp(0, 1)


def shown(image: Tensor, **given: Argument) -> Tensor:
    return KERNELS["kaleidoscope"]([image], {**_ARGS, **given}, CONTEXT)


def test_one_segment_is_water_under_a_shore() -> None:
    image = picture()
    made = shown(image, segments=1)
    assert torch.allclose(made[:, :, :32], image[:, :, :32], atol=1e-5)
    assert torch.allclose(made[:, :, 32:], image[:, :, :32].flip(2), atol=1e-5)


def test_a_quarter_turn_of_one_segment_mirrors_the_left_to_the_right() -> None:
    image = picture()
    made = shown(image, segments=1, angle=90.0, slice=90.0)
    assert torch.allclose(made[..., :32], image[..., :32], atol=1e-4)
    assert torch.allclose(made[..., 32:], image[..., :32].flip(3), atol=1e-4)


def test_four_segments_are_the_same_after_a_quarter_turn_and_in_a_mirror() -> None:
    made = shown(picture(), segments=4)
    assert torch.allclose(made.rot90(1, (2, 3)), made, atol=1e-4)
    assert torch.allclose(made.flip(2), made, atol=1e-4)
    # not of one colour: the wedge right of the middle, above it, is the picture's own
    assert torch.allclose(made[0, :, 30, 50], picture()[0, :, 30, 50], atol=1e-4)
    assert float(made.std()) > 0.05


def test_segments_are_counted_whole() -> None:
    assert torch.equal(shown(picture(), segments=4.6), shown(picture(), segments=5))


def test_the_pattern_turns_counter_clockwise_as_a_whole() -> None:
    still, turned = shown(picture(), segments=3), shown(picture(), segments=3, angle=90.0)
    assert torch.allclose(still.rot90(1, (2, 3)), turned, atol=1e-4)
    assert not torch.allclose(still, turned, atol=0.05)


def test_a_whole_turn_of_the_slice_changes_nothing_and_half_a_turn_much() -> None:
    still = shown(picture(), segments=5)
    assert torch.allclose(shown(picture(), segments=5, slice=360.0), still, atol=1e-4)
    assert not torch.allclose(shown(picture(), segments=5, slice=180.0), still, atol=0.05)


def test_its_middle_may_be_anywhere() -> None:
    made = shown(picture(), segments=1, center_y=0.25)
    assert torch.allclose(made[:, :, 16:32], made[:, :, :16].flip(2), atol=1e-5)


@pytest.mark.parametrize("segments", [1, 2, 7, 64])
def test_it_is_the_same_on_other_devices(segments: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The general way of reading, which accelerators take, against the compiled one."""
    from anim_runtime.ops import resample

    natively = shown(picture(), segments=segments, angle=11.0)
    monkeypatch.setattr(resample, "is_native", lambda image: False)
    assert torch.allclose(shown(picture(), segments=segments, angle=11.0), natively, atol=2e-5)


def test_a_mask_stays_a_mask() -> None:
    assert shown(picture()[:, :1]).shape == (1, 1, 64, 64)

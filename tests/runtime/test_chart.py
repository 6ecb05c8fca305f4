"""The chart that previews without a still start from."""

from __future__ import annotations

import torch

from anim_runtime.ops.chart import chart
from anim_runtime.ops.kernel import FrameContext


def drawn(width: int, height: int, number: int = 0) -> torch.Tensor:
    return chart([], {"number": number}, FrameContext(0, width, height, torch.device("cpu")))


def test_it_is_a_picture_of_any_size() -> None:
    for width, height in ((320, 180), (180, 320), (8, 8), (33, 17)):
        made = drawn(width, height)
        assert made.shape == (1, 3, height, width)
        assert made.dtype == torch.float32
        assert 0.0 <= float(made.min()) < float(made.max()) <= 1.0


def test_it_tells_turns_and_mirrors_apart() -> None:
    made = drawn(80, 80)
    for changed in (made.flip(2), made.flip(3), made.flip(2, 3), made.transpose(2, 3)):
        assert float((changed - made).abs().mean()) > 0.05


def test_charts_of_scenes_that_follow_each_other_differ() -> None:
    assert all(float((drawn(64, 36, n) - drawn(64, 36, n + 1)).abs().mean()) > 0.1 for n in range(6))


def test_it_is_seen_when_it_is_shown_in_few_cells() -> None:
    small = torch.nn.functional.interpolate(drawn(320, 180), size=(45, 80), mode="area")
    # neighbours differ: squares and rings are there
    assert float((small[..., 1:] - small[..., :-1]).abs().mean()) > 0.02

"""Ways in which one picture follows another."""

from __future__ import annotations

import pytest
import torch

from anim_runtime.ops import KERNELS
from anim_runtime.ops.compose import revealed
from anim_runtime.ops.kernel import FrameContext

BLACK, WHITE = torch.zeros(1, 3, 4, 8), torch.ones(1, 3, 4, 8)
CONTEXT = FrameContext(0, 8, 4, torch.device("cpu"))


@pytest.mark.parametrize("way", ["fade", "left", "right", "up", "down"])
def test_a_reveal_begins_and_ends_exactly(way: str) -> None:
    assert torch.equal(revealed(BLACK, WHITE, 0.0, way), BLACK)
    assert torch.equal(revealed(BLACK, WHITE, 1.0, way), WHITE)
    assert float(revealed(BLACK, WHITE, 0.5, way).mean()) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("way", "side"),
    [
        ("right", (slice(None), slice(0, 4))),
        ("left", (slice(None), slice(4, 8))),
        ("down", (slice(0, 2), slice(None))),
        ("up", (slice(2, 4), slice(None))),
    ],
)
def test_an_edge_leaves_the_new_picture_behind_it(way: str, side: tuple[slice, slice]) -> None:
    half = revealed(BLACK, WHITE, 0.5, way)
    wanted = BLACK.clone()
    wanted[:, :, side[0], side[1]] = 1.0
    assert torch.equal(half, wanted)


def test_an_unknown_way_is_an_error() -> None:
    with pytest.raises(ValueError, match="sideways"):
        revealed(BLACK, WHITE, 0.5, "sideways")


@pytest.mark.parametrize(("color", "rgb"), [("#ff8000", (1.0, 128 / 255, 0.0)), ("white", (1.0, 1.0, 1.0))])
def test_a_dip_goes_to_its_colour(color: str, rgb: tuple[float, float, float]) -> None:
    grey = torch.full((1, 3, 4, 8), 0.5)
    full = KERNELS["dip"]([grey], {"amount": 1.0, "color": color}, CONTEXT)
    assert full[0, :, 1, 1].tolist() == pytest.approx(rgb)
    half = KERNELS["dip"]([grey], {"amount": 0.5, "color": color}, CONTEXT)
    assert half[0, :, 1, 1].tolist() == pytest.approx([(0.5 + c) / 2 for c in rgb])
    assert KERNELS["dip"]([grey], {"amount": 0.0, "color": color}, CONTEXT) is grey

"""Blend modes against the formulas of W3C Compositing and Blending, worked out by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_dsl.settings import SETTINGS
from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.composite import MODES

torch.set_num_threads(1)

CONTEXT = FrameContext(frame=0, width=1, height=1, device=torch.device("cpu"))


def grey(value: float) -> Tensor:
    return torch.full((1, 3, 1, 1), value)


def over(below: Tensor, above: Tensor, mode: str, opacity: float = 1.0) -> Tensor:
    return KERNELS["composite"]([below, above], {"mode": mode, "opacity": opacity}, CONTEXT)


def test_every_mode_of_the_language_is_there() -> None:
    assert set(MODES) == set(SETTINGS["layer", "mode"].choices)


@pytest.mark.parametrize(
    ("mode", "below", "above", "wanted"),
    [
        ("normal", 0.2, 0.7, 0.7),
        ("add", 0.2, 0.7, 0.9),
        ("add", 0.6, 0.7, 1.0),
        ("screen", 0.2, 0.7, 0.2 + 0.7 - 0.14),
        ("multiply", 0.2, 0.7, 0.14),
        ("overlay", 0.2, 0.7, 2 * 0.2 * 0.7),
        ("overlay", 0.8, 0.7, 1 - 2 * 0.2 * 0.3),
        ("soft_light", 0.4, 0.3, 0.4 - 0.4 * 0.4 * 0.6),
        ("soft_light", 0.2, 0.7, 0.2 + 0.4 * (((16 * 0.2 - 12) * 0.2 + 4) * 0.2 - 0.2)),
        ("soft_light", 0.64, 0.7, 0.64 + 0.4 * (0.8 - 0.64)),
        ("difference", 0.2, 0.7, 0.5),
        ("difference", 0.7, 0.2, 0.5),
    ],
)
def test_modes(mode: str, below: float, above: float, wanted: float) -> None:
    assert float(over(grey(below), grey(above), mode)[0, 1, 0, 0]) == pytest.approx(wanted, abs=1e-6)
    half = float(over(grey(below), grey(above), mode, 0.5)[0, 1, 0, 0])
    assert half == pytest.approx((below + wanted) / 2, abs=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_no_opacity_is_the_picture_below(mode: str) -> None:
    below = grey(0.3)
    assert over(below, grey(0.9), mode, 0.0) is below


def test_alpha_covers_as_opacity_does() -> None:
    # premultiplied
    layer = torch.cat((grey(0.45), torch.full((1, 1, 1, 1), 0.5)), dim=1)
    assert float(over(grey(0.1), layer, "normal")[0, 0, 0, 0]) == pytest.approx(0.5)
    assert float(over(grey(0.1), layer, "normal", 0.5)[0, 0, 0, 0]) == pytest.approx(0.3)


def test_a_mask_is_a_picture_of_greys() -> None:
    mask = torch.full((1, 1, 1, 1), 0.5)
    assert torch.allclose(over(grey(0.4), mask, "multiply"), grey(0.2))
    assert torch.allclose(over(mask, grey(0.4), "multiply"), grey(0.2))

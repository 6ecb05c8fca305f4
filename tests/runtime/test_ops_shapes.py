"""Masks that are drawn: where they are white, and how soft their edges are."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from anim_compiler.shapes import SHAPES
from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument
from anim_runtime.ops.shapes import SHAPES as KINDS

torch.set_num_threads(1)

WIDTH, HEIGHT = 64, 48
CONTEXT = FrameContext(frame=0, width=WIDTH, height=HEIGHT, device=torch.device("cpu"))


def drawn(kind: str, **args: float) -> Tensor:
    given: dict[str, Argument] = {"kind": kind, "x": 32.0, "y": 24.0, "soft": 0.0, **args}
    mask = KERNELS["shape"]([], given, CONTEXT)
    assert mask.shape == (1, 1, HEIGHT, WIDTH)
    assert mask.is_contiguous()
    assert 0.0 <= float(mask.min()) <= float(mask.max()) <= 1.0
    return mask[0, 0]


def test_every_shape_of_the_language_is_there() -> None:
    assert tuple(SHAPES) == KINDS


@pytest.mark.parametrize(
    ("kind", "args", "area"),
    [
        ("circle", {"radius": 10.0}, math.pi * 100),
        ("ellipse", {"width": 40.0, "height": 20.0, "angle": 30.0}, math.pi * 200),
        ("rectangle", {"width": 30.0, "height": 16.0, "angle": 20.0, "corner": 0.0}, 480.0),
        ("rectangle", {"width": 30.0, "height": 16.0, "angle": 0.0, "corner": 4.0}, 480 - 16 * (4 - math.pi)),
        ("gradient", {"angle": 0.0}, WIDTH * HEIGHT / 2),
    ],
)
@pytest.mark.parametrize("soft", [0.0, 6.0])
def test_the_area_is_that_of_the_shape(kind: str, args: dict[str, float], area: float, soft: float) -> None:
    assert float(drawn(kind, **args, soft=soft).sum()) == pytest.approx(area, rel=0.03)


def test_it_stands_where_it_is_put() -> None:
    mask = drawn("circle", x=20.0, y=30.0, radius=5.0)
    assert mask[29, 19] == 1.0
    assert mask[29, 26] == 0.0
    assert mask[23, 19] == 0.0


def test_a_soft_edge_is_half_inside_and_half_outside() -> None:
    row = drawn("rectangle", x=32.0, width=20.0, height=200.0, angle=0.0, corner=0.0, soft=8.0)[24]
    assert row[22 - 5] == 0.0
    assert row[22 + 4] == 1.0
    assert float(row[21] + row[22]) == pytest.approx(1.0, abs=1e-5)
    assert (row[17:28].diff() >= 0).all()


@pytest.mark.parametrize(
    ("angle", "bright"), [(0.0, (24, 60)), (90.0, (2, 32)), (180.0, (24, 4)), (270.0, (44, 32))]
)
def test_a_gradient_is_white_where_its_angle_points(angle: float, bright: tuple[int, int]) -> None:
    mask = drawn("gradient", angle=angle, soft=40.0)
    assert mask[bright] == mask.max()
    assert mask[HEIGHT - 1 - bright[0], WIDTH - 1 - bright[1]] == mask.min()
    assert float(mask[23:25, 31:33].mean()) == pytest.approx(0.5, abs=1e-4)


def test_a_shape_of_no_size_shows_nothing() -> None:
    assert float(drawn("circle", radius=0.0).max()) < 0.5
    assert float(drawn("circle", radius=-5.0).max()) == 0.0
    assert torch.isfinite(drawn("ellipse", width=0.0, height=0.0, angle=0.0)).all()

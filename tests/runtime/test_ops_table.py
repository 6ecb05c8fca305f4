"""What holds for every kernel of the table: tiny and odd sizes, ranges, inputs left alone, the same again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument
from anim_runtime.ops.lut import Table

torch.set_num_threads(1)

_GRADE: Mapping[str, Argument] = {
    "exposure": 0.5,
    "contrast": 1.2,
    "saturation": 1.5,
    "hue": 40.0,
    "temperature": 0.4,
    "tint": -0.3,
    "gamma": 0.8,
    "lift": -0.1,
    "gain": 1.3,
}
_TURN = np.concatenate([np.eye(3).reshape(9), [0.1, 0.0, 0.2, 2.0, 2.2]])
_MOVE = np.array((0.9, -0.1, 0.1, 0.1, 0.9, 0.0, 0.02, 0.0, 1.0))

#: op -> the kinds of its inputs and arguments with which it does something
USES: Mapping[str, tuple[str, Mapping[str, Argument]]] = {
    "warp2d": ("image", {"move": _MOVE, "border": "reflect"}),
    "kaleidoscope": (
        "image",
        {
            "segments": 5,
            "angle": 20.0,
            "slice": 70.0,
            "center_x": 0.4,
            "center_y": 0.6,
            "border": "reflect",
        },
    ),
    "warp3d": ("image depth", {"move": _TURN, "border": "wrap"}),
    "depth": ("image", {"method": "estimated"}),
    "depth_range": ("image", {"method": "estimated"}),
    "as_depth": ("image", {}),
    "steady_depth": ("depth mask", {"amount": 0.6}),
    "match_color": ("image image", {"space": "lab", "method": "moments"}),
    "color_stats": ("image", {"space": "rgb"}),
    "match_stats": ("image stats", {"space": "rgb"}),
    "sharpen": ("image", {"amount": 3.0, "radius": 2.0, "threshold": 2.0}),
    "blur": ("image", {"radius": 2.0}),
    "aberration": ("image", {"amount": 1.0}),
    "bloom": ("image", {"amount": 1.0}),
    "mix": ("image image", {"weight": 0.3}),
    "masked": ("image image mask", {}),
    "composite": ("image image", {"mode": "soft_light", "opacity": 0.8}),
    "luma_mask": ("image", {"low": 0.3, "high": 0.6}),
    "depth_mask": ("depth", {"low": 0.3, "high": 0.6}),
    "difference_mask": ("image image", {"low": 0.1, "high": 0.4}),
    "mask_and": ("mask mask", {}),
    "mask_or": ("mask mask", {}),
    "mask_not": ("mask", {}),
    "uncovered2d": ("image", {"move": _MOVE}),
    "uncovered3d": ("image depth", {"move": _TURN}),
    "fill_noise": ("image mask", {"seed": 3}),
    "add_noise": ("image", {"amount": 0.5, "seed": 3, "type": "perlin"}),
    "contrast": ("image", {"amount": 4.0}),
    "dip": ("image", {"amount": 0.4, "color": "teal"}),
    "grade": ("image", _GRADE),
    "grain": ("image", {"amount": 1.0, "seed": 1}),
    "vignette": ("image", {"amount": 1.0}),
    "lut": ("image", {"name": "a.cube", "amount": 0.7}),
    "blend": ("image image mask", {"weight": 0.4}),
    "between": ("image image", {"weight": 0.4, "factor": 1.0, "preset": "fast"}),
    "estimate_flow": ("image image", {"method": "dis", "preset": "fast"}),
    "warp_flow": ("image flow", {"factor": 0.5, "border": "reflect"}),
    "visibility": ("flow flow", {}),
    "empty": ("", {}),
    "chart": ("", {"number": 1}),
    "flat": ("cutout", {}),
    "layer": (
        "image cutout mask",
        {
            **dict.fromkeys(("x", "y", "inset"), 0.0),
            "scale": 1.2,
            "unit": 1.0,
            "angle": 20.0,
            "opacity": 0.8,
            "mode": "screen",
            "anchor": "center",
        },
    ),
    "shape": (
        "",
        {
            "kind": "circle",
            "x": 2.0,
            "y": 2.0,
            "soft": 1.0,
            "radius": 3.0,
            **dict.fromkeys(("angle", "width", "height", "corner"), 0.0),
        },
    ),
    "pointwise": (
        "image",
        {"steps": "contrast vignette", "0.amount": 2.0, "1.amount": 0.5},
    ),
    "hint_canny": ("image", {"low": 20.0, "high": 60.0}),
    "hint_scribble": ("image", {}),
    "hint_lineart": ("image", {}),
    "hint_softedge": ("image", {}),
    "hint_tile": ("image", {}),
    "hint_depth": ("depth", {}),
    "hint_normal": ("depth", {}),
    "hint_beside": ("image image", {"place": 1, "count": 2, "name": "depth"}),
}
#: its network is not here: `hints/test_pose.py` has a small one
WITH_WEIGHTS = {"hint_pose"}
#: a colour table of two points along each axis: red and blue exchanged
TABLE = Table(
    3,
    2,
    torch.zeros(1, 3, 1, 1),
    torch.ones(1, 3, 1, 1),
    torch.tensor([(b, g, r) for b in (0.0, 1.0) for g in (0.0, 1.0) for r in (0.0, 1.0)]),
)
MASKS = {
    *("luma_mask", "depth_mask", "difference_mask", "uncovered2d", "uncovered3d"),
    *("mask_and", "mask_or", "mask_not", "visibility", "shape"),
}
#: what gives no picture, mask or depth of its input's size
OTHERS = {"chart", "color_stats", "depth_range", "estimate_flow", "empty", "shape"}
#: motion is looked for by OpenCV, which reads small grey pictures on the host
ON_HOST = {"estimate_flow", "between"}
DEPTHS = {"depth", "as_depth", "steady_depth"}
SIZES = [(1, 1), (3, 2), (2, 3), (1, 7), (13, 17)]


def inputs_of(op: str, size: tuple[int, int]) -> list[Tensor]:
    source = torch.Generator().manual_seed(4)
    kinds = {
        "image": lambda: torch.rand(1, 3, *size, generator=source),
        "mask": lambda: torch.rand(1, 1, *size, generator=source),
        "depth": lambda: 1 + torch.rand(1, 1, *size, generator=source),
        "stats": lambda: stats(size),
        "flow": lambda: torch.rand(1, 2, *size, generator=source) * 4 - 2,
        "cutout": lambda: torch.rand(1, 4, *size, generator=source).mul_(torch.tensor(0.5)),
    }
    return [kinds[kind]() for kind in USES[op][0].split()]


def stats(size: tuple[int, int]) -> Tensor:
    return run("color_stats", [torch.rand(1, 3, *size)])


def run(op: str, inputs: Sequence[Tensor]) -> Tensor:
    height, width = inputs[0].shape[2:] if inputs else (9, 11)
    frame = FrameContext(3, width, height, torch.device("cpu"), tables={"a.cube": TABLE})
    return KERNELS[op](inputs, USES[op][1], frame)


def test_every_kernel_is_tried() -> None:
    assert set(USES) == set(KERNELS) - WITH_WEIGHTS


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("op", sorted(set(USES) - OTHERS))
def test_sizes_types_and_ranges(op: str, size: tuple[int, int]) -> None:
    inputs = inputs_of(op, size)
    before = [picture.clone() for picture in inputs]
    made = run(op, inputs)
    assert made.shape == (1, 1 if op in MASKS | DEPTHS else 3, *size)
    assert made.dtype == torch.float32
    assert torch.isfinite(made).all()
    low = 1.0 if op in DEPTHS else 0.0
    assert low <= float(made.min()) <= float(made.max()) <= low + 1.0
    assert all(torch.equal(a, b) for a, b in zip(inputs, before, strict=True))
    assert torch.equal(run(op, inputs), made)


@pytest.mark.parametrize("op", sorted(op for op, (kinds, _) in USES.items() if "image" in kinds))
def test_a_mask_stands_for_a_picture(op: str) -> None:
    """What is done to its greys as an image is done to it."""
    inputs = inputs_of(op, (9, 11))
    grey = torch.rand(1, 1, 9, 11, generator=torch.Generator().manual_seed(5))
    as_mask = run(op, [grey, *inputs[1:]])
    as_image = run(op, [grey.expand(-1, 3, -1, -1), *inputs[1:]])
    assert torch.allclose(as_mask.expand_as(as_image).float(), as_image.float(), atol=2e-5)


@pytest.mark.parametrize("op", sorted(op for op, (kinds, _) in USES.items() if kinds == "image"))
def test_a_picture_that_is_a_view_is_read_rightly(op: str) -> None:
    """Strides are nothing to a kernel: what a slice of a batch gives is what a copy gives."""
    batch = torch.rand(4, 3, 9, 11, generator=torch.Generator().manual_seed(6))
    turned = batch.permute(0, 1, 3, 2)
    for view in (batch[2:3], turned[1:2]):
        assert torch.allclose(run(op, [view]).float(), run(op, [view.contiguous()]).float(), atol=1e-6)


@pytest.mark.parametrize("op", sorted(set(USES) - {"color_stats", "match_stats", "hint_canny"} - ON_HOST))
def test_nothing_falls_back_on_the_cpu(op: str) -> None:
    """On the device that knows shapes alone and refuses tensors of others (statistics count, and edges grow
    until none comes to them: it cannot).
    """
    inputs = [picture.to("meta") for picture in inputs_of(op, (13, 17))]
    there = replace(
        TABLE, low=TABLE.low.to("meta"), high=TABLE.high.to("meta"), values=TABLE.values.to("meta")
    )
    frame = FrameContext(3, 17, 13, torch.device("meta"), tables={"a.cube": there})
    made = KERNELS[op](inputs, USES[op][1], frame)
    assert made.device.type == "meta"

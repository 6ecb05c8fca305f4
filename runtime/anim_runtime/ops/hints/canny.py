"""Hard edges as OpenCV's `Canny` finds them, of which most ControlNets for edges have learned.

The picture is looked at in 8 bits, and every sum is of whole numbers, so the edges are the same on each
device, pixel for pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.hints.stack import stacked
from anim_runtime.ops.kernel import Arguments, FrameContext, number

#: the tangent of 22.5° in 15 bits, which parts level from slanting gradients
_TANGENT: Final = 13573
#: steps between two looks at whether edges still grow: each look waits for the device
_STRIDE: Final = 24


def hint_canny(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """White edges on black of a picture `[B,3,H,W]`; `low` and `high` (0..255) as `cv2.Canny` takes them.

    Gradients above `high` are edges, and those above `low` that hang together with one.
    """
    picture = as_image(inputs[0])
    low, high = sorted((number(args, "low"), number(args, "high")))
    if picture.device.type == "cpu":
        return _by_opencv(picture, low, high)
    return by_tensors(picture, low, high)


def by_tensors(picture: Tensor, low: float, high: float) -> Tensor:
    """The same on any device (Canny 1986, as OpenCV has it: 3×3 Sobel, the sum of both gradients' sizes, of
    each pixel's channels the one with the largest).
    """
    across, down, size = _gradients((picture * 255.0).round_().clamp_(0.0, 255.0))
    crest = _crests(across, down, size) & (size > int(low))
    edges = _grown(crest & (size > int(high)), crest)
    return stacked(edges.to(picture.dtype))


def _by_opencv(picture: Tensor, low: float, high: float) -> Tensor:
    import cv2
    import numpy as np

    pixels = (picture * 255.0).round_().clamp_(0.0, 255.0).to(torch.uint8).permute(0, 2, 3, 1)
    found = [cv2.Canny(np.ascontiguousarray(image), low, high) for image in pixels.numpy()]
    edges = torch.from_numpy(np.stack(found)).unsqueeze(1)
    return stacked((edges > 0).to(picture.dtype))


def _gradients(pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Across, down, and the sum of their sizes, `[B,1,H,W]` each: whole numbers."""
    padded = functional.pad(pixels, (1, 1, 1, 1), mode="replicate")
    smooth = padded[..., :-2, :] + 2.0 * padded[..., 1:-1, :] + padded[..., 2:, :]
    across = smooth[..., 2:] - smooth[..., :-2]
    smooth = padded[..., :-2] + 2.0 * padded[..., 1:-1] + padded[..., 2:]
    down = smooth[..., 2:, :] - smooth[..., :-2, :]
    size = across.abs() + down.abs()
    largest = size.argmax(1, keepdim=True)
    return across.gather(1, largest), down.gather(1, largest), size.gather(1, largest)


def _crests(across: Tensor, down: Tensor, size: Tensor) -> Tensor:
    """Where a gradient is the largest along its own direction; of two equal ones the first counts."""
    # whole numbers to 2**31 do not fit into single precision
    x, y = across.abs().long(), down.abs().long() << 15
    level, steep = y < x * _TANGENT, y > x * _TANGENT + (x << 16)
    around = functional.pad(size, (1, 1, 1, 1))

    def beside(dy: int, dx: int) -> Tensor:
        height, width = size.shape[2:]
        return around[..., 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]

    flat = (size > beside(0, -1)) & (size >= beside(0, 1))
    upright = (size > beside(-1, 0)) & (size >= beside(1, 0))
    falling = (size > beside(-1, -1)) & (size > beside(1, 1))
    rising = (size > beside(-1, 1)) & (size > beside(1, -1))
    # slanting edges rise where both gradients have different signs
    slanting = torch.where((across < 0) ^ (down < 0), rising, falling)
    return torch.where(level, flat, torch.where(steep, upright, slanting))


def _grown(edges: Tensor, within: Tensor) -> Tensor:
    """Edges, and all that hangs together with them within a mask; neighbours are the eight around a pixel."""
    grown, count = edges.float(), -1
    allowed = within.float()
    while True:
        for _ in range(_STRIDE):
            grown = functional.max_pool2d(grown, 3, 1, 1) * allowed
        found = int(grown.sum())
        if found == count:
            return grown > 0.0
        count = found

"""Depth of a picture as a kernel: z of every pixel, 1 (near) to 2 (far) unless a camera says otherwise.

Units of z are 200 of the scene's, Deforum's. The estimators are in `anim_runtime.depth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.depth.found import estimator
from anim_runtime.depth.range import FAR, NEAR, farness, placed, span
from anim_runtime.depth.steady import farness_of, steadied
from anim_runtime.ops.channels import as_image, as_mask
from anim_runtime.ops.kernel import Arguments, FrameContext, number

FLAT = "flat"


class Depth:
    """The kernels that estimate; models are looked for below `root`, and in the user's `library`."""

    def __init__(self, root: Path | None = None, library: Path | None = None) -> None:
        self._root = root
        self._library = library

    def depth(self, inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        """z `[1,1,H,W]` of the image, by `method`, evenly from `near` to `far` (scene units).

        `inputs`: image `[1,3,H,W]` and, if there is one, the range `[2]` that the estimator's values are
        measured by; without it the picture's own. Flat depth is one value expanded (strides 0).
        """
        image = as_image(inputs[0])
        height, width = image.shape[2:]
        if args["method"] == FLAT:
            return torch.ones((1, 1, 1, 1), device=image.device).expand(1, 1, height, width)
        found = estimator(str(args["method"]), self._root, image.device, self._library)
        values = found(image)
        over = inputs[1] if len(inputs) > 1 else span(values, found.least)
        far = farness(values, over, found.space)
        z = placed(far, *ends_of(args))
        return functional.interpolate(z, size=(height, width), mode="bilinear", align_corners=False)

    def depth_range(self, inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        """The range `[2]` of what an estimator says of a picture, that of a scene's first frame."""
        (picture,) = inputs
        image = as_image(picture)
        found = estimator(str(args["method"]), self._root, image.device, self._library)
        return span(found(image), found.least)


def as_depth(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A picture as z `[1,1,H,W]`: white is at `near`, black at `far` (scene units), grey evenly between."""
    (picture,) = inputs
    return placed(1.0 - as_mask(picture).clamp(0.0, 1.0), *ends_of(args))


def steady_depth(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """z `[1,1,H,W]` that keeps `amount` of the depth before, as far as they agree (`depth.steady`).

    `inputs`: z of this picture, and the farness of the frame before as this one sees it, `[1,1,h,w]`; where
    nothing is known an empty one, `[1,1,0,0]`, and then z is as it was.
    """
    z, before = inputs
    amount, ends = number(args, "amount"), ends_of(args)
    if amount == 0.0 or before.numel() == 0:
        return z
    return placed(steadied(farness_of(z, *ends), before, amount), *ends)


def ends_of(args: Arguments) -> tuple[float, float]:
    """Where the nearest and the farthest depth are, in scene units."""
    near = number(args, "near") if args.get("near") is not None else NEAR
    return near, number(args, "far") if args.get("far") is not None else FAR

"""What stands in a hole before the model sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.blur import gaussian_blur
from anim_runtime.ops.channels import as_image, as_mask
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.noise import between, gaussian, place_of
from anim_runtime.sending import sent

#: how far around a hole its colour is taken from, as shares of the picture's height: where nothing is seen
#: within the last of them, from the one before
AROUND = (1 / 4, 1 / 16)
#: the standard deviation of the noise, of a range of 1: something to make detail of, and little enough to be
#: gone after a third of the steps
SPREAD = 0.12
#: of what is seen so little is left in the middle of a hole that the whole picture's colour takes over
_LEAST = 1e-3


def fill_noise(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The picture `[1,3,H,W]` with noise around the colour of its surroundings where the mask `[1,1,H,W]` is
    white; the picture itself where that is black. Values 0..1; `seed` as in `between`.

    The colour is the mean of what is seen within about a sixteenth of the height (a Gaussian's weights),
    within a quarter where nothing is that near, and of all that is seen where nothing is; of a picture that
    is a hole altogether it is its own.
    """
    picture, mask = as_image(inputs[0]), as_mask(inputs[1])
    height, width = picture.shape[2:]
    place = place_of(frame)

    def draw(seed: int) -> NDArray[np.float32]:
        return gaussian((1, 3, height, width), seed=seed, frame=place, op="fill_noise")

    noise = sent(torch.from_numpy(between(number(args, "seed"), draw)), picture.device)
    grain = noise.mul_(SPREAD).add_(_surroundings(picture, 1.0 - mask)).clamp_(0.0, 1.0)
    return torch.where(mask > 0.0, torch.lerp(picture, grain, mask.expand_as(picture)), picture)


def _surroundings(picture: Tensor, seen: Tensor) -> Tensor:
    """The colour around each pixel, of what is seen: `[1,3,H,W]`; `seen` `[1,1,H,W]` is 0..1."""
    mean = (picture * seen).sum(dim=(2, 3), keepdim=True) + _LEAST * picture.sum(dim=(2, 3), keepdim=True)
    colour = mean / (seen.sum() + _LEAST * seen.numel())
    visible = picture * seen
    for share in AROUND:
        deviation = max(1.0, picture.shape[2] * share)
        near = gaussian_blur(visible, deviation) + _LEAST * colour
        colour = near / (gaussian_blur(seen, deviation) + _LEAST)
    return colour

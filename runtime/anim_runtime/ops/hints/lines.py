"""Drawn lines of a picture without any weights: loose ones, clean ones, soft ones."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.blur import gaussian_blur
from anim_runtime.ops.channels import as_image
from anim_runtime.ops.hints.stack import stacked
from anim_runtime.ops.kernel import Arguments, FrameContext

#: the height of a picture at which deviations below are px: that of the pictures ControlNets learned from
_BASE_PX = 512.0
#: scribble: a fine and a coarse Gaussian, and how much darker a line is than what is around it, of 255
_FINE, _COARSE, _INK = 0.5, 5.0, 16.0
#: line art: what lines stand out from
_PAPER = 6.0
#: what counts as ink at all, and the least that its middle value is taken for
_TRACE, _FAINT = 8.0 / 255.0, 16.0 / 255.0
#: soft edges: deviations of the scales they are looked for at, fine to coarse
_SCALES = (0.8, 2.0, 4.0)


def hint_scribble(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """White strokes on black where a picture is darker than around (difference of Gaussians, Winnemöller et
    al. 2012, with the numbers of the annotators of ControlNet, `scribble_xdog`).
    """
    picture = as_image(inputs[0])
    unit = _unit(picture)
    around = gaussian_blur(picture, _COARSE * unit) - gaussian_blur(picture, _FINE * unit)
    ink = around.amin(1, keepdim=True) * 255.0
    return stacked((ink > _INK).to(picture.dtype))


def hint_lineart(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """White lines on black, as strong as they are in the picture (the annotators' `lineart_standard`).

    Of all that is darker than the paper around it the middle value is half white: faint drawings show too.
    """
    picture = as_image(inputs[0])
    ink = (gaussian_blur(picture, _PAPER * _unit(picture)) - picture).amin(1, keepdim=True).clamp_min_(0.0)
    find = middle_by_choice if ink.device.type == "cpu" else middle_by_order
    middle = torch.stack([find(one) for one in ink]).view(-1, 1, 1, 1)
    return stacked((ink * (127.0 / 255.0) / middle).clamp_(0.0, 1.0))


def hint_softedge(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """Soft white edges on black: what changes at several scales, thinner where it is sharp.

    It stands for HED (Xie and Tu 2015), which learned them: contours of things are as there, but texture is
    held back less.
    """
    picture = as_image(inputs[0])
    unit, found = _unit(picture), None
    for scale in _SCALES:
        deviation = max(scale * unit, 0.5)
        # a step of height 1 has the same response at every scale
        slope = _slope(gaussian_blur(picture, deviation)) * (deviation * 2.5)
        found = slope if found is None else found + slope
    assert found is not None, "there are scales"
    strong = (found / len(_SCALES) - 0.04).clamp_min_(0.0)
    # faint edges show, and strong ones do not burn out: half white at a step of about an eighth
    return stacked((strong / (strong + 0.08)).clamp_(0.0, 1.0))


def hint_tile(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The picture without its detail, which the model then finds again: blurred by 1/128 of its height."""
    picture = as_image(inputs[0])
    return gaussian_blur(picture, picture.shape[2] / 128.0).clamp_(0.0, 1.0)


def _unit(picture: Tensor) -> float:
    """Deviations are px at a height of 512, so that a film has the same lines at every size."""
    return float(min(picture.shape[2:])) / _BASE_PX


def middle_by_choice(ink: Tensor) -> Tensor:
    """The middle value of what is ink at all, of `[1,H,W]`; 16 of 255 at least."""
    there = ink[ink > _TRACE]
    if there.numel() == 0:
        return torch.full((), _FAINT, device=ink.device)
    return there.kthvalue(there.numel() // 2 + 1).values.clamp_min(_FAINT)


def middle_by_order(ink: Tensor) -> Tensor:
    """The same without a look at how many there are, for which a device would have to be waited for."""
    there = ink > _TRACE
    ranks = torch.where(there, ink, torch.full_like(ink, torch.inf)).flatten().sort().values
    place = (there.sum() // 2).clamp(max=ranks.numel() - 1)
    value = ranks.gather(0, place.view(1))[0]
    return torch.where(torch.isfinite(value), value, torch.zeros_like(value)).clamp_min(_FAINT)


def _slope(picture: Tensor) -> Tensor:
    """How steep a picture `[B,3,H,W]` is, in its steepest channel, a px: `[B,1,H,W]`."""
    padded = functional.pad(picture, (1, 1, 1, 1), mode="replicate")
    across = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]).mul_(0.5)
    down = (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]).mul_(0.5)
    return across.square_().add_(down.square_()).amax(1, keepdim=True).sqrt_()

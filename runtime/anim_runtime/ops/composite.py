"""One picture laid over another: the blend modes of W3C Compositing and Blending Level 1.

Everything is reckoned on sRGB values as they are stored, as browsers and picture editors do. A picture with
alpha, `[1,4,H,W]`, is premultiplied: its colours are times its alpha already, so that it may be moved, scaled
and blurred without dark or bright edges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import torch
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.kernel import Arguments, FrameContext, number, word

#: `B(below, above)`: the colour where both are opaque; may leave 0..1
Blend: TypeAlias = Callable[[Tensor, Tensor], Tensor]

#: alpha below which a colour cannot be told any more
_LEAST = 1e-6


def composite(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """One picture over another; what is below gives the channels, `[1,3,H,W]` or `[1,4,H,W]`.

    `inputs`: below and above, each an image, a mask (a picture of greys) or a picture with alpha. `mode`
    names the blend in `MODES`; `opacity` 0..1, 0 gives the picture below itself.
    """
    below, above = inputs
    opacity = number(args, "opacity")
    mode = word(args, "mode", tuple(MODES))
    if opacity == 0.0:
        return below
    below = below if below.shape[1] == 4 else as_image(below)
    if above.shape[1] != 4:
        above = with_alpha(as_image(above))
    return laid(below, above * opacity, mode)


def laid(below: Tensor, above: Tensor, mode: str) -> Tensor:
    """`above`, premultiplied `[1,4,H,W]`, over an image `[1,3,H,W]` or a premultiplied `[1,4,H,W]`.

    With α of both pictures, Cs and Cb their colours, as W3C Compositing has it (5.8):
    `co = αs·(1-αb)·Cs + αb·(1-αs)·Cb + αs·αb·B(Cb, Cs)`, and `αo = αs + αb·(1-αs)`; an image has
    αb = 1.
    """
    color, alpha = above[:, :3], above[:, 3:]
    if below.shape[1] == 3:
        if mode == "normal":
            return (below * (1.0 - alpha)).add_(color).clamp_(0.0, 1.0)
        mixed = MODES[mode](below, _straight(color, alpha))
        return torch.lerp(below, mixed, alpha.expand_as(below)).clamp_(0.0, 1.0)
    under, behind = below[:, :3], below[:, 3:]
    made = under * (1.0 - alpha)
    if mode == "normal":
        made.add_(color)
    else:
        mixed = MODES[mode](_straight(under, behind), _straight(color, alpha)).clamp_(0.0, 1.0)
        made.add_(color * (1.0 - behind)).add_(mixed * (alpha * behind))
    return torch.cat((made, alpha + behind * (1.0 - alpha)), dim=1).clamp_(0.0, 1.0)


def with_alpha(image: Tensor) -> Tensor:
    """An image `[1,3,H,W]` as an opaque picture `[1,4,H,W]`; one with alpha as it is."""
    if image.shape[1] == 4:
        return image
    return torch.cat((image, torch.ones_like(image[:, :1])), dim=1)


def _straight(color: Tensor, alpha: Tensor) -> Tensor:
    """The colours of a premultiplied picture; black where nothing is."""
    return color / alpha.clamp_min(_LEAST)


def _overlay(below: Tensor, above: Tensor) -> Tensor:
    """`hard-light` with the pictures exchanged: multiply where the lower one is dark, else screen."""
    doubled = 2.0 * below
    light = doubled - 1.0
    return torch.where(below <= 0.5, doubled * above, light + above - light * above)


def _soft_light(below: Tensor, above: Tensor) -> Tensor:
    dark = below - (1.0 - 2.0 * above) * below * (1.0 - below)
    bent = torch.where(
        below <= 0.25, ((16.0 * below - 12.0) * below + 4.0) * below, below.clamp_min(0.0).sqrt()
    )
    return torch.where(above <= 0.5, dark, below + (2.0 * above - 1.0) * (bent - below))


#: The modes that `composite` and a `layer` may have. `add` is `plus-lighter` of the Level 2 draft, the others
#: carry the names of Level 1.
MODES: Mapping[str, Blend] = MappingProxyType(
    {
        "normal": lambda below, above: above,
        "add": lambda below, above: (below + above).clamp_(0.0, 1.0),
        "screen": lambda below, above: below + above - below * above,
        "multiply": lambda below, above: below * above,
        "overlay": _overlay,
        "soft_light": _soft_light,
        "difference": lambda below, above: (below - above).abs_(),
    }
)


def flat(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A picture with alpha `[1,4,H,W]` over black, `[1,3,H,W]`; another as it is."""
    (picture,) = inputs
    return picture[:, :3] if picture.shape[1] == 4 else picture


def empty(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """A picture of the frame's size in which nothing is to be seen: zeros `[1,4,H,W]`."""
    return torch.zeros((1, 4, frame.height, frame.width), device=frame.device)

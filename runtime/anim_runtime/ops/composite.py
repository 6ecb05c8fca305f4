"""One picture laid over another: the blend modes of W3C Compositing and Blending Level 1."""

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


def composite(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """`below + (B(below, above) - below)·opacity·alpha`, clipped to 0..1; an image `[1,3,H,W]`.

    `inputs`: below, an image or a mask; above, the same or RGBA `[1,4,H,W]` with straight alpha. `mode` names
    B in `MODES`; `opacity` 0..1, 0 gives the picture below itself.
    """
    below, above = inputs
    opacity = number(args, "opacity")
    blend = MODES[word(args, "mode", tuple(MODES))]
    if opacity == 0.0:
        return below
    below = as_image(below)
    if above.shape[1] != 4:
        return torch.lerp(below, blend(below, as_image(above)), opacity).clamp_(0.0, 1.0)
    cover = (above[:, 3:] * opacity).expand_as(below)
    return torch.lerp(below, blend(below, above[:, :3]), cover).clamp_(0.0, 1.0)


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

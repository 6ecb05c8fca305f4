"""Hints at the size that a ControlNet looks at."""

from __future__ import annotations

import torch
import torch.nn.functional as functional

#: pixels to a latent that codecs have, the usual first
_SCALES = (8, 16, 32, 4)


def fitted(hint: torch.Tensor, height: int, width: int, latent: tuple[int, int], scale: int) -> torch.Tensor:
    """A hint `[B,3,H,W]` as a ControlNet sees it: `scale` px to a latent, `[B,3,scale·h,scale·w]`.

    `height` and `width` are those of the frame. A hint of another shape is cut at its sides, in equal parts,
    like the film's pictures are; where the frame is no whole number of latents, it goes on as its edge is, as
    the frame does.
    """
    hint = covering(hint, height, width)
    rows, columns = latent
    px = next((p for p in _SCALES if _holds(rows * p - height, p) and _holds(columns * p - width, p)), None)
    if px is not None:
        edges = (0, columns * px - width, 0, rows * px - height)
        hint = functional.pad(hint, edges, mode="replicate") if any(edges) else hint
    return _sized(hint, rows * scale, columns * scale)


def _holds(beyond: int, px: int) -> bool:
    """Whether latents of so many px hold a frame: less than two lie beyond it, for some go by twos."""
    return 0 <= beyond < 2 * px


def covering(hint: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """A hint `[B,3,H,W]` enlarged or made smaller until it covers the frame, and cut to it."""
    own_height, own_width = hint.shape[-2:]
    if (own_height, own_width) == (height, width):
        return hint
    factor = max(height / own_height, width / own_width)
    size = max(height, round(own_height * factor)), max(width, round(own_width * factor))
    whole = _sized(hint, *size)
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    return whole[..., top : top + height, left : left + width]


def _sized(hint: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """At a size in px; thin lines stay, grey where they are made smaller."""
    if tuple(hint.shape[-2:]) == (height, width):
        return hint
    size = (height, width)
    made = functional.interpolate(hint, size=size, mode="bilinear", antialias=True, align_corners=False)
    return made.clamp(0.0, 1.0)

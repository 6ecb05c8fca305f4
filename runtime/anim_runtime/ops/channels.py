"""Pictures of one channel and of three: where one stands for the other, and the light of a colour."""

from __future__ import annotations

from torch import Tensor

#: What the three primaries give to lightness: ITU-R BT.709, on values as they are stored (sRGB-encoded).
LUMA = (0.2126, 0.7152, 0.0722)


def as_image(picture: Tensor) -> Tensor:
    """A picture with three channels: `[1,3,H,W]` as it is, a mask `[1,1,H,W]` as greys, one with alpha
    (premultiplied, `[1,4,H,W]`) over black.
    """
    if picture.shape[1] == 4:
        return picture[:, :3]
    return picture if picture.shape[1] == 3 else picture.expand(-1, 3, -1, -1)


def as_mask(picture: Tensor) -> Tensor:
    """A picture with one channel: `[1,1,H,W]` as it is, the luma `[1,1,H,W]` of an image."""
    return picture if picture.shape[1] == 1 else luma(picture)


def luma(image: Tensor) -> Tensor:
    """BT.709 luma `[1,1,H,W]` of an image `[1,3,H,W]`, both 0..1; of greys, the grey within rounding."""
    red, green, blue = image[:, :1], image[:, 1:2], image[:, 2:3]
    return red.mul(LUMA[0]).add_(green, alpha=LUMA[1]).add_(blue, alpha=LUMA[2])

"""The built-in depth estimator's network: a small U-Net from a picture to the logarithm of its distances."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

#: sides of what the network is given are multiples of this
STRIDE = 16
WIDTHS = (24, 48, 72, 96)


class Block(nn.Module):
    """A 3×3 convolution that may halve the size, and two more beside a skip: [B,C,H,W] to [B,D,H,W]."""

    def __init__(self, channels: int, out: int, stride: int = 1) -> None:
        super().__init__()
        self.enter = _convolution(channels, out, stride)
        self.first = _convolution(out, out)
        self.second = _convolution(out, out)

    def forward(self, x: Tensor) -> Tensor:
        """The block's features."""
        x = functional.silu(self.enter(x))
        y: Tensor = self.second(functional.silu(self.first(x)))
        return functional.silu(x + y)


def _convolution(channels: int, out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, out, 3, stride, padding=1, bias=False, padding_mode="replicate"),
        nn.BatchNorm2d(out),
    )


class DepthNet(nn.Module):
    """Pictures [B,3,H,W] of 0..1 (sides multiples of `STRIDE`) to farness [B,1,H,W] of about 0..1.

    0 is the nearest and 1 the sky; the value is the logarithm of the distance, in units of the range that
    the training scenes have. The height in the picture goes in as a fourth plane: it is the strongest cue
    where there is a ground (Hoiem et al. 2005). The mean of the deepest features goes back into each of
    them, so that what is known of the whole picture is known everywhere.
    """

    def __init__(self) -> None:
        super().__init__()
        one, two, three, four = WIDTHS
        self.stem = Block(13, one)
        self.down = nn.ModuleList([Block(one, two, 2), Block(two, three, 2), Block(three, four, 2)])
        self.whole = nn.Linear(four, four)
        self.up = nn.ModuleList([_join(four, three), _join(three, two), _join(two, one)])
        self.out = nn.Conv2d(one, 4, 3, padding=1, padding_mode="replicate")

    def laid_out(self) -> DepthNet:
        """The network itself, its numbers channel by channel, which a CPU convolves a third faster."""
        for weights in self.parameters():
            if weights.dim() == 4:
                weights.data = weights.data.contiguous(memory_format=torch.channels_last)
        return self

    def forward(self, images: Tensor) -> Tensor:
        """The farness of every pixel."""
        folded = functional.pixel_unshuffle(images * 2 - 1, 2)
        rows = torch.linspace(-1.0, 1.0, folded.shape[2], device=images.device, dtype=images.dtype)
        height = rows.reshape(1, 1, -1, 1).expand(folded.shape[0], 1, -1, folded.shape[3])
        x = self.stem(torch.cat([folded, height], 1))
        kept = []
        for down in self.down:
            kept.append(x)
            x = down(x)
        x = x + self.whole(x.mean((2, 3)))[:, :, None, None]
        for up, skip in zip(self.up, reversed(kept), strict=True):
            larger = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = up(torch.cat([larger, skip], 1))
        return functional.pixel_shuffle(self.out(x), 2) + 0.5


def _join(deep: int, shallow: int) -> nn.Sequential:
    first, second = _convolution(deep + shallow, shallow), _convolution(shallow, shallow)
    return nn.Sequential(first, nn.SiLU(), second, nn.SiLU())

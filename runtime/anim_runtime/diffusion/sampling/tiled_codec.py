"""Large pictures to latents and back in overlapping windows, so that memory does not grow with them."""

from __future__ import annotations

import torch
import torch.nn.functional as functional

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.sampling.windows import Joined, Windows, windows_of

#: latents that windows share: what a decoder sees around a place is about as much
OVERLAP = 16
#: a window's least edge in latents
LEAST = 32


class TiledCodec:
    """A codec that works on windows of about `edge_px` × `edge_px`."""

    def __init__(self, codec: Codec, edge_px: int) -> None:
        self._codec = codec
        self._edge_px = edge_px

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return self._codec.channels

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the latents of a picture of that size in pixels."""
        return self._codec.latent_size(height, width)

    def factor(self, height: int, width: int) -> int:
        """Pixels to a latent, along an edge."""
        rows, columns = self.latent_size(height, width)
        return max(-(-height // rows), -(-width // columns))

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents float32 `[B,C,h,w]` of pictures `[B,3,H,W]` of 0..1."""
        height, width = images.shape[-2:]
        rows, columns = self.latent_size(height, width)
        factor, windows = self.factor(height, width), self._windows(height, width)
        edges = (0, columns * factor - width, 0, rows * factor - height)
        whole = functional.pad(images, edges, mode="replicate") if any(edges) else images
        in_px = _times(windows, factor)
        corners = [(top * factor, left * factor) for top, left in windows.corners]
        made = [self._codec.encode(in_px.cut(whole, corner)) for corner in corners]
        size = (len(images), self.channels, rows, columns)
        return Joined(windows, size, images.device).of(made, size)

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures float32 `[B,3,height,width]` of 0..1 of latents `[B,C,h,w]`."""
        factor, windows = self.factor(height, width), self._windows(height, width)
        in_px = _times(windows, factor)
        made = [
            self._codec.decode(windows.cut(latents, corner), in_px.rows, in_px.columns)
            for corner in windows.corners
        ]
        size = (len(latents), 3, latents.shape[-2] * factor, latents.shape[-1] * factor)
        whole = Joined(in_px, size, latents.device).of(made, size)
        return whole[..., :height, :width]

    def _windows(self, height: int, width: int) -> Windows:
        rows, columns = self.latent_size(height, width)
        edge = max(LEAST, self._edge_px // self.factor(height, width))
        return windows_of(rows, columns, edge, min(OVERLAP, edge // 2), step=2)


def _times(windows: Windows, factor: int) -> Windows:
    """The windows of the pixels."""
    tops, lefts = (tuple(place * factor for place in places) for places in (windows.tops, windows.lefts))
    return Windows(tops, lefts, windows.rows * factor, windows.columns * factor)

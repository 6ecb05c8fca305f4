"""Camera moves as image warps: a homography in 2d; a rotation and a translation in 3d, with depth.

Coordinates are centred: unit = half the picture's height, x right, y down, so a move does not depend on
the size. Moves map source to destination; pictures are read backwards, destination to source.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, vector, word
from anim_runtime.ops.resample import BORDERS, resample

#: Steps that look for the source of a destination pixel. Each is exact for the plane of the depth found so
#: far, and shrinks the error as long as parallax changes by less than a pixel from one pixel to the next.
DEPTH_STEPS = 4
#: Denominators below this are behind the camera or at the horizon: they are read as far away as this.
_NEAREST = 1e-3

_IDENTITY = np.eye(3)


def warp2d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image moved by a homography.

    `inputs`: image `[1,3,H,W]`. `move` float64 `[9]`: row-major homography source to destination in
    centred coordinates; `border`. The identity (times any factor) returns the image itself.
    """
    (image,) = inputs
    move = vector(args, "move", 9).reshape(3, 3)
    border = word(args, "border", BORDERS)
    if move[2, 2] != 0 and np.array_equal(move / move[2, 2], _IDENTITY):
        return image
    return through_plane(image, np.linalg.inv(move).astype(np.float64, copy=False), border)


def warp3d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image seen after the camera moved.

    `inputs`: image `[1,3,H,W]`, depth `[1,1,H,W]` (z of each source pixel, 1 near .. 2 far). `move`
    float64 `[14]`: R row-major, T, focal of source and destination: `X_dst = R X_src + T`, axes x right,
    y down, z forward, `u = focal X / Z`. Flat depth (one value expanded, as `depth` gives it) is a
    homography; otherwise a backward warp: the source of a destination pixel is found by `DEPTH_STEPS`
    steps of "cross the pixel's ray with the plane of the depth at the last guess". There are no holes;
    what comes into view from behind an edge is stretched from around it. No move returns the image itself.
    """
    image, depth = inputs
    move = vector(args, "move", 14)
    border = word(args, "border", BORDERS)
    if np.array_equal(move[:9].reshape(3, 3), _IDENTITY) and not move[9:12].any() and move[12] == move[13]:
        return image
    x, y = Rays(image, move).source(depth)
    return _read(image, x, y, border)


def through_plane(image: Tensor, inverse: NDArray[np.float64], border: str) -> Tensor:
    """The picture `[1,C,H,W]` read through `inverse`, a centred homography destination to source."""
    x, y = plane_source(image, inverse)
    return _read(image, x, y, border)


def plane_source(image: Tensor, inverse: NDArray[np.float64]) -> tuple[Tensor, Tensor]:
    """Centred source coordinates `[H,W]` of every destination pixel, by a homography back to the source."""
    u, v = grid(image)
    # the centre of the picture stays in front: a homography's sign is free
    inverse = inverse if inverse[2, 2] >= 0 else -inverse
    x, y, w = (row[0] * u + row[1] * v + row[2] for row in inverse.tolist())
    w = w.clamp_min(_NEAREST * max(float(np.abs(inverse).max()), 1e-12))
    return x / w, y / w


class Rays:
    """The line of sight of every pixel after a camera move, in the camera's coordinates before it.

    From `X_src = Rᵀ(λ d - T)` with `d = (u/f_d, v/f_d, 1)` and `Z_src = z`:
    `λ = (z + (RᵀT)_z) / (Rᵀd)_z`, so `X_src` is linear in z along each axis.
    """

    def __init__(self, image: Tensor, move: NDArray[np.float64]) -> None:
        """`image` gives size and device; `move` float64 `[14]` as in `warp3d`."""
        rotation, shift = move[:9].reshape(3, 3), move[9:12]
        self._focal, focal_dest = float(move[12]), float(move[13])
        u, v = grid(image)
        self._away: list[float] = (rotation.T @ shift).tolist()
        rays = [row[0] / focal_dest * u + row[1] / focal_dest * v + row[2] for row in rotation.T.tolist()]
        ahead = rays[2].clamp_min(_NEAREST)
        #: where each ray goes, across and down a unit of z: `[H,W]`
        self.slopes = (rays[0] / ahead, rays[1] / ahead)

    def reach(self, z: Tensor) -> Tensor:
        """How far ahead of the camera after the move the plane z (before it) lies along a ray."""
        return torch.clamp_min(z + self._away[2], _NEAREST)

    def scale(self, z: Tensor) -> Tensor:
        """Centred coordinates in the source that a unit across is at z."""
        return self._focal / z

    def source(self, depth: Tensor) -> tuple[Tensor, Tensor]:
        """Centred source coordinates `[H,W]` of every destination pixel, by a depth map `[1,1,H,W]`."""
        if depth.stride()[-2:] == (0, 0):
            return self.crossing(depth[0, 0, :1, :1])
        x, y = self.crossing(depth[0, 0])
        for _ in range(DEPTH_STEPS):
            x, y = self.crossing(depth_at(depth, x, y))
        return x, y

    def crossing(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Centred source coordinates `[H,W]` of where every ray crosses the plane at its z."""
        reach, scale = self.reach(z), self.scale(z)
        across, down = self.slopes
        return (across * reach - self._away[0]) * scale, (down * reach - self._away[1]) * scale


def depth_at(depth: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Depth `[H,W]` at centred coordinates, bilinear; beyond the picture its last value holds."""
    height, width = depth.shape[2:]
    places = torch.stack((x * (height / width), y), dim=-1).unsqueeze(0)
    found = functional.grid_sample(depth, places, padding_mode="border", align_corners=False)
    return found[0, 0]


def grid(image: Tensor) -> tuple[Tensor, Tensor]:
    """Centred coordinates of the pixels of an image: `u` `[1,W]`, `v` `[H,1]`, float32."""
    height, width = image.shape[2:]
    half = height / 2
    # float64 first: at 4096 px float32 arithmetic would lose a hundredth of a pixel
    u = (torch.arange(width, dtype=torch.float64) + (0.5 - width / 2)) / half
    v = (torch.arange(height, dtype=torch.float64) + (0.5 - height / 2)) / half
    return u.float().to(image.device).unsqueeze(0), v.float().to(image.device).unsqueeze(1)


def _read(image: Tensor, x: Tensor, y: Tensor, border: str) -> Tensor:
    """The image at centred coordinates `[H,W]`, clamped to 0..1."""
    height, width = image.shape[2:]
    half = height / 2
    columns = x * half + (width / 2 - 0.5)
    rows = y * half + (height / 2 - 0.5)
    return resample(image, columns, rows, border).clamp_(0.0, 1.0)

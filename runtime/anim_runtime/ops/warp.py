"""Camera moves as image warps: a homography in 2d; a rotation and a translation in 3d, with depth.

Moves are in centred coordinates: unit = half the picture's height, x right, y down, so that a move does not
depend on the size; they map source to destination. Pictures are read backwards, destination to source, in px.
Where a move makes a picture smaller each pixel is the mean over what it covers (`resample.averaged`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.kernel import Arguments, FrameContext, vector, word
from anim_runtime.ops.native import in_bands, is_native, planes
from anim_runtime.ops.resample import BORDERS, SHARP, Cover, averaged
from anim_runtime.ops.splat import splatted
from anim_runtime.ops.splat_tensors import Seen, columns_and_rows, endless
from anim_runtime.ops.splat_view import LEAST_DEPTH, MOST_DEPTH, NEAREST, longest, view
from anim_runtime.ops.warp_backward import looked_up

#: How pixels move by their depth: pushed to their new place, or looked up as Deforum does.
WAYS = ("splat", "backward")
#: Denominators below this share of a homography's largest number are behind the camera or at the horizon.
_NEAREST = 1e-3
#: How wide the line is that a picture seen from its edge comes to, as a share of what it was.
_HAIR = 1e-6

_IDENTITY = np.eye(3)
Matrix = NDArray[np.float64]


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
    return through_plane(image, inverted(move), border)


def warp3d(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The image seen after the camera moved.

    `inputs`: image `[1,3,H,W]`, depth `[1,1,H,W]` (z of each source pixel, 1 near .. 2 far). `move`
    float64 `[14]`: R row-major, T, focal of source and destination: `X_dst = R X_src + T`, axes x right,
    y down, z forward, `u = focal X / Z`. `way`: `splat` pushes each pixel to its new place, the nearest wins,
    and fills what nothing came to; with a flat depth (one value expanded, as `depth` gives it) it is a
    homography. `backward` is Deforum's warp. No move returns the image itself.
    """
    image, depth = inputs
    move = vector(args, "move", 14)
    border, way = word(args, "border", BORDERS), way_of(args)
    if is_still(move):
        return image
    if way == "backward":
        return looked_up(image, depth, move, border)
    if is_flat(depth):
        return _plane(image, depth, move, border)
    return splatted(image, depth, move, border)


def way_of(args: Arguments) -> str:
    """How pixels move by their depth; without a word for it they are pushed."""
    return word(args, "way", WAYS) if "way" in args else WAYS[0]


def is_still(move: Matrix) -> bool:
    """Whether a move `[14]` leaves the camera where and as it is."""
    return bool(
        np.array_equal(move[:9].reshape(3, 3), _IDENTITY) and not move[9:12].any() and move[12] == move[13]
    )


def is_flat(depth: Tensor) -> bool:
    """Whether a depth map is one value expanded."""
    return depth.stride()[-2:] == (0, 0)


def inverted(move: Matrix) -> Matrix:
    """A homography back; of one that squeezes the picture into a line, that of a line that has a width."""
    try:
        return np.asarray(np.linalg.inv(move), dtype=np.float64)
    except np.linalg.LinAlgError:
        # what is lost is spread over `_HAIR` of itself: beside the line is what lies beyond the picture
        left, kept, right = np.linalg.svd(move)
        wide = np.maximum(kept, _HAIR * max(float(kept[0]), _HAIR))
        return np.asarray((right.T / wide) @ left.T, dtype=np.float64)


def through_plane(image: Tensor, inverse: Matrix, border: str) -> Tensor:
    """The picture `[1,C,H,W]` read through `inverse`, a centred homography destination to source, 0..1."""
    return _through(image, *in_px(inverse, image), border)


def in_px(inverse: Matrix, image: Tensor) -> tuple[Matrix, float]:
    """A centred homography as one of px, for pictures of this size, and the least denominator that counts."""
    height, width = image.shape[2:]
    half = height / 2
    to_centre = np.array(((1, 0, 0.5 - width / 2), (0, 1, 0.5 - height / 2), (0, 0, half))) / half
    back = np.array(((half, 0, width / 2 - 0.5), (0, half, height / 2 - 0.5), (0, 0, 1)))
    # the centre of the picture stays in front: a homography's sign is free
    inverse = inverse if inverse[2, 2] >= 0 else -inverse
    return back @ inverse @ to_centre, _NEAREST * max(float(np.abs(inverse).max()), 1e-12)


def places(px: Matrix, least: float, like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Source px `[H,W]` of every destination pixel, and one over the denominators."""
    x, y = columns_and_rows(like)
    u, v, w = (row[0] * x + (row[1] * y + row[2]) for row in px.tolist())
    scale = 1.0 / w.clamp_min(least)
    return u * scale, v * scale, scale


def plane_places(move: Matrix, depth: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
    """Source px `[H,W]` of every destination pixel for a flat depth, which no device is asked for."""
    sight = view(move, *like.shape[2:])
    u, v, _ = endless(sight, like)
    q = 1.0 / depth[0, 0, :1, :1].to(u.dtype).clamp(LEAST_DEPTH, MOST_DEPTH)
    pull = sight.pull.tolist()
    reach = (1.0 + q * pull[2]).clamp_min(NEAREST)
    return u * reach - q * pull[0], v * reach - q * pull[1]


def _plane(image: Tensor, depth: Tensor, move: Matrix, border: str) -> Tensor:
    """The picture after a camera move, all of it being as far away as a flat depth says."""
    sight = view(move, *image.shape[2:])
    if depth.device.type == "cpu":
        z = min(max(float(depth[0, 0, 0, 0]), LEAST_DEPTH), MOST_DEPTH)
        return _through(image, sight.plane(1.0 / z), NEAREST, border)
    x, y = plane_places(move, depth, image)
    reach = (1.0 + sight.pull[2] / depth[0, 0, :1, :1]).expand_as(x)
    across, down = Seen(x, y, reach, x, x).sides(sight)
    most, far = longest(sight.back, *image.shape[2:]), sight.longest_reach(depth)
    cover = Cover(across, down, (most[0] * far, most[1] * far))
    return averaged(image, x, y, cover, border).clamp_(0.0, 1.0)


def _through(image: Tensor, px: Matrix, least: float, border: str) -> Tensor:
    """The picture read through a homography of px."""
    most = longest(px, image.shape[2], image.shape[3], least)
    if is_native(image):
        return _natively(image, px, least, border, max(most) > SHARP)
    x, y, scale = places(px, least, image)
    m = px.tolist()
    across = ((m[0][0] - x * m[2][0]) * scale, (m[1][0] - y * m[2][0]) * scale)
    down = ((m[0][1] - x * m[2][1]) * scale, (m[1][1] - y * m[2][1]) * scale)
    return averaged(image, x, y, Cover(across, down, most), border).clamp_(0.0, 1.0)


def _natively(image: Tensor, px: Matrix, least: float, border: str, is_small: bool) -> Tensor:
    from anim_runtime.ops import native_read

    height, width = image.shape[2:]
    made = torch.empty(image.shape, dtype=torch.float32)
    move, number = px.ravel(), BORDERS.index(border)
    run = native_read.through_small if is_small else native_read.through
    for values, plane, out, step in planes(image, made):
        args = (values, plane, height, width, move, least, number, out, step, width)
        in_bands(partial(run, *args), height, width)
    return made

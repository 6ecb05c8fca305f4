"""Camera moves beside the incumbent's way: cases for `bench.picture`.

The peer goes the incumbent's way in `anim_frame_warp_3d`: an 8-bit picture becomes float tensors, a mesh of
world points is projected by two cameras given as 4 x 4 matrices, the difference is taken off an
`affine_grid`, a bicubic `grid_sample` reads, and the result becomes 8 bits again. Its depth is given: what it
costs to estimate and to equalise it is not counted. In 2d the peer is OpenCV's `warpPerspective`, cubic, of
float32. Ours reads float32 and gives float32, with exact borders, and where pixels are pushed with holes
found and filled, which the peer does not do. Both use one thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument
from bench.picture_case import Case

FOV = 70.0
FOCAL = 1.0 / math.tan(math.radians(FOV / 2))
#: a dolly with a truck and a pan of 1 degree, in the incumbent's units of 1/200
SHIFT = (-0.05, 0.0, -0.03)
TURN = math.radians(1.0)


def cases(side: int) -> list[Case]:
    """Flat 3d, 3d with depth (pushed; looked up as the incumbent does) and 2d, of `side` x `side` px."""
    image = smooth(side)
    bytes_in = (image[0].permute(1, 2, 0).numpy() * 255.0).round().astype(np.uint8)
    flat = torch.ones(1, 1, 1, 1).expand(1, 1, side, side)
    scene = depths(side)
    size = f"{side}²"
    return [
        Case(f"3d warp, flat, {size}", ours3d(image, flat, "splat"), peer3d(bytes_in, flat), 8.0, close),
        Case(f"3d warp, depth, pushed, {size}", ours3d(image, scene, "splat"), peer3d(bytes_in, scene), 4.0),
        Case(
            f"3d warp, depth, looked up, {size}",
            ours3d(image, scene, "backward"),
            peer3d(bytes_in, scene),
            4.0,
            same,
        ),
        Case(f"2d warp, {size}", ours2d(image), peer2d(image), 1.0, close),
    ]


def smooth(side: int) -> Tensor:
    """A picture with detail of some px, float32 `[1,3,side,side]`."""
    axis = torch.linspace(-1, 1, side)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    waves = [
        0.5 + 0.3 * torch.sin(20 * x + k) * torch.cos(17 * y) + 0.2 * torch.sin(40 * x * y) for k in range(3)
    ]
    return torch.stack(waves).unsqueeze(0).clamp(0, 1)


def depths(side: int) -> Tensor:
    """A ground that comes nearer below and a thing that stands on it, z from 1 to 2."""
    ground = torch.linspace(2, 1.2, side).view(1, 1, side, 1).expand(1, 1, side, side).contiguous()
    ground[..., side // 3 : side * 2 // 3, side // 3 : side // 2] = 1.0
    return ground


def move() -> NDArray[np.float64]:
    """The move as a plan has it."""
    cosine, sine = math.cos(TURN), math.sin(TURN)
    turn = (cosine, 0.0, -sine, 0.0, 1.0, 0.0, sine, 0.0, cosine)
    return np.array((*turn, *SHIFT, FOCAL, FOCAL))


def ours3d(image: Tensor, depth: Tensor, way: str) -> Callable[[], object]:
    frame = FrameContext(0, image.shape[3], image.shape[2], image.device)
    args: dict[str, Argument] = {"move": move(), "border": "replicate", "way": way}
    return lambda: KERNELS["warp3d"]([image, depth], args, frame)


def peer3d(picture: NDArray[np.uint8], depth: Tensor) -> Callable[[], object]:
    turn = torch.from_numpy(move()[:9].reshape(3, 3).T.copy()).float()
    return lambda: incumbent(picture, depth[0, 0].contiguous(), turn, torch.tensor(SHIFT))


def camera(turn: Tensor, shift: Tensor) -> Tensor:
    """World to clip coordinates, for points as rows: the view times the projection, 4 x 4."""
    near, far = 200.0, 10000.0
    view = torch.eye(4)
    view[:3, :3], view[3, :3] = turn, shift
    projection = torch.zeros(4, 4)
    projection[0, 0] = projection[1, 1] = FOCAL
    projection[2, 2], projection[2, 3], projection[3, 2] = far / (far - near), -far * near / (far - near), 1.0
    return view @ projection.T


def projected(points: Tensor, matrix: Tensor) -> Tensor:
    """Points `[N,3]` as normalised coordinates `[N,3]`."""
    whole = torch.cat((points, torch.ones_like(points[:, :1])), dim=1)
    clip = torch.bmm(whole.unsqueeze(0), matrix.unsqueeze(0))[0]
    return clip[:, :3] / clip[:, 3:]


def incumbent(picture: NDArray[np.uint8], depth: Tensor, turn: Tensor, shift: Tensor) -> NDArray[np.uint8]:
    """One warp, 8 bits in and out."""
    height, width = picture.shape[:2]
    y, x = torch.meshgrid(torch.linspace(-1.0, 1.0, height), torch.linspace(-1.0, 1.0, width), indexing="ij")
    world = torch.stack((x.flatten(), y.flatten(), depth.flatten()), dim=1)
    before = projected(world, camera(torch.eye(3), torch.zeros(3)))[:, 0:2]
    after = projected(world, camera(turn, shift))[:, 0:2]
    grid = functional.affine_grid(
        torch.tensor(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))).unsqueeze(0),
        [1, 1, height, width],
        align_corners=False,
    )
    grid = grid - (after - before).reshape(height, width, 2).unsqueeze(0)
    tensor = torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1)
    made = functional.grid_sample(
        tensor.unsqueeze(0), grid, mode="bicubic", padding_mode="border", align_corners=False
    )
    clamped = made.squeeze(0).clamp(0.0, 255.0).permute(1, 2, 0)
    result: NDArray[np.uint8] = np.ascontiguousarray(clamped.numpy().astype(np.uint8))
    return result


def ours2d(image: Tensor) -> Callable[[], object]:
    frame = FrameContext(0, image.shape[3], image.shape[2], image.device)
    args: dict[str, Argument] = {"move": turn2d().ravel(), "border": "replicate"}
    return lambda: KERNELS["warp2d"]([image], args, frame)


def turn2d() -> NDArray[np.float64]:
    """Two degrees, 2 % larger and a little aside, centred."""
    cosine, sine = 1.02 * math.cos(math.radians(2)), 1.02 * math.sin(math.radians(2))
    return np.array(((cosine, sine, 0.01), (-sine, cosine, 0.0), (0.0, 0.0, 1.0)))


def peer2d(image: Tensor) -> Callable[[], object]:
    side = image.shape[2]
    interleaved = np.ascontiguousarray(image[0].permute(1, 2, 0).numpy())
    centre = np.array(((2 / side, 0, 1 / side - 1), (0, 2 / side, 1 / side - 1), (0, 0, 1)))
    matrix = np.linalg.inv(centre) @ turn2d() @ centre
    return lambda: cv2.warpPerspective(
        interleaved, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def close(ours: object, peer: object) -> str:
    """The two are alike but for what a camera does otherwise than the incumbent, and for 8 bits."""
    return _apart(ours, peer, 0.05)


def same(ours: object, peer: object) -> str:
    """The two are alike but for 8 bits, which the incumbent rounds down, and another cubic."""
    return _apart(ours, peer, 0.02)


def _apart(ours: object, peer: object, most: float) -> str:
    assert isinstance(ours, Tensor)
    assert isinstance(peer, np.ndarray)
    other = peer.astype(np.float32) / (255.0 if peer.dtype == np.uint8 else 1.0)
    side = ours.shape[2]
    inner = slice(side // 8, -(side // 8))
    mean = float(np.abs(ours[0].permute(1, 2, 0).numpy() - other)[inner, inner].mean())
    assert mean < most, f"the two are {mean:.4f} apart in the mean"
    return f"{mean:.4f} apart in the mean"

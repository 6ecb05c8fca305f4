"""Where each pixel of a picture came from: optical flow, or the one motion of the whole picture.

OpenCV looks for it on grey pictures of 8 bits on the host; of tensors on a device only those are copied. With
more than one thread DIS lets its patches learn from other neighbours, so all of this runs on one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.kernel import Arguments, FrameContext

Grey: TypeAlias = NDArray[np.uint8]
"""A picture uint8 `[h,w]`."""

Field: TypeAlias = NDArray[np.float32]
"""A flow float32 `[h,w,2]`, x and y in px."""

METHODS = ("dis", "farneback", "affine", "perspective")
PRESETS = ("fast", "medium", "fine")

#: larger pictures are looked at reduced to this area in px: motion is smooth, and time goes with the area
AREA = 512 * 512
#: smaller ones enlarged to this for DIS, at most twice: its patches are 8 px whatever the picture, and edges
#: of what moves are the sharper (a moving square of 40 px in 128: 2.3 dB better tweens)
SMALL, TWICE = 256 * 256, 2.0
#: smaller sides than this leave patches no room at all
LEAST = 32
#: features of the picture that a single motion is told by, and how many must agree at least
FEATURES, AGREE = 400, 8
#: px that a feature may be off the motion that it agrees with
OFF = 1.5

_ONE_THREAD = threading.Lock()


def estimate(later: Tensor, earlier: Tensor, method: str = "dis", preset: str = "medium") -> Tensor:
    """The flow float32 `[1,2,H,W]` (x, y in px): `earlier(x + flow(x)) = later(x)`.

    `later`, `earlier`: images float32 `[1,3,H,W]` of 0..1 or masks `[1,1,H,W]`. `method` is one of `METHODS`:
    `dis` (Kroeger et al. 2016) and `farneback` (2003) give each pixel its own motion, `affine` (shift, turn,
    scale) and `perspective` all of them one, by RANSAC over tracked features; where too few agree, none.
    `preset`, one of `PRESETS`, is how carefully it is looked for. The same bits whatever the threads.
    ValueError for other words.
    """
    if method not in METHODS or preset not in PRESETS:
        raise ValueError(f"no flow by `{method}` with preset `{preset}`")
    height, width = later.shape[2:]
    if torch.equal(later, earlier) if later.device.type == "cpu" else later is earlier:
        return later.new_zeros(1, 2, height, width)
    small = working_size(height, width, method)
    found = between_greys(grey(later, small), grey(earlier, small), method, preset)
    return enlarged(torch.from_numpy(found).to(later.device), height, width)


def estimate_flow(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The kernel: `inputs` are the later picture and the earlier one, `method` and `preset` as `estimate`."""
    later, earlier = inputs
    return estimate(later, earlier, str(args["method"]), str(args["preset"]))


def working_size(height: int, width: int, method: str = "dis") -> tuple[int, int]:
    """The size at which motion is looked for: the picture's own, unless it is large or small."""
    area = height * width
    most = TWICE if method == "dis" else 1.0
    scale = min((AREA / area) ** 0.5, max(1.0, min(most, (SMALL / area) ** 0.5)))
    scale = max(scale, LEAST / min(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def grey(image: Tensor, size: tuple[int, int]) -> Grey:
    """A picture in grey at another size, on the host."""
    luma = _at_size(as_image(image).mean(dim=1, keepdim=True), size)
    levels = (luma[0, 0].clamp(0.0, 1.0) * 255.0).round().to(torch.uint8)
    return np.ascontiguousarray(levels.cpu().numpy())


def coloured(image: Tensor, size: tuple[int, int]) -> Field:
    """A picture at another size, on the host: float32 `[h,w,3]`, 0..255."""
    levels = _at_size(as_image(image), size)[0].permute(1, 2, 0).clamp(0.0, 1.0) * 255.0
    return np.ascontiguousarray(levels.cpu().numpy(), dtype=np.float32)


def _at_size(planes: Tensor, size: tuple[int, int]) -> Tensor:
    if size[0] * size[1] < planes.shape[2] * planes.shape[3]:
        return functional.interpolate(planes, size=size, mode="area")
    if size != tuple(planes.shape[2:]):
        return functional.interpolate(planes, size=size, mode="bilinear", align_corners=False)
    return planes


def enlarged(flow: Tensor, height: int, width: int) -> Tensor:
    """A flow `[h,w,2]` of a picture at the size that it was looked at, for its own size: `[1,2,H,W]`."""
    small = flow.permute(2, 0, 1).unsqueeze(0)
    if tuple(flow.shape[:2]) == (height, width):
        return small.contiguous()
    whole = functional.interpolate(small, size=(height, width), mode="bilinear", align_corners=False)
    scale = whole.new_tensor([width / flow.shape[1], height / flow.shape[0]])
    return whole * scale.view(1, 2, 1, 1)


def between_greys(later: Grey, earlier: Grey, method: str, preset: str) -> Field:
    """The flow between two grey pictures of one size: `earlier(x + flow(x)) = later(x)`."""
    with _one_thread():
        return _METHODS[method](later, earlier, preset)


@contextmanager
def _one_thread() -> Iterator[None]:
    """OpenCV on one thread: its number of threads is the process's, so one caller at a time."""
    import cv2

    with _ONE_THREAD:
        threads = cv2.getNumThreads()
        cv2.setNumThreads(1)
        try:
            yield
        finally:
            cv2.setNumThreads(threads)


# --- each pixel its own motion ---


def _dis(later: Grey, earlier: Grey, preset: str) -> Field:
    import cv2

    base = cv2.DISOPTICAL_FLOW_PRESET_FAST if preset == "fast" else cv2.DISOPTICAL_FLOW_PRESET_MEDIUM
    flow = cv2.DISOpticalFlow.create(base)
    if preset == "fine":
        flow.setFinestScale(0)
        flow.setPatchStride(3)
        flow.setGradientDescentIterations(64)
        flow.setVariationalRefinementIterations(10)
    return np.asarray(flow.calc(later, earlier, np.empty(0)), dtype=np.float32)


#: levels of the pyramid, px of the window, iterations
_FARNEBACK: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {"fast": (3, 21, 2), "medium": (5, 15, 3), "fine": (6, 11, 6)}
)


def _farneback(later: Grey, earlier: Grey, preset: str) -> Field:
    import cv2

    levels, window, rounds = _FARNEBACK[preset]
    found = cv2.calcOpticalFlowFarneback(later, earlier, np.empty(0), 0.5, levels, window, rounds, 7, 1.5, 0)
    return np.asarray(found, dtype=np.float32)


# --- one motion for all ---


def _affine(later: Grey, earlier: Grey, preset: str) -> Field:
    import cv2

    def fitted(here: Any, there: Any) -> tuple[Any, Any]:
        found, agree = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=OFF)
        return (None if found is None else np.vstack((found, (0.0, 0.0, 1.0)))), agree

    return _one_motion(later, earlier, preset, fitted)


def _perspective(later: Grey, earlier: Grey, preset: str) -> Field:
    import cv2

    return _one_motion(
        later, earlier, preset, lambda here, there: cv2.findHomography(here, there, cv2.RANSAC, OFF)
    )


#: any, because OpenCV's arrays have no types
_Fit: TypeAlias = Callable[[Any, Any], tuple[Any, Any]]


def _one_motion(later: Grey, earlier: Grey, preset: str, fitted: _Fit) -> Field:
    """The flow of the whole picture as one motion; none where too few features agree on one."""
    height, width = later.shape
    nothing = np.zeros((height, width, 2), dtype=np.float32)
    here, there = _tracked(later, earlier, preset)
    if len(here) < AGREE:
        return nothing
    # OpenCV draws RANSAC's samples from a generator that it seeds anew at each call
    matrix, agree = fitted(here, there)
    if matrix is None or agree is None or int(agree.sum()) < AGREE or not np.isfinite(matrix).all():
        return nothing
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    bottom = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    if (bottom < 1e-3).any():
        # a horizon inside the picture is no motion of a camera between two frames
        return nothing
    to_x = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / bottom
    to_y = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / bottom
    return np.stack((to_x - x, to_y - y), axis=-1).astype(np.float32)


def _tracked(later: Grey, earlier: Grey, preset: str) -> tuple[Any, Any]:
    """Features of the later picture and where they were in the earlier one: float32 `[n,2]` each."""
    import cv2

    # the stubs want points to write into where None makes them: hence Any
    cv: Any = cv2
    count = FEATURES * (1 + PRESETS.index(preset)) // 2
    corners = cv.goodFeaturesToTrack(later, count, 0.01, max(3, min(later.shape) // 50))
    none = np.empty((0, 2), dtype=np.float32)
    if corners is None:
        return none, none
    moved, found, _ = cv.calcOpticalFlowPyrLK(later, earlier, corners, None)
    # there and back again: a feature that does not come home was another one
    home, back, _ = cv.calcOpticalFlowPyrLK(earlier, later, moved, None)
    sure = (found.ravel() == 1) & (back.ravel() == 1)
    sure &= np.abs(home - corners).reshape(-1, 2).max(axis=1) < 1.0
    return corners.reshape(-1, 2)[sure], moved.reshape(-1, 2)[sure]


_METHODS: Mapping[str, Callable[[Grey, Grey, str], Field]] = MappingProxyType(
    {"dis": _dis, "farneback": _farneback, "affine": _affine, "perspective": _perspective}
)

"""Colour held to a reference, noise and sharpening, against the ways of scikit-image, torch and OpenCV."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.color_levels import class_counts, level_counts, tables
from bench.picture_case import Case

_Bytes = NDArray[np.uint8]


def cases(side: int) -> list[Case]:
    """The comparisons of one size; those with scikit-image only where it is installed."""
    frame = FrameContext(3, side, side, torch.device("cpu"))
    image, other = picture(side, 1), picture(side, 2)
    found = [_perlin(frame, image), _sharpen(frame, image)]
    try:
        from skimage.exposure import match_histograms
    except ImportError:
        return found
    return [*_matches(frame, image, other, match_histograms), *found]


def picture(side: int, seed: int) -> Tensor:
    """A smooth picture with a little noise, `[1,3,side,side]`, 0..1."""
    draws = np.random.default_rng(seed)
    coarse = draws.random((16, 16, 3)).astype(np.float32)
    smooth = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    values = np.clip(smooth + draws.normal(0, 0.02, (side, side, 3)), 0, 1).astype(np.float32)
    return torch.from_numpy(values.transpose(2, 0, 1).copy()).unsqueeze(0)


def _bytes(image: Tensor) -> _Bytes:
    return np.ascontiguousarray((image[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8))


# --- colour: what a user writes, on bytes, against ours, on 32-bit floats ---


def _matches(
    frame: FrameContext, image: Tensor, other: Tensor, match_histograms: Callable[..., _Bytes]
) -> list[Case]:
    own, wanted = _bytes(image), _bytes(other)

    def peer() -> _Bytes:
        lab, like = cv2.cvtColor(own, cv2.COLOR_RGB2LAB), cv2.cvtColor(wanted, cv2.COLOR_RGB2LAB)
        return np.asarray(cv2.cvtColor(match_histograms(lab, like, channel_axis=-1), cv2.COLOR_LAB2RGB))

    def equal(ours: object, theirs: object) -> str:
        lab, like = (cv2.cvtColor(part, cv2.COLOR_RGB2LAB) for part in (own, wanted))
        table = tables(_counts(lab), _counts(like)).numpy()
        for channel in range(3):
            found = table[channel][lab[..., channel]]
            assert np.array_equal(found, match_histograms(lab[..., channel], like[..., channel]))
        return "levels of 8 bits: equal to the bit"

    made = []
    for method in ("histogram", "smooth", "moments"):
        args = {"space": "lab", "method": method}
        # the reference is the same at every frame, so the compiler has its figures made once
        stats = KERNELS["color_stats"]([other], args, frame)
        made.append(
            Case(
                f"lab {method} / skimage match_histograms",
                _call("match_stats", [image, stats], args, frame),
                peer,
                2.0,
                equal if method == "histogram" else None,
            )
        )
    return made


def _counts(lab: _Bytes) -> Tensor:
    planes = torch.from_numpy(lab.reshape(-1, 3).T.copy()).float()
    return level_counts(class_counts(planes, 4081))


def _call(op: str, inputs: list[Tensor], args: dict[str, str], frame: FrameContext) -> Callable[[], object]:
    return lambda: KERNELS[op](inputs, args, frame)


# --- noise: octave by octave, as the notebooks have it ---


def _perlin(frame: FrameContext, image: Tensor) -> Case:
    side = frame.height

    def ours() -> object:
        return KERNELS["add_noise"]([image], {"amount": 0.05, "seed": 7.0, "type": "perlin"}, frame)

    def peer() -> object:
        torch.manual_seed(7)
        noise, total, cells, strength = torch.randn(1, 3, side, side), torch.zeros(side, side), 8, 1.0
        for _ in range(4):
            total += strength * octave(side, cells)
            cells, strength = cells * 2, strength / 2
        noise = noise * ((total + 1) / 2)
        return (image * 0.95 + (noise * 0.5 + 0.5) * 0.05).clamp(0, 1)

    return Case("perlin noise / octave by octave", ours, peer, 6.0)


def octave(side: int, cells: int) -> Tensor:
    """Gradient noise `[side,side]` of one lattice, in whole pictures of every corner."""
    step = side // cells
    lines = torch.arange(0, cells, cells / side)
    grid = torch.stack(torch.meshgrid(lines, lines, indexing="ij"), dim=-1) % 1
    angles = 2 * math.pi * torch.rand(cells + 1, cells + 1)
    gradients = torch.stack((torch.cos(angles), torch.sin(angles)), dim=-1)

    def corner(down: int, across: int) -> Tensor:
        own = gradients[down : down + cells, across : across + cells]
        large = own.repeat_interleave(step, 0).repeat_interleave(step, 1)
        return (torch.stack((grid[..., 0] - down, grid[..., 1] - across), dim=-1) * large).sum(dim=-1)

    fade = 6 * grid**5 - 15 * grid**4 + 10 * grid**3
    top = torch.lerp(corner(0, 0), corner(1, 0), fade[..., 0])
    bottom = torch.lerp(corner(0, 1), corner(1, 1), fade[..., 0])
    return math.sqrt(2) * torch.lerp(top, bottom, fade[..., 1])


# --- sharpening: numpy's arithmetic on bytes ---


def _sharpen(frame: FrameContext, image: Tensor) -> Case:
    own = _bytes(image)

    def peer() -> object:
        soft = cv2.GaussianBlur(own, (5, 5), 1.0)
        sharp = 1.4 * own - 0.4 * soft
        sharp = np.minimum(np.maximum(sharp, np.zeros(sharp.shape)), 255 * np.ones(sharp.shape))
        return sharp.round().astype(np.uint8)

    def ours() -> object:
        return KERNELS["sharpen"]([image], {"amount": 0.4, "radius": 1.0, "threshold": 0.0}, frame)

    return Case("unsharp mask / numpy on bytes", ours, peer, 1.5)

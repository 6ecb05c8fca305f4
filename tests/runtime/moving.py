"""Pictures in which a textured square moves over a textured background, made by formula."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def texture(size: int, seed: int) -> NDArray[np.float32]:
    """Octaves of smooth noise, larger ones stronger, as in natural pictures: float32 `[size,size,3]`."""
    import cv2

    generator = np.random.default_rng(seed)
    total = np.zeros((size, size, 3), dtype=np.float32)
    for grain in (2, 4, 8, 16, 32):
        rough = generator.random((size // grain + 4, size // grain + 4, 3)).astype(np.float32)
        side = rough.shape[0] * grain
        smooth = cv2.resize(rough, (side, side), interpolation=cv2.INTER_CUBIC)
        total += grain**0.7 * smooth[grain : grain + size, grain : grain + size]
    return np.asarray((total - total.min()) / (total.max() - total.min()), dtype=np.float32)


def moving_square(time: float, step: tuple[float, float] = (10.0, 5.0), size: int = 128) -> Tensor:
    """The picture float32 `[1,3,size,size]` at a time: the square is `step` px further each unit of it."""
    import cv2

    side = size * 5 // 16
    shift = np.array([[1, 0, size / 4 + step[0] * time], [0, 1, size / 3 + step[1] * time]], dtype=np.float32)
    square, whole = texture(size, 2)[:side, :side], np.ones((side, side), dtype=np.float32)
    moved = cv2.warpAffine(square, shift, (size, size), flags=cv2.INTER_CUBIC)
    cover = cv2.warpAffine(whole, shift, (size, size), flags=cv2.INTER_LINEAR)[..., None]
    picture = np.clip(texture(size, 1) * (1 - cover) + moved * cover, 0.0, 1.0).astype(np.float32)
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)[None]))


def psnr(one: Tensor, other: Tensor) -> float:
    """Peak signal to noise in dB of pictures of 0..1."""
    return float(-10.0 * torch.log10((one - other).square().mean()))

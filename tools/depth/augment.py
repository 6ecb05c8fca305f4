"""Batches of pictures and distances, changed in ways that change no depth."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tools.depth.dataset import SHARD, Bytes

SIDE = 96
BLURRED_SHARE = 0.25
GREY_SHARE = 0.08
SWAPPED_SHARE = 0.1


class Batches:
    """Batches from the shards of a folder; the same for the same seed and step."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.shards: Sequence[Bytes] = [np.load(p, mmap_mode="r") for p in sorted(folder.glob("*.npy"))]
        self.seed = seed

    def draw(self, step: int, count: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """Pictures [count,3,96,96] 0..1 and distances [count,1,96,96] 0..1 of a step."""
        rng = np.random.default_rng((self.seed, step))
        rows = rng.integers(len(self.shards) * SHARD, size=count)
        held = np.stack([self.shards[row // SHARD][row % SHARD] for row in rows])
        both = torch.from_numpy(held).to(device).permute(0, 3, 1, 2).float() / 255
        both = cropped(rng, both)
        return recolored(rng, both[:, :3]), both[:, 3:]


def cropped(rng: np.random.Generator, both: Tensor) -> Tensor:
    """Each of [B,4,H,W] cut out at random, 75 to 100 % of its side, half of them mirrored: [B,4,96,96]."""
    count = len(both)
    size = rng.uniform(0.75, 1.0, (count, 2))
    size[rng.random(count) < 0.5] = size[:1].mean()
    middle = rng.uniform(-1, 1, (count, 2)) * (1 - size)
    mirror = np.where(rng.random(count) < 0.5, -1.0, 1.0)
    zeros = np.zeros(count)
    rows = np.stack([size[:, 0] * mirror, zeros, middle[:, 0], zeros, size[:, 1], middle[:, 1]], -1)
    affine = torch.from_numpy(rows.reshape(count, 2, 3)).to(both)
    places = functional.affine_grid(affine, [count, 4, SIDE, SIDE], align_corners=False)
    return functional.grid_sample(both, places, padding_mode="border", align_corners=False)


def recolored(rng: np.random.Generator, images: Tensor) -> Tensor:
    """Pictures [B,3,H,W] 0..1 in another light: gain, gamma, channels, saturation, blur, grain."""
    count = len(images)

    def each(low: float, high: float, width: int = 1) -> Tensor:
        return torch.from_numpy(rng.uniform(low, high, (count, width, 1, 1))).to(images)

    def some(share: float) -> Tensor:
        return torch.from_numpy(rng.random((count, 1, 1, 1)) < share).to(images.device)

    order = torch.from_numpy(rng.permutation(3)).to(images.device)
    images = torch.where(some(SWAPPED_SHARE), images[:, order], images)
    images = images.clamp_min(1e-4) ** torch.exp(each(-0.35, 0.35))
    grey = images.mean(1, keepdim=True)
    saturation = torch.where(some(GREY_SHARE), torch.zeros_like(grey), each(0.6, 1.4).expand_as(grey))
    images = grey + (images - grey) * saturation
    images = images * each(0.85, 1.15, 3) * each(0.75, 1.2) + each(-0.05, 0.05)
    images = torch.where(
        some(BLURRED_SHARE), functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False), images
    )
    noise = torch.from_numpy(rng.standard_normal(images.shape, np.float32)).to(images)
    return (images + noise * each(0.0, 0.04)).clamp(0, 1)

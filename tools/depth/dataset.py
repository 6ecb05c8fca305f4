"""Pictures with their true distances, on disk.

`python -m tools.depth.dataset WORK --shards 6` draws what is missing: `NNN.npy`, uint8 [1000,128,128,4], the
picture and 255 times how far it is. A shard is known by its number alone, so the data are the same anywhere.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from anim_runtime.builtin import POSTCARD
from anim_runtime.builtin.codec import PostcardCodec
from tools.depth.shapes import plain
from tools.postcard.noise import Array, single
from tools.postcard.scenes import picture

SHARD = 1000
SIDE = 128
FIRST_SEED = 50_000_000
HELD_OUT_SEED = 90_000_000
PLAIN_SHARE = 0.3
PRODUCT_SHARE = 0.12
CODED_SHARE = 0.4
JPEG_SHARE = 0.2

Bytes = NDArray[np.uint8]


def drawn(seed: int, plain_share: float = PLAIN_SHARE) -> tuple[Array, Array]:
    """The picture [128,128,3] 0..1 and the distances [128,128] 0..1 of a seed.

    It is cut from a larger drawing of random size and shape, so that things have many sizes and the horizon
    many heights.
    """
    rng = np.random.default_rng(seed)
    height = int(rng.integers(SIDE, SIDE * 3 // 2))
    width = int(rng.integers(SIDE, SIDE * 2))
    if rng.random() < plain_share:
        rgb, away = plain(rng, height, width)
    else:
        found = picture(seed, height, width, PRODUCT_SHARE)
        rgb, away = found.rgb, found.away
    low = int(rng.integers(height - SIDE + 1)) if rng.random() < 0.5 else (height - SIDE) // 2
    left = int(rng.integers(width - SIDE + 1))
    cut = slice(low, low + SIDE), slice(left, left + SIDE)
    return rgb[cut], away[cut]


class Worn:
    """What pictures go through before they meet the estimator: the built-in codec with errors, or JPEG."""

    def __init__(self) -> None:
        self.codec = PostcardCodec.load(POSTCARD / "codec")

    def __call__(self, seed: int, rgb: Array) -> Array:
        """The picture [H,W,3] as it would come back."""
        rng = np.random.default_rng((seed, 1))
        kind = rng.random()
        if kind < CODED_SHARE:
            return self._coded(rng, rgb)
        if kind < CODED_SHARE + JPEG_SHARE:
            return self._jpeg(rgb, int(rng.integers(20, 80)))
        return rgb

    @torch.no_grad()
    def _coded(self, rng: np.random.Generator, rgb: Array) -> Array:
        height, width = rgb.shape[:2]
        latents = self.codec.encode(torch.from_numpy(rgb.copy()).permute(2, 0, 1)[None])
        error = torch.from_numpy(rng.standard_normal(latents.shape, np.float32))
        decoded = self.codec.decode(latents + error * float(rng.uniform(0.0, 0.35)), height, width)
        return single(decoded[0].permute(1, 2, 0).numpy())

    def _jpeg(self, rgb: Array, quality: int) -> Array:
        _, held = cv2.imencode(
            ".jpg", np.round(rgb * 255).astype(np.uint8), (cv2.IMWRITE_JPEG_QUALITY, quality)
        )
        decoded = np.asarray(cv2.imdecode(held, cv2.IMREAD_COLOR))
        return single(decoded / 255.0)


def sample(seed: int, worn: Worn, plain_share: float = PLAIN_SHARE) -> Bytes:
    """A picture and its distances, uint8 [128,128,4]."""
    rgb, away = drawn(seed, plain_share)
    both = np.concatenate([worn(seed, rgb), away[..., None]], -1)
    held: Bytes = np.round(np.clip(both, 0, 1) * 255).astype(np.uint8)
    return held


def draw_shard(folder: Path, index: int, worn: Worn) -> Path:
    """Draw one shard unless it is there."""
    path = folder / f"{index:03d}.npy"
    if not path.exists():
        first = FIRST_SEED + index * SHARD
        held = np.stack([sample(first + i, worn) for i in range(SHARD)])
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, held)
        part.rename(path)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the shards that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--shards", type=int, default=6)
    options = parser.parse_args(arguments)
    folder = options.work / "shards"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    worn = Worn()
    for index in range(options.shards):
        print(draw_shard(folder, index, worn), flush=True)


if __name__ == "__main__":
    main()

"""Shards of drawn pictures on disk, and what they show.

`python -m tools.postcard.dataset WORK --square 8 --wide 2 --tall 2` draws the shards that are
missing; each holds 2,000 pictures.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.postcard.scenes import picture
from tools.postcard.spec import Landscape, Product, Spec

SHARD = 2000
SIZES = {"square": (128, 128), "wide": (128, 192), "tall": (192, 128)}
FIRST_SEED = {"square": 10_000_000, "wide": 20_000_000, "tall": 30_000_000}
CHUNK = 50

Bytes = NDArray[np.uint8]


def spec_to_json(spec: Spec) -> dict[str, str]:
    """A flat record of a spec."""
    return {**asdict(spec.subject), "style": spec.style}


def spec_from_json(record: dict[str, str]) -> Spec:
    """The spec of a flat record."""
    fields = {k: v for k, v in record.items() if k != "style"}
    subject = Landscape(**fields) if "place" in fields else Product(**fields)
    return Spec(subject, record["style"])


def _chunk(job: tuple[int, int, int]) -> tuple[Bytes, list[dict[str, str]]]:
    first, height, width = job
    pictures = [picture(first + i, height, width) for i in range(CHUNK)]
    images = np.stack([np.round(p.rgb * 255).astype(np.uint8) for p in pictures])
    return images, [spec_to_json(p.spec) for p in pictures]


def draw_shard(folder: Path, shape: str, index: int, processes: int) -> Path:
    """Draw one shard unless it is there: `<shape>-<index>.npy` uint8 [N,H,W,3] and its specs."""
    path = folder / f"{shape}-{index:03d}.npy"
    if path.exists():
        return path
    height, width = SIZES[shape]
    first = FIRST_SEED[shape] + index * SHARD
    jobs = [(first + i, height, width) for i in range(0, SHARD, CHUNK)]
    with get_context("spawn").Pool(processes) as pool:
        parts = pool.map(_chunk, jobs, chunksize=1)
    path.with_suffix(".json").write_text(json.dumps([r for _, records in parts for r in records]))
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, np.concatenate([images for images, _ in parts]))
    part.rename(path)
    return path


class Shards:
    """The shards of one shape that are on disk now, read as they are asked for."""

    def __init__(self, folder: Path, shape: str) -> None:
        self.folder = folder
        self.shape = shape
        self.images: list[Bytes] = []
        self.specs: list[Spec] = []
        self.refresh()

    def refresh(self) -> None:
        """Take in shards that have appeared since."""
        paths = sorted(self.folder.glob(f"{self.shape}-*.npy"))
        for path in paths[len(self.images) :]:
            self.images.append(np.load(path, mmap_mode="r"))
            self.specs += [spec_from_json(r) for r in json.loads(path.with_suffix(".json").read_text())]

    def __len__(self) -> int:
        return len(self.specs)

    def batch(self, rng: np.random.Generator, count: int) -> tuple[Bytes, list[Spec]]:
        """Random pictures uint8 [count,H,W,3] and their specs."""
        rows = rng.integers(len(self), size=count)
        images = np.stack([self.images[r // SHARD][r % SHARD] for r in rows])
        return images, [self.specs[r] for r in rows]


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the shards that are missing, squares first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    for shape, default in (("square", 8), ("wide", 2), ("tall", 2)):
        parser.add_argument(f"--{shape}", type=int, default=default)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    folder = options.work / "shards"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {shape: getattr(options, shape) for shape in SIZES}
    for index in range(max(wanted.values())):
        for shape in SIZES:
            if index < wanted[shape]:
                draw_shard(folder, shape, index, options.processes)


if __name__ == "__main__":
    main()

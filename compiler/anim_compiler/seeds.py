"""The seed of every frame."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array

MOST_SEED = 2**32 - 1
"""Drawn seeds stay below this, as every sampler's interface takes them."""


def drawn(name: str, place: int = 0) -> int:
    """The seed that stands for -1: from the film's name and the frame, the same in every run.

    It does not come from the film's text, so that an edit changes no frame that it does not touch.
    """
    digest = hashlib.sha256(f"anim seed\0{name}\0{place}".encode()).digest()
    return int.from_bytes(digest[:4], "little")


def seed_column(
    base: Array, mode: str, diffused: Sequence[int], name: str, scheduled: bool
) -> NDArray[np.int64]:
    """int64[frames]: `base` float64[frames] moved on by `mode`; -1 is drawn.

    `n` is the number of diffused frames before a frame. `iter` adds n; `fixed` nothing; `random`
    hashes n; `ladder` goes 0, 2, 1, 3, 2, 4 …; `alternate` 0, 1, 0, 1 … A `scheduled` seed, which
    changes with the frame, is taken as it stands unless a mode is written.
    """
    frames = np.arange(len(base))
    count = np.searchsorted(np.asarray(sorted(diffused)), frames, side="left")
    start = np.floor(base).astype(np.int64)
    for f in np.flatnonzero(start < 0):
        start[f] = drawn(name, int(f) if scheduled else 0)
    match mode:
        case "iter":
            return np.asarray(start + count, dtype=np.int64)
        case "random":
            hashed = [drawn(str(int(s)), int(n) + 1) for s, n in zip(start, count, strict=True)]
            return np.asarray(hashed, dtype=np.int64)
        case "ladder":
            return np.asarray(start + (count + 1) // 2 + (count % 2), dtype=np.int64)
        case "alternate":
            return np.asarray(start + count % 2, dtype=np.int64)
        case _:
            return start
